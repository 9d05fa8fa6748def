// Against a real Open vSwitch: what we say is understood, what it keeps is what we meant.
#include <catch2/catch.hpp>

#include <algorithm>

#include "libs/base/hex.h"
#include "libs/protocol/openflow/ovs_world_test.h"

using namespace pratique;
using namespace pratique::openflow;
using pratique::openflow::test::Line;
using pratique::openflow::test::Switch;
using pratique::openflow::test::why_no_switch;

namespace {

template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().reason + ": " + result.error().message);
  return *std::move(result);
}

Ipv4Address ipv4(unsigned third, unsigned fourth) {
  return {10, 9, static_cast<std::uint8_t>(third), static_cast<std::uint8_t>(fourth)};
}
Ipv6Address ipv6(std::uint8_t last) { return {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last}; }
constexpr MacAddress kMac{0x02, 0, 0, 0, 0, 0x07};

/// A flow, and how ovs-ofctl writes it.
struct Twin {
  Flow flow;
  std::string text;
};

/// As printf's %x writes it.
std::string hex(std::uint64_t number) {
  Writer out;
  out.u64(number);
  const auto digits = hex_encode(out.view());
  return digits.substr(std::min(digits.find_first_not_of('0'), digits.size() - 1));
}

Twin twin(Flow flow, const std::string& match, const std::string& actions) {
  std::string text;
  if (flow.cookie != 0) text += "cookie=0x" + hex(flow.cookie) + ", ";
  if (flow.table != 0) text += "table=" + std::to_string(flow.table) + ", ";
  if (flow.idle_timeout != 0) text += "idle_timeout=" + std::to_string(flow.idle_timeout) + ", ";
  if (flow.hard_timeout != 0) text += "hard_timeout=" + std::to_string(flow.hard_timeout) + ", ";
  if (flow.send_removed) text += "send_flow_rem ";
  text += "priority=" + std::to_string(flow.priority) + "," + match + " actions=" + actions;
  return {std::move(flow), std::move(text)};
}

/// One of every kind that enforcement needs.
std::vector<Twin> one_of_each() {
  std::vector<Twin> out;
  const auto add = [&](Flow flow, const std::string& match, const std::string& actions) {
    out.push_back(twin(std::move(flow), match, actions));
  };
  const Ct track{.zone = 1, .recirculate_to = 10};
  add({.priority = 60000, .match = Match().eth_type(kEthEapol)}, "dl_type=0x888e", "drop");
  add({.priority = 200,
       .match = Match().in_port(1).eth_src(kMac).eth_type(kEthIpv4).ipv4_src(ipv4(0, 1)),
       .instructions = {.apply = {track}},
       .cookie = 7},
      "ip,in_port=1,dl_src=02:00:00:00:00:07,nw_src=10.9.0.1", "ct(table=10,zone=1)");
  add({.priority = 200,
       .match = Match().in_port(1).eth_src(kMac).eth_type(kEthIpv6).ipv6_src(ipv6(1)),
       .instructions = {.apply = {track}},
       .cookie = 7},
      "ipv6,in_port=1,dl_src=02:00:00:00:00:07,ipv6_src=2001:db8::1", "ct(table=10,zone=1)");
  add({.priority = 200,
       .match = Match().in_port(1).eth_type(kEthArp).arp_op(1).arp_spa(ipv4(0, 1)).arp_sha(kMac),
       .instructions = {.goto_table = 20},
       .cookie = 7},
      "arp,in_port=1,arp_spa=10.9.0.1,arp_op=1,arp_sha=02:00:00:00:00:07", "goto_table:20");
  add({.priority = 150,
       .match =
           Match().in_port(1).eth_type(kEthIpv6).ip_proto(kIpIcmpv6).icmpv6_type(135).nd_target(ipv6(9)).nd_sll(kMac),
       .instructions = {.apply = {Output{kPortNormal}}}},
      "icmp6,in_port=1,icmp_type=135,nd_target=2001:db8::9,nd_sll=02:00:00:00:00:07", "NORMAL");
  add({.table = 10, .priority = 100, .match = Match().eth_type(kEthIpv4).ct_state(kCtTracked | kCtInvalid)},
      "ct_state=+inv+trk,ip", "drop");
  add({.table = 10,
       .priority = 90,
       .match = Match().eth_type(kEthIpv4).ct_state(kCtTracked | kCtEstablished, kCtNew | kCtInvalid).ct_mark(7),
       .instructions = {.goto_table = 20},
       .cookie = 7},
      "ct_state=-new+est-inv+trk,ct_mark=0x7,ip", "goto_table:20");
  add({.table = 10,
       .priority = 80,
       .match = Match()
                    .eth_type(kEthIpv4)
                    .ip_proto(kIpTcp)
                    .ct_state(kCtTracked | kCtNew)
                    .ipv4_dst(ipv4(4, 0), prefix_mask<4>(22))
                    .tcp_dst(0x1bb0, 0xfff0),
       .instructions = {.apply = {commit_with_mark(1, 7)}, .goto_table = 20},
       .cookie = 7},
      "ct_state=+new+trk,tcp,nw_dst=10.9.4.0/22,tp_dst=0x1bb0/0xfff0",
      "ct(commit,zone=1,exec(set_field:0x7->ct_mark)),goto_table:20");
  add({.table = 10,
       .priority = 80,
       .match = Match()
                    .eth_type(kEthIpv6)
                    .ip_proto(kIpUdp)
                    .ct_state(kCtTracked | kCtNew)
                    .ipv6_dst(ipv6(0), prefix_mask<16>(64))
                    .udp_src(68),
       .instructions = {.apply = {commit_with_mark(65535, 0xffffffff)}, .goto_table = 20}},
      "ct_state=+new+trk,udp6,ipv6_dst=2001:db8::/64,tp_src=68",
      "ct(commit,zone=65535,exec(set_field:0xffffffff->ct_mark)),goto_table:20");
  add({.table = 10,
       .priority = 80,
       .match =
           Match().eth_type(kEthIpv4).ip_proto(kIpIcmp).icmpv4_type(8).icmpv4_code(0).ct_zone(3).reg(5, 6, 7).metadata(
               0x100, 0xf00),
       .instructions = {.write_metadata = WriteMetadata{.value = 0x20, .mask = 0xf0}, .goto_table = 11}},
      "ct_zone=3,icmp,reg5=0x6/0x7,metadata=0x100/0xf00,icmp_type=8,icmp_code=0",
      "write_metadata:0x20/0xf0,goto_table:11");
  add({.table = 20,
       .priority = 10,
       .match = Match().vlan(42).eth_dst(kMac),
       .instructions = {.apply = {PopVlan{}, Output{1}, Output{kPortInPort}, Output{kPortLocal}}},
       .idle_timeout = 60,
       .hard_timeout = 3600,
       .send_removed = true},
      "dl_vlan=42,dl_dst=02:00:00:00:00:07", "pop_vlan,output:1,IN_PORT,LOCAL");
  add({.table = 20,
       .priority = 9,
       .match = Match().no_vlan().eth_dst({1, 0, 0, 0, 0, 0}, {1, 0, 0, 0, 0, 0}),
       .instructions = {.apply = {PushVlan{}, SetField{number_value(Field::vlan_vid, kVlanPresent | 42)}, Output{2},
                                  ToController{128}},
                        .clear_actions = true,
                        .write = {Output{3}}}},
      "vlan_tci=0x0000/0x1fff,dl_dst=01:00:00:00:00:00/01:00:00:00:00:00",
      "push_vlan:0x8100,set_field:4138->vlan_vid,output:2,CONTROLLER:128,clear_actions,write_actions(output:3)");
  add({.table = 20, .priority = 8, .match = Match().any_vlan()}, "vlan_tci=0x1000/0x1000", "drop");
  return out;
}

/// Sources x destinations x ports by clauses, and the flow that they lead to (ovs-fields(7), conjunctive match).
void add_conjunction(std::vector<Twin>& out, std::uint32_t id, std::uint16_t priority, unsigned sources,
                     unsigned destinations) {
  const auto name = std::to_string(id);
  const auto base = [] { return Match().eth_type(kEthIpv4).ct_state(kCtTracked | kCtNew); };
  const auto clause = [&](Match match, const std::string& text, std::uint8_t number) {
    out.push_back(twin({.table = 10,
                        .priority = priority,
                        .match = std::move(match),
                        .instructions = {.apply = {Conjunction{.id = id, .clause = number, .clauses = 2}}},
                        .cookie = id},
                       "ct_state=+new+trk,ip," + text, "conjunction(" + name + "," + std::to_string(number) + "/2)"));
  };
  for (unsigned i = 0; i < sources; ++i) {
    const auto n = std::to_string(i / 250) + "." + std::to_string(i % 250);
    clause(base().ipv4_src(ipv4(i / 250, i % 250)), "nw_src=10.9." + n, 1);
  }
  for (unsigned i = 0; i < destinations; ++i) {
    const auto n = std::to_string(128 + i / 250) + "." + std::to_string(i % 250);
    clause(base().ipv4_dst(ipv4(128 + i / 250, i % 250)), "nw_dst=10.9." + n, 2);
  }
  out.push_back(twin({.table = 10,
                      .priority = priority,
                      .match = Match().eth_type(kEthIpv4).conj_id(id),
                      .instructions = {.apply = {commit_with_mark(1, id)}, .goto_table = 20},
                      .cookie = id},
                     "conj_id=" + name + ",ip",
                     "ct(commit,zone=1,exec(set_field:0x" + hex(id) + "->ct_mark)),goto_table:20"));
}

std::vector<Flow> sorted_flows(std::vector<FlowStats> read) {
  std::vector<Flow> flows;
  for (auto& each : read) flows.push_back(std::move(each.flow));
  std::ranges::sort(flows);
  return flows;
}

}  // namespace

#define SWITCH_OR_SKIP()                                \
  if (const auto why = why_no_switch(); !why.empty()) { \
    WARN("skipped: " << why);                           \
    return;                                             \
  }

TEST_CASE("openflow: a real Open vSwitch keeps what we meant", "[openflow][ovs]") {
  SWITCH_OR_SKIP();
  const Switch ovs;
  Line line(ovs.at("br0.mgmt"));
  const auto connected = line.wait<Connected>();
  CHECK("\"" + connected.features.datapath_text() + "\"\n" == ovs.vsctl({"get", "bridge", "br0", "datapath_id"}));
  CHECK(connected.features.tables == 254);

  auto twins = one_of_each();
  add_conjunction(twins, 1234, 70, 500, 480);
  add_conjunction(twins, 77, 71, 3, 2);
  REQUIRE(twins.size() == 1000);
  std::vector<FlowMod> mods;
  std::vector<Flow> ours;
  std::vector<std::string> texts;
  for (const auto& each : twins) {
    mods.push_back(add_flow(each.flow));
    ours.push_back(each.flow);
    texts.push_back(each.text);
  }
  std::ranges::sort(ours);
  std::ranges::sort(texts);
  const auto id = must(line.session.start_bundle(mods));
  const auto over = line.wait<BundleOver>();
  CHECK(over.id == id);
  for (const auto& refusal : over.outcome.refusals) CHECK(refusal.text() == "");
  REQUIRE(over.outcome.committed);

  // Our own reading gives the same flows, in canonical form.
  must(line.session.ask_flows({}));
  const auto read = sorted_flows(line.wait<FlowsRead>().flows);
  REQUIRE(read.size() == ours.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    INFO(ours[i].match.text() << " against " << read[i].match.text());
    CHECK(read[i] == ours[i]);
  }
  // Another program reads the same.
  const auto dumped = ovs.dump_flows();
  std::vector<std::string> missing, foreign;
  std::ranges::set_difference(texts, dumped, std::back_inserter(missing));
  std::ranges::set_difference(dumped, texts, std::back_inserter(foreign));
  CHECK(missing == std::vector<std::string>());
  CHECK(foreign == std::vector<std::string>());

  // A device by its cookie: read, counted by table, removed in a bundle.
  must(line.session.ask_flows({.cookie = 7, .cookie_mask = kWholeCookie}));
  CHECK(line.wait<FlowsRead>().flows.size() == 6 - 1);
  must(line.session.ask_flows({.table = 20}));
  CHECK(line.wait<FlowsRead>().flows.size() == 3);
  must(line.session.ask_flows({.table = 10, .match = Match().eth_type(kEthIpv4).conj_id(77)}));
  CHECK(line.wait<FlowsRead>().flows.size() == 1);
  must(line.session.ask_tables());
  const auto tables = line.wait<TablesRead>().tables;
  REQUIRE(tables.size() == 254);
  CHECK(tables[20].flows == 3);
  CHECK(tables[21].flows == 0);
  const std::vector revoke{remove_cookie(7), remove_flow(twins[0].flow)};
  must(line.session.start_bundle(revoke));
  CHECK(line.wait<BundleOver>().outcome.committed);
  CHECK(ovs.dump_flows().size() == 1000 - 5 - 1);
}

TEST_CASE("openflow: a real Open vSwitch refuses one flow, and nothing is left of the bundle", "[openflow][ovs]") {
  SWITCH_OR_SKIP();
  const Switch ovs;
  Line line(ovs.at("br0.mgmt"));
  line.wait<Connected>();
  const auto kept =
      add_flow({.priority = 1, .match = {}, .instructions = {.apply = {Output{kPortNormal}}}, .cookie = 5});
  must(line.session.start_bundle(std::vector{kept}));
  REQUIRE(line.wait<BundleOver>().outcome.committed);

  std::vector<FlowMod> mods;
  for (std::uint16_t i = 0; i < 50; ++i)
    mods.push_back(add_flow({.priority = static_cast<std::uint16_t>(100 + i), .match = Match().in_port(1)}));
  mods.push_back(remove_cookie(5));
  struct Bad {
    std::string_view what;
    FlowMod mod;
    std::string_view error;
    BundleState during;
  };
  // Our own check would stop the first two; an opaque term carries them past it.
  const std::vector<Bad> bads{
      {"a port without a protocol", add_flow({.match = Match().add(OpaqueField{0x80001c02, {0, 80}})}),
       "BAD_MATCH BAD_PREREQ (4/9)", BundleState::filling},
      {"a field twice", add_flow({.match = Match().in_port(1).add(OpaqueField{0x80000004, {0, 0, 0, 2}})}),
       "BAD_MATCH DUP_FIELD (4/10)", BundleState::filling},
      {"an unknown action", add_flow({.match = {}, .instructions = {.apply = {OpaqueAction{99, {0, 0, 0, 0}}}}}),
       "BAD_ACTION BAD_TYPE (2/0)", BundleState::filling},
      {"an unknown instruction",
       add_flow({.match = {}, .instructions = {.opaque = {OpaqueInstruction{99, {0, 0, 0, 0}}}}}),
       "BAD_INSTRUCTION UNKNOWN_INST (3/0)", BundleState::filling},
      {"the table that is the switch's own", add_flow({.table = 254, .match = {}}), "BAD_REQUEST EPERM (1/5)",
       BundleState::filling},
      {"an overlap",
       {.flow = {.priority = 1, .match = Match().eth_src(kMac)}, .check_overlap = true},
       "FLOW_MOD_FAILED OVERLAP (5/3)",
       BundleState::committing},
  };
  for (const auto& bad : bads) {
    INFO(bad.what);
    auto with_bad = mods;
    with_bad.insert(with_bad.begin() + 17, bad.mod);
    must(line.session.start_bundle(with_bad));
    const auto outcome = line.wait<BundleOver>().outcome;
    CHECK_FALSE(outcome.committed);
    REQUIRE(!outcome.refusals.empty());
    CHECK(outcome.refusals[0].flow_mod == 17U);
    CHECK(outcome.refusals[0].error.text() == bad.error);
    CHECK(outcome.refusals[0].during == bad.during);
    CHECK(outcome.refusals[0].error.refused_type().has_value());
    // Neither the fifty good ones nor the removal took place.
    CHECK(ovs.dump_flows() == std::vector<std::string>{"cookie=0x5, priority=1 actions=NORMAL"});
  }
  // Two bad ones: both are named. And the session goes on.
  auto two = mods;
  two[3] = bads[0].mod;
  two[40] = bads[2].mod;
  must(line.session.start_bundle(two));
  const auto outcome = line.wait<BundleOver>().outcome;
  REQUIRE(outcome.refusals.size() == 2);
  CHECK(outcome.refusals[0].flow_mod == 3U);
  CHECK(outcome.refusals[1].flow_mod == 40U);
  must(line.session.start_bundle(mods));
  CHECK(line.wait<BundleOver>().outcome.committed);
  CHECK(ovs.dump_flows().size() == 50);
}

TEST_CASE("openflow: a real Open vSwitch tells of ports, flows and packets", "[openflow][ovs]") {
  SWITCH_OR_SKIP();
  const Switch ovs;
  Line line(ovs.at("br0.mgmt"));
  line.wait<Connected>();
  must(line.session.hear_events());
  must(line.session.ask_barrier());
  line.wait<BarrierPassed>();
  ovs.vsctl({"add-port", "br0", "p1", "--", "set", "interface", "p1", "type=dummy", "ofport_request=1"});
  const auto added = line.wait<PortStatus>();
  CHECK(added.change == PortChange::added);
  CHECK(added.port.number == 1);
  CHECK(added.port.name == "p1");
  CHECK_FALSE(added.port.link_down);
  ovs.vsctl({"add-port", "br0", "p2", "--", "set", "interface", "p2", "type=dummy", "ofport_request=2"});
  line.wait<PortStatus>();
  must(line.session.ask_ports());
  const auto ports = line.wait<PortsRead>().ports;
  REQUIRE(ports.size() == 3);
  CHECK(std::ranges::any_of(ports, [](const Port& port) { return port.number == kPortLocal && port.name == "br0"; }));
  must(line.session.ask_description());
  CHECK(line.wait<DescriptionRead>().description.hardware == "Open vSwitch");
  must(line.session.ask_echo());
  line.wait<Echoed>();

  Flow up{.priority = 5,
          .match = Match().in_port(1),
          .instructions = {.apply = {ToController{}}},
          .cookie = 0xbeef,
          .send_removed = true};
  must(line.session.send_flow_mod(add_flow(up)));
  must(line.session.ask_barrier());
  line.wait<BarrierPassed>();
  CHECK(line.session.pending() == 0);
  const std::string frame =
      "ffffffffffff020000000007"
      "88b5" +
      std::string(92, '0');
  ovs.appctl({"netdev-dummy/receive", "p1", frame});
  const auto heard = line.wait<PacketIn>();
  CHECK(heard.reason == PacketInReason::apply_action);
  CHECK(heard.cookie == 0xbeef);
  CHECK(heard.context.exact_number(Field::in_port) == 1U);
  CHECK(hex_encode(heard.data) == frame);
  // Out of the flow table and back to us: as if it had come in at port 1.
  must(line.session.send_packet_out({.in_port = 1, .actions = {Output{kPortTable}}, .data = heard.data}));
  CHECK(line.wait<PacketIn>().data == heard.data);
  must(line.session.send_packet_out({.in_port = 1, .actions = {OpaqueAction{99, {0, 0, 0, 0}}}, .data = heard.data}));
  CHECK(line.wait<Refused>().error.text() == "BAD_ACTION BAD_TYPE (2/0)");

  must(line.session.send_flow_mod(remove_cookie(0xbeef)));
  const auto removed = line.wait<FlowRemoved>();
  CHECK(removed.reason == RemovedReason::removed);
  CHECK(removed.cookie == 0xbeef);
  CHECK(removed.match == up.match);
  CHECK(removed.packets == 2U);
  must(line.session.ask_role({.role = RoleKind::master, .generation = 3}));
  CHECK(line.wait<RoleGiven>().role == Role{.role = RoleKind::master, .generation = 3});
  must(line.session.ask_role({.role = RoleKind::master, .generation = 2}));
  CHECK(line.wait<Refused>().error.text() == "ROLE_REQUEST_FAILED STALE (11/0)");
  ovs.vsctl({"del-port", "br0", "p2"});
  auto gone = line.wait<PortStatus>();
  while (gone.change != PortChange::removed) gone = line.wait<PortStatus>();
  CHECK(gone.port.number == 2);
}
