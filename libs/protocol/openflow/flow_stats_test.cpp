#include <catch2/catch.hpp>

#include "libs/protocol/openflow/flow_stats.h"
#include "libs/protocol/openflow/multipart.h"
#include "libs/protocol/openflow/reasons.h"
#include "libs/protocol/openflow/switch_side_test.h"

using namespace pratique;
using namespace pratique::openflow;
using namespace pratique::openflow::test;

namespace {

// length, table, age 1.5 s, priority, timeouts, flags, importance, cookie, packets, bytes, match, goto_table.
const std::string_view kEntry =
    "0048 0a 00 00000001 1dcd6500 0050 003c 0e10 0001 0000 0000 0000000000000007 0000000000000003 00000000000000c0"
    "0001 000c 80000004 00000001 00000000  0001 0008 14000000";

}  // namespace

TEST_CASE("openflow flow statistics: the question, byte for byte", "[openflow]") {
  CHECK(must(encode_flow_query(2, {})) ==
        bytes("05 12 0038 00000002  0001 0000 00000000  ff 000000 ffffffff ffffffff 00000000"
              "0000000000000000 0000000000000000  0001 0004 00000000"));
  CHECK(must(encode_flow_query(2,
                               {.table = 10, .cookie = 7, .cookie_mask = kWholeCookie, .match = Match().in_port(1)})) ==
        bytes("05 12 0040 00000002  0001 0000 00000000  0a 000000 ffffffff ffffffff 00000000"
              "0000000000000007 ffffffffffffffff  0001 000c 80000004 00000001 00000000"));
  CHECK(reason_of(encode_flow_query(2, {.match = Match().tcp_dst(80)})) == reason::kPrerequisiteMissing);
  CHECK(reason_of(encode_flow_query(2, {.match = Match().add(number_value(Field::vlan_vid, 42))})) ==
        reason::kFlowInvalid);
}

TEST_CASE("openflow flow statistics: the answer", "[openflow]") {
  const auto one = bytes(kEntry);
  const auto read = must(parse_flow_stats(one + one));
  REQUIRE(read.size() == 2);
  CHECK(read[0] == FlowStats{.flow = {.table = 10,
                                      .priority = 80,
                                      .match = Match().in_port(1),
                                      .instructions = {.goto_table = 20},
                                      .cookie = 7,
                                      .idle_timeout = 60,
                                      .hard_timeout = 3600,
                                      .send_removed = true},
                             .age = std::chrono::milliseconds(1500),
                             .packets = 3,
                             .bytes = 192});
  CHECK(read[1] == read[0]);
  CHECK(must(parse_flow_stats({})).empty());
  // Counters that are all ones are not kept.
  auto uncounted = one;
  std::fill(uncounted.begin() + 32, uncounted.begin() + 48, std::uint8_t{0xff});
  CHECK_FALSE(must(parse_flow_stats(uncounted)).at(0).packets);
  CHECK_FALSE(must(parse_flow_stats(uncounted)).at(0).bytes);
}

TEST_CASE("openflow flow statistics: what a switch must not send", "[openflow]") {
  const auto one = bytes(kEntry);
  for (std::size_t cut = 1; cut < one.size(); ++cut) {
    INFO(cut);
    CHECK(reason_of(parse_flow_stats(ByteView(one).first(cut))) == reason::kMalformed);
  }
  for (const unsigned length : {0U, 1U, 47U, 55U, 73U}) {
    INFO(length);
    auto wrong = one;
    wrong[1] = static_cast<std::uint8_t>(length);
    CHECK(reason_of(parse_flow_stats(wrong)) == reason::kMalformed);
  }
  CHECK(reason_of(parse_multipart_reply(bytes("0001 0000 000000"))) == reason::kMalformed);
  const auto wire = bytes("0001 0001 00000000 0102");
  const auto part = must(parse_multipart_reply(wire));
  CHECK(part.type == MultipartType::flow);
  CHECK(part.more);
  CHECK(part.body.size() == 2);
}
