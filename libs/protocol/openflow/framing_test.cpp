#include <catch2/catch.hpp>

#include "libs/protocol/openflow/framing.h"
#include "libs/protocol/openflow/reasons.h"
#include "libs/protocol/openflow/switch_side_test.h"

using namespace pratique;
using namespace pratique::openflow;
using namespace pratique::openflow::test;

TEST_CASE("openflow framing: the same messages however the bytes are cut", "[openflow]") {
  const auto stream = message(MessageType::echo_request, 7, "010203") + barrier_reply(8) +
                      message(MessageType::error, 9, "0004 0009 0102030405060708");
  for (std::size_t step = 1; step <= stream.size(); ++step) {
    INFO("pieces of " << step);
    Framer framer;
    std::vector<Message> got;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      framer.push(ByteView(stream).subspan(at, std::min(step, stream.size() - at)));
      while (auto next = must(framer.next())) got.push_back(*next);
    }
    REQUIRE(got.size() == 3);
    CHECK(got[0] == Message{.type = MessageType::echo_request, .xid = 7, .body = {1, 2, 3}});
    CHECK(got[1] == Message{.type = MessageType::barrier_reply, .xid = 8});
    CHECK(got[2].body.size() == 12);
    CHECK(framer.buffered() == 0);
  }
}

TEST_CASE("openflow framing: what a header can have wrong", "[openflow]") {
  struct Case {
    std::string_view what, header, reason;
  };
  const auto check = [](Framer framer, std::initializer_list<Case> cases) {
    for (const auto& each : cases) {
      INFO(each.what);
      auto mine = framer;
      mine.push(bytes(each.header));
      CHECK(reason_of(mine.next()) == each.reason);
    }
  };
  Framer before;  // versions are not agreed
  check(before, {{"any version", "01 00 0008 00000001", ""},
                 {"version zero", "00 00 0008 00000001", reason::kVersionWrong},
                 {"length zero", "05 00 0000 00000001", reason::kLengthInvalid},
                 {"length seven", "05 00 0007 00000001", reason::kLengthInvalid}});
  Framer agreed;
  agreed.require(kVersion, 64);
  check(agreed, {{"version 5", "05 00 0008 00000001", ""},
                 {"version 4", "04 00 0008 00000001", reason::kVersionWrong},
                 {"version 6", "06 00 0008 00000001", reason::kVersionWrong},
                 {"just fits", "05 00 0040 00000001", ""},
                 {"one more", "05 00 0041 00000001", reason::kOversize},
                 {"seven bytes tell nothing", "04 00 0000 000000", ""}});
  // Known from the header alone: a liar is not waited for.
  agreed.push(bytes("05 00 ffff 00000001"));
  CHECK(reason_of(agreed.next()) == reason::kOversize);
}

TEST_CASE("openflow framing: the longest message", "[openflow]") {
  const auto longest = must(encode_message(MessageType::echo_reply, 1, Bytes(kMaxMessageSize - kHeaderSize)));
  CHECK(longest.size() == kMaxMessageSize);
  CHECK(reason_of(encode_message(MessageType::echo_reply, 1, Bytes(kMaxMessageSize - kHeaderSize + 1))) ==
        reason::kMessageTooLarge);
  CHECK(messages(longest).size() == 1);
}
