#include <catch2/catch.hpp>

#include "libs/protocol/openflow/description.h"
#include "libs/protocol/openflow/features.h"
#include "libs/protocol/openflow/flow_removed.h"
#include "libs/protocol/openflow/packet.h"
#include "libs/protocol/openflow/port.h"
#include "libs/protocol/openflow/reasons.h"
#include "libs/protocol/openflow/role.h"
#include "libs/protocol/openflow/switch_side_test.h"
#include "libs/protocol/openflow/table_stats.h"

using namespace pratique;
using namespace pratique::openflow;
using namespace pratique::openflow::test;

namespace {

/// Each beginning of good bytes is malformed, up to where the rest may be missing.
template <typename Parse>
void cut_short(Parse parse, const Bytes& good, std::size_t needed) {
  for (std::size_t cut = 0; cut < needed; ++cut) {
    INFO("cut to " << cut);
    CHECK(reason_of(parse(ByteView(good).first(cut))) == reason::kMalformed);
  }
}

// Number, length, address, name "p1", config, state, one property of 32 bytes.
const std::string kPort =
    "00000001 0048 0000 020000000001 0000 70310000000000000000000000000000 00000001 00000003"
    "0000 0020 00000000 00000000 00000000 00000000 00000000 00000000 00000000";

}  // namespace

TEST_CASE("openflow: features", "[openflow]") {
  const auto body = bytes("0000 4ad48ee36d41  00000100 fe 00 0000  0000004f 00000000");
  const auto features = must(parse_features(body));
  CHECK(features == Features{.datapath_id = 0x4ad48ee36d41, .buffers = 256, .tables = 254, .capabilities = 0x4f});
  CHECK(features.datapath_text() == "00004ad48ee36d41");
  cut_short(parse_features, body, 24);
}

TEST_CASE("openflow: ports", "[openflow]") {
  const Port port{.number = 1,
                  .name = "p1",
                  .address = {2, 0, 0, 0, 0, 1},
                  .down_by_config = true,
                  .link_down = true,
                  .blocked = true};
  CHECK(must(parse_ports(bytes(kPort + kPort))) == std::vector{port, port});
  CHECK(must(parse_ports({})).empty());
  const auto body = bytes("02 00000000000000" + kPort);
  CHECK(must(parse_port_status(body)) == PortStatus{.change = PortChange::modified, .port = port});
  cut_short(parse_port_status, body, body.size());
  auto other = body;
  other[0] = 3;
  CHECK(reason_of(parse_port_status(other)) == reason::kMalformed);
  auto shorter = bytes(kPort);
  shorter[5] = 39;
  CHECK(reason_of(parse_ports(shorter)) == reason::kMalformed);
  // A name that fills its field, with what may not stand in a log.
  auto named = bytes(kPort);
  std::fill(named.begin() + 16, named.begin() + 32, std::uint8_t{'\n'});
  CHECK(must(parse_ports(named)).at(0).name == "????????????????");
}

TEST_CASE("openflow: flow removed", "[openflow]") {
  const auto body = bytes(
      "0000000000000007 0050 01 0a 00000001 1dcd6500 003c 0e10 0000000000000003 ffffffffffffffff"
      "0001 000c 80000004 00000001 00000000");
  CHECK(must(parse_flow_removed(body)) == FlowRemoved{.table = 10,
                                                      .priority = 80,
                                                      .match = Match().in_port(1),
                                                      .cookie = 7,
                                                      .reason = RemovedReason::hard_timeout,
                                                      .idle_timeout = 60,
                                                      .hard_timeout = 3600,
                                                      .age = std::chrono::milliseconds(1500),
                                                      .packets = 3});
  cut_short(parse_flow_removed, body, body.size());
  auto other = body;
  other[10] = 6;
  CHECK(reason_of(parse_flow_removed(other)) == reason::kMalformed);
}

TEST_CASE("openflow: packets in and out", "[openflow]") {
  const auto body = bytes("ffffffff 0040 01 0a 0000000000000007  0001 000c 80000004 00000003 00000000  0000 010203");
  CHECK(must(parse_packet_in(body)) == PacketIn{.reason = PacketInReason::apply_action,
                                                .table = 10,
                                                .cookie = 7,
                                                .total_length = 64,
                                                .context = Match().in_port(3),
                                                .data = {1, 2, 3}});
  cut_short(parse_packet_in, body, body.size() - 3);
  auto other = body;
  other[6] = 6;
  CHECK(reason_of(parse_packet_in(other)) == reason::kMalformed);

  CHECK(must(encode_packet_out(1, {.actions = {Output{2}}, .data = {1, 2, 3}})) ==
        bytes("05 0d 002b 00000001  ffffffff fffffffd 0010 000000000000"
              "0000 0010 00000002 0000 000000000000  010203"));
  CHECK(reason_of(encode_packet_out(1, {.actions = std::vector<Action>(4200, Output{2})})) == reason::kMessageTooLarge);
}

TEST_CASE("openflow: tables, roles, description", "[openflow]") {
  const auto table = bytes("0a 000000 00000003 0000000000000004 0000000000000005");
  CHECK(must(parse_table_stats(table + table)) ==
        std::vector<TableStats>(2, {.table = 10, .flows = 3, .lookups = 4, .matches = 5}));
  CHECK(reason_of(parse_table_stats(ByteView(table).first(23))) == reason::kMalformed);

  CHECK(must(encode_role_request(1, {.role = RoleKind::master, .generation = 3})) ==
        bytes("05 18 0018 00000001  00000002 00000000 0000000000000003"));
  const auto role = bytes("00000003 00000000 0000000000000004");
  CHECK(must(parse_role_reply(role)) == Role{.role = RoleKind::slave, .generation = 4});
  cut_short(parse_role_reply, role, role.size());
  CHECK(reason_of(parse_role_reply(bytes("00000004 00000000 0000000000000004"))) == reason::kMalformed);

  Bytes text(1056);
  const auto put = [&](std::ptrdiff_t at, std::string_view word) { std::ranges::copy(word, text.begin() + at); };
  put(0, "Nicira, Inc.");
  put(256, "Open vSwitch");
  put(512, "3.1\x1b[0m");
  put(768, "None");
  CHECK(must(parse_description(text)) == Description{.manufacturer = "Nicira, Inc.",
                                                     .hardware = "Open vSwitch",
                                                     .software = "3.1?[0m",
                                                     .serial_number = "None"});
  CHECK(reason_of(parse_description(ByteView(text).first(1055))) == reason::kMalformed);
}
