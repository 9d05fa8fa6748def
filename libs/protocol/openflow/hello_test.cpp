#include <catch2/catch.hpp>

#include "libs/protocol/openflow/hello.h"
#include "libs/protocol/openflow/reasons.h"
#include "libs/protocol/openflow/switch_side_test.h"

using namespace pratique;
using namespace pratique::openflow;
using namespace pratique::openflow::test;

TEST_CASE("openflow hello: ours, byte for byte", "[openflow]") {
  CHECK(encode_hello(1) == bytes("05 00 0010 00000001  0001 0008 00000020"));
}

TEST_CASE("openflow hello: with whom we agree", "[openflow]") {
  struct Case {
    std::string_view what, hello, reason;
  };
  const std::initializer_list<Case> cases = {
      {"Open vSwitch: up to 1.5", "06 00 0010 00000001  0001 0008 0000007e", ""},
      {"1.4 alone", "05 00 0010 00000001  0001 0008 00000020", ""},
      {"two words", "06 00 0018 00000001  0001 000c 00000020 00000001 00000000", ""},
      {"no bitmap, 1.4", "05 00 0008 00000001", ""},
      {"no bitmap, 1.5: it will come down", "06 00 0008 00000001", ""},
      {"an element of a later time before it", "06 00 0018 00000001  00ff 0006 0102 0000  0001 0008 00000020", ""},
      {"no bitmap, 1.3", "04 00 0008 00000001", reason::kNoCommonVersion},
      {"1.3 alone", "04 00 0010 00000001  0001 0008 00000010", reason::kNoCommonVersion},
      {"1.5 alone, though its header is higher than ours", "06 00 0010 00000001  0001 0008 00000040",
       reason::kNoCommonVersion},
      {"none at all", "06 00 0010 00000001  0001 0008 00000000", reason::kNoCommonVersion},
      {"37, which is bit 5 of the second word", "06 00 0018 00000001  0001 000c 00000000 00000020 00000000",
       reason::kNoCommonVersion},
      {"two bitmaps", "06 00 0018 00000001  0001 0008 00000020 0001 0008 00000020", reason::kMalformed},
      {"an empty bitmap", "06 00 0010 00000001  0001 0004 00000000", reason::kMalformed},
      {"half a word", "06 00 0010 00000001  0001 0006 00000000", reason::kMalformed},
      {"an element shorter than its header", "06 00 0010 00000001  0001 0003 00000020", reason::kMalformed},
      {"an element beyond the message", "06 00 0010 00000001  0001 0009 00000020", reason::kMalformed},
      {"half a header", "06 00 000a 00000001  0001", reason::kMalformed},
  };
  for (const auto& each : cases) {
    INFO(each.what);
    const auto parsed = parse_hello(messages(bytes(each.hello)).at(0));
    CHECK((parsed ? reason_of(negotiate(*parsed)) : parsed.error().reason) == each.reason);
  }
}

TEST_CASE("openflow hello: a refusal says what was offered", "[openflow]") {
  const auto refused = negotiate({.version = 6, .bitmaps = {0x52, 1}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "we speak OpenFlow version 5 (1.4); the switch offers 1, 4, 6, 32");
}
