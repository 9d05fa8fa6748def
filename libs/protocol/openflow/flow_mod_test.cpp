#include <catch2/catch.hpp>

#include "libs/protocol/openflow/bundle_message.h"
#include "libs/protocol/openflow/flow_mod.h"
#include "libs/protocol/openflow/reasons.h"
#include "libs/protocol/openflow/switch_side_test.h"

using namespace pratique;
using namespace pratique::openflow;
using namespace pratique::openflow::test;

TEST_CASE("openflow flow-mod: byte for byte", "[openflow]") {
  const Flow flow{.table = 10,
                  .priority = 80,
                  .match = Match().eth_type(kEthIpv4).ct_state(kCtTracked | kCtNew),
                  .instructions = {.apply = {commit_with_mark(1, 7)}, .goto_table = 20},
                  .cookie = 7,
                  .idle_timeout = 60,
                  .hard_timeout = 3600,
                  .send_removed = true};
  CHECK(must(encode_flow_mod(9, add_flow(flow))) ==
        bytes("05 0e 0080 00000009"
              "0000000000000007 0000000000000000"  // cookie, its mask
              "0a 00 003c 0e10 0050"               // table, add, timeouts, priority
              "ffffffff ffffffff ffffffff"         // no buffer, any port, any group
              "0001 0000"                          // send_flow_rem, importance
              "0001 0016 0001d308 00000021 00000021 80000a02 0800 0000"
              "0004 0030 00000000"
              "ffff 0028 00002320 0023 0001 00000000 0001 ff 000000 0000 0019 0010 0001d604 00000007 00000000"
              "0001 0008 14000000"));
  CHECK(must(encode_flow_mod(1, remove_cookie(7))) ==
        bytes("05 0e 0038 00000001 0000000000000007 ffffffffffffffff ff 03 0000 0000 8000"
              "ffffffff ffffffff ffffffff 0000 0000 0001 0004 00000000"));
  const auto removed = messages(must(encode_flow_mod(1, remove_flow(flow)))).at(0);
  const auto parsed = must(parse_flow_mod(removed.body));
  CHECK(parsed.command == FlowCommand::remove_strict);
  CHECK(parsed.flow == Flow{.table = 10, .priority = 80, .match = flow.match});
}

TEST_CASE("openflow flow-mod: there and back", "[openflow]") {
  FlowMod mod{.command = FlowCommand::add,
              .flow = {.table = 1,
                       .priority = 2,
                       .match = Match().in_port(3).any_vlan(),
                       .instructions = {.apply = {PopVlan{}, Output{kPortNormal}}, .write = {ToController{}}},
                       .cookie = 0x0102030405060708,
                       .idle_timeout = 4,
                       .hard_timeout = 5,
                       .importance = 6,
                       .send_removed = true,
                       .no_packet_counts = true,
                       .no_byte_counts = true},
              .check_overlap = true,
              .reset_counts = true};
  const auto wire = messages(must(encode_flow_mod(1, mod))).at(0);
  CHECK(must(parse_flow_mod(wire.body)) == mod);
  for (std::size_t cut = 0; cut < 48; ++cut) CHECK_FALSE(parse_flow_mod(ByteView(wire.body).first(cut)));
  auto other = wire.body;
  other[17] = 5;  // command
  CHECK(reason_of(parse_flow_mod(other)) == reason::kMalformed);
}

TEST_CASE("openflow flow-mod: no more than a message holds", "[openflow]") {
  Flow flow{.match = Match().in_port(1)};
  flow.instructions.apply.assign(4000, Output{2});
  CHECK(encode_flow_mod(1, add_flow(flow)));
  flow.instructions.apply.assign(4100, Output{2});
  CHECK(reason_of(encode_flow_mod(1, add_flow(flow))) == reason::kMessageTooLarge);
}

TEST_CASE("openflow bundle messages: byte for byte", "[openflow]") {
  Writer out;
  write_bundle_control(out, 3, {.id = 1, .type = BundleControlType::commit_request});
  CHECK(out.take() == bytes("05 21 0010 00000003  00000001 0004 0003"));
  const auto start = start_bundle_add(out, 4, 1);
  const auto inner = start_message(out, MessageType::barrier_request, 4);
  must(finish_message(out, inner));
  must(finish_message(out, start));
  CHECK(out.take() == bytes("05 22 0018 00000004  00000001 0000 0003  05 14 0008 00000004"));
  CHECK(must(parse_bundle_control(bytes("00000001 0005 0003"))) ==
        BundleControl{.id = 1, .type = BundleControlType::commit_reply});
  CHECK(reason_of(parse_bundle_control(bytes("00000001 0008 0003"))) == reason::kMalformed);
  CHECK(reason_of(parse_bundle_control(bytes("00000001 0005 00"))) == reason::kMalformed);
}
