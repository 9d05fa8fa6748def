#include <catch2/catch.hpp>

#include "libs/protocol/openflow/error_message.h"
#include "libs/protocol/openflow/reasons.h"
#include "libs/protocol/openflow/switch_side_test.h"

using namespace pratique;
using namespace pratique::openflow;
using namespace pratique::openflow::test;

TEST_CASE("openflow errors: names of types and codes", "[openflow]") {
  struct Case {
    std::string_view body, text;
  };
  // The last code of each table, so that a name that was left out shifts it.
  const std::initializer_list<Case> cases = {
      {"0000 0000", "HELLO_FAILED INCOMPATIBLE (0/0)"},
      {"0000 0001 626164200a", "HELLO_FAILED EPERM (0/1): bad ?"},
      {"0001 000a", "BAD_REQUEST IS_SLAVE (1/10)"},
      {"0001 000d", "BAD_REQUEST MULTIPART_BUFFER_OVERFLOW (1/13)"},
      {"0002 000a", "BAD_ACTION MATCH_INCONSISTENT (2/10)"},
      {"0002 000f", "BAD_ACTION BAD_SET_ARGUMENT (2/15)"},
      {"0003 0009", "BAD_INSTRUCTION DUP_INST (3/9)"},
      {"0004 0009", "BAD_MATCH BAD_PREREQ (4/9)"},
      {"0004 000b", "BAD_MATCH EPERM (4/11)"},
      {"0005 0001", "FLOW_MOD_FAILED TABLE_FULL (5/1)"},
      {"0005 0007", "FLOW_MOD_FAILED BAD_FLAGS (5/7)"},
      {"000a 0002", "SWITCH_CONFIG_FAILED EPERM (10/2)"},
      {"000b 0002", "ROLE_REQUEST_FAILED BAD_ROLE (11/2)"},
      {"000e 0008", "BAD_PROPERTY EPERM (14/8)"},
      {"0011 000d", "BUNDLE_FAILED MSG_FAILED (17/13)"},
      {"0011 000f", "BUNDLE_FAILED BUNDLE_IN_PROGRESS (17/15)"},
      {"0004 000c", "BAD_MATCH code 12 (4/12)"},
      {"000c 0001", "METER_MOD_FAILED code 1 (12/1)"},
      {"0012 0001", "type 18 code 1 (18/1)"},
      {"ffff 000f 00002320", "NXBAC_BAD_CONJUNCTION (65535/15)"},
      {"ffff 000f 4f4e4600", "EXPERIMENTER 1330529792 code 15 (65535/15)"},
  };
  for (const auto& each : cases) CHECK(must(parse_error(bytes(each.body))).text() == each.text);
}

TEST_CASE("openflow errors: what was refused, and only its beginning", "[openflow]") {
  auto error = must(parse_error(bytes("0004 0009  05 22 00a8 00000007") + Bytes(160, 0x5a)));
  CHECK(error.refused_type() == MessageType::bundle_add_message);
  CHECK(error.data.size() == kMaxErrorData);
  CHECK_FALSE(must(parse_error(bytes("0004 0009 0522"))).refused_type());
  CHECK_FALSE(must(parse_error(bytes("0000 0000 3132333435363738"))).refused_type());
  for (const auto* body : {"", "00", "0004 00", "ffff 0001", "ffff 0001 000023"})
    CHECK(reason_of(parse_error(bytes(body))) == reason::kMalformed);
  CHECK(encode_hello_failed(3, "no") == bytes("05 01 000e 00000003  0000 0000 6e6f"));
}
