#include <catch2/catch.hpp>

#include "libs/protocol/openflow/flow_mod.h"
#include "libs/protocol/openflow/prerequisites.h"
#include "libs/protocol/openflow/reasons.h"
#include "libs/protocol/openflow/switch_side_test.h"

using namespace pratique;
using namespace pratique::openflow;
using namespace pratique::openflow::test;

namespace {

Match ip() { return Match().eth_type(kEthIpv4); }
Match ip6() { return Match().eth_type(kEthIpv6); }

std::string judged(const Result<void>& result) { return result ? "" : result.error().message; }
std::string judged(Match match) { return judged(check_prerequisites(match)); }
std::string judged(Match match, std::vector<Action> apply) {
  return judged(check_flow({.match = std::move(match), .instructions = {.apply = std::move(apply)}}));
}

}  // namespace

TEST_CASE("openflow prerequisites: each field, with and without", "[openflow]") {
  const Ipv4Address v4{10, 0, 0, 1};
  const Ipv6Address v6{0x20, 1};
  const MacAddress mac{2};
  // Alone among the good: no field needs anything that is not here.
  CHECK(judged(Match()
                   .in_port(1)
                   .metadata(1)
                   .reg(0, 1)
                   .conj_id(1)
                   .ct_state(1)
                   .ct_zone(1)
                   .ct_mark(1)
                   .eth_dst(mac)
                   .eth_src(mac)
                   .eth_type(5)
                   .vlan(1)) == "");
  CHECK(judged(ip().ip_proto(kIpTcp).ipv4_src(v4).ipv4_dst(v4).tcp_src(1).tcp_dst(1)) == "");
  CHECK(judged(ip6().ip_proto(kIpTcp).ipv6_src(v6).ipv6_dst(v6).tcp_src(1).tcp_dst(1)) == "");
  CHECK(judged(ip6().ip_proto(kIpUdp).udp_src(1).udp_dst(1)) == "");
  CHECK(judged(ip().ip_proto(kIpIcmp).icmpv4_type(8).icmpv4_code(0)) == "");
  CHECK(judged(ip6().ip_proto(kIpIcmpv6).icmpv6_type(135).nd_target(v6).nd_sll(mac)) == "");
  CHECK(judged(ip6().ip_proto(kIpIcmpv6).icmpv6_type(136).icmpv6_code(0).nd_target(v6).nd_tll(mac)) == "");
  CHECK(judged(Match().eth_type(kEthArp).arp_op(1).arp_spa(v4).arp_tpa(v4).arp_sha(mac).arp_tha(mac)) == "");
  CHECK(judged(ip().add(number_value(Field::ip_dscp, 46))) == "");
  CHECK(judged(Match().vlan(1).add(number_value(Field::vlan_pcp, 3))) == "");

  CHECK(judged(Match().ip_proto(6)) == "ip_proto needs eth_type=0x0800 or 0x86dd");
  CHECK(judged(Match().eth_type(kEthArp).ip_proto(6)) == "ip_proto needs eth_type=0x0800 or 0x86dd");
  CHECK(judged(ip6().ipv4_src(v4)) == "ipv4_src needs eth_type=0x0800");
  CHECK(judged(Match().ipv4_dst(v4)) == "ipv4_dst needs eth_type=0x0800");
  CHECK(judged(ip().ipv6_src(v6)) == "ipv6_src needs eth_type=0x86dd");
  CHECK(judged(ip().ipv6_dst(v6)) == "ipv6_dst needs eth_type=0x86dd");
  CHECK(judged(ip().tcp_src(1)) == "tcp_src needs ip_proto=6");
  CHECK(judged(ip().ip_proto(kIpUdp).tcp_dst(80)) == "tcp_dst needs ip_proto=6");
  CHECK(judged(ip().ip_proto(kIpTcp).udp_src(1)) == "udp_src needs ip_proto=17");
  CHECK(judged(ip().udp_dst(1)) == "udp_dst needs ip_proto=17");
  CHECK(judged(Match().ip_proto(kIpTcp).tcp_dst(80)) == "ip_proto needs eth_type=0x0800 or 0x86dd");
  CHECK(judged(ip6().ip_proto(kIpIcmp).icmpv4_type(8)) == "icmpv4_type needs eth_type=0x0800");
  CHECK(judged(ip().icmpv4_code(8)) == "icmpv4_code needs ip_proto=1");
  CHECK(judged(ip().ip_proto(kIpIcmpv6).icmpv6_type(135)) == "icmpv6_type needs eth_type=0x86dd");
  CHECK(judged(ip6().icmpv6_code(1)) == "icmpv6_code needs ip_proto=58");
  CHECK(judged(ip6().ip_proto(kIpIcmpv6).nd_target(v6)) == "nd_target needs icmpv6_type=135 or 136");
  CHECK(judged(ip6().ip_proto(kIpIcmpv6).icmpv6_type(136).nd_sll(mac)) == "nd_sll needs icmpv6_type=135");
  CHECK(judged(ip6().ip_proto(kIpIcmpv6).icmpv6_type(135).nd_tll(mac)) == "nd_tll needs icmpv6_type=136");
  for (auto match :
       {Match().arp_op(1), Match().arp_spa(v4), Match().arp_tpa(v4), Match().arp_sha(mac), Match().arp_tha(mac)})
    CHECK(judged(match.eth_type(kEthIpv4)).ends_with("needs eth_type=0x0806"));
  CHECK(judged(Match().add(number_value(Field::ip_dscp, 46))) == "ip_dscp needs eth_type=0x0800 or 0x86dd");
  CHECK(judged(Match().no_vlan().add(number_value(Field::vlan_pcp, 3))) == "vlan_pcp needs vlan_vid with a VLAN");

  const auto error = check_prerequisites(ip().tcp_dst(80));
  REQUIRE_FALSE(error);
  CHECK(error.error().reason == reason::kPrerequisiteMissing);
  CHECK(error.error().evidence ==
        std::vector<std::pair<std::string, std::string>>{{"field", "tcp_dst"}, {"needs", "ip_proto=6"}});
  // A chain: the error names both ends.
  CHECK(judged(check_prerequisite(Field::tcp_dst, Match().ip_proto(kIpTcp))) ==
        "tcp_dst: ip_proto needs eth_type=0x0800 or 0x86dd");
}

TEST_CASE("openflow flows: values and masks that Open vSwitch does not take", "[openflow]") {
  const auto value = [](Field field, std::uint64_t number, std::optional<std::uint64_t> mask = {}) {
    return judged(Match().add(number_value(field, number, mask)), {});
  };
  CHECK(value(Field::ct_state, 0x21, 0x31) == "");
  CHECK(value(Field::ct_state, 0x100) == "ct_state has a value beyond its 8 bits");
  CHECK(value(Field::ct_state, 0, 0x100) == "ct_state has a mask beyond its 8 bits");
  CHECK(value(Field::vlan_vid, 0x2000) == "vlan_vid has a value beyond its 13 bits");
  CHECK(value(Field::vlan_vid, 42) == "vlan_vid names a VLAN without the bit OFPVID_PRESENT");
  CHECK(value(Field::vlan_vid, 0) == "");
  CHECK(value(Field::in_port, 1, 1) == "in_port cannot be masked");
  CHECK(value(Field::eth_type, kEthIpv4, 0xff00) == "eth_type cannot be masked");
  CHECK(value(Field::conj_id, 1, 1) == "conj_id cannot be masked");
  CHECK(value(Field::ct_zone, 1, 1) == "ct_zone cannot be masked");
}

TEST_CASE("openflow flows: actions that Open vSwitch refuses, and their good brothers", "[openflow]") {
  Ct exec_without_commit = commit_with_mark(1, 7);
  exec_without_commit.commit = false;
  Ct exec_other = commit_with_mark(1, 7);
  exec_other.exec[0] = SetField{number_value(Field::reg0, 1)};
  const Ct track{.recirculate_to = 10};
  const SetField vlan{number_value(Field::vlan_vid, kVlanPresent | 42)};
  const SetField tcp{number_value(Field::tcp_dst, 80)};
  CHECK(judged(ip(), {track}) == "");
  CHECK(judged(ip6(), {track}) == "");
  CHECK(judged(Match(), {track}) == "apply action 0: ct needs eth_type=0x0800 or 0x86dd");
  CHECK(judged(Match().eth_type(kEthArp), {track}) == "apply action 0: ct needs eth_type=0x0800 or 0x86dd");
  CHECK(judged(ip(), {commit_with_mark(1, 7)}) == "");
  CHECK(judged(ip(), {exec_without_commit}) == "apply action 0: ct: exec without commit");
  CHECK(judged(ip(), {exec_other}) == "apply action 0: ct: exec may set ct_mark alone");
  CHECK(judged(ip(), {Ct{.force = true}}) == "apply action 0: ct: force without commit");
  CHECK(judged(ip(), {Ct{.recirculate_to = 255}}) == "apply action 0: ct: no such table to come back to");
  CHECK(judged(ip().ct_state(kCtTracked | kCtInvalid), {Ct{.commit = true}}) ==
        "apply action 0: ct: commit of what ct_state calls invalid");
  CHECK(judged(ip().ct_state(kCtTracked, kCtInvalid), {Ct{.commit = true}}) == "");

  CHECK(judged(Match().vlan(1), {PopVlan{}}) == "");
  CHECK(judged(Match().any_vlan(), {PopVlan{}}) == "");
  CHECK(judged(Match(), {PushVlan{}, vlan, PopVlan{}}) == "");
  CHECK(judged(Match(), {PopVlan{}}) == "apply action 0: pop_vlan needs a match with a VLAN, or a push_vlan before it");
  CHECK(judged(Match().no_vlan(), {PopVlan{}}) != "");
  CHECK(judged(Match().vlan(1), {PopVlan{}, PopVlan{}}).starts_with("apply action 1: pop_vlan"));
  CHECK(judged(Match(), {PushVlan{.eth_type = 0x0800}}) == "apply action 0: push_vlan with no VLAN's eth_type");
  CHECK(judged(Match(), {vlan}) ==
        "apply action 0: set_field: vlan_vid needs a match with a VLAN, or a push_vlan before it");
  CHECK(judged(Match().vlan(1), {SetField{number_value(Field::vlan_vid, 42)}}) ==
        "apply action 0: set_field: vlan_vid without the bit OFPVID_PRESENT");

  CHECK(judged(ip().ip_proto(kIpTcp), {tcp}) == "");
  CHECK(judged(ip(), {tcp}) == "apply action 0: set_field: tcp_dst needs ip_proto=6");
  CHECK(judged(ip().ip_proto(kIpTcp), {SetField{number_value(Field::tcp_dst, 80, 0xff)}}) ==
        "apply action 0: set_field: tcp_dst cannot be set in part");
  CHECK(judged(ip(), {SetField{number_value(Field::in_port, 1)}}) ==
        "apply action 0: set_field: in_port cannot be set");
  CHECK(judged(ip(), {SetField{number_value(Field::ct_mark, 1)}}) ==
        "apply action 0: ct_mark is set by exec of ct alone");

  CHECK(judged(Match(), {Output{1}, Output{kPortInPort}, Output{kPortNormal}, ToController{}}) == "");
  CHECK(judged(Match(), {Output{kPortController}}) == "apply action 0: output to the controller is ToController");
  for (const std::uint32_t port : {0U, kPortAny, kPortMax + 1})
    CHECK(judged(Match(), {Output{port}}).ends_with("which there cannot be"));
}

TEST_CASE("openflow flows: clauses, tables and metadata", "[openflow]") {
  const auto clause = [](unsigned k, unsigned n) {
    return Conjunction{.id = 1, .clause = static_cast<std::uint8_t>(k), .clauses = static_cast<std::uint8_t>(n)};
  };
  const auto flow = [](Instructions instructions, std::uint8_t table = 0) {
    return judged(check_flow({.table = table, .match = ip(), .instructions = std::move(instructions)}));
  };
  const std::string alone = "a flow with conjunction may do nothing else";
  CHECK(flow({.apply = {clause(1, 2), clause(64, 64)}}) == "");
  CHECK(flow({.apply = {clause(1, 2), Output{1}}}) == alone);
  CHECK(flow({.apply = {clause(1, 2)}, .goto_table = 1}) == alone);
  CHECK(flow({.apply = {clause(1, 2)}, .clear_actions = true}) == alone);
  for (const auto& bad : {clause(1, 1), clause(0, 2), clause(3, 2), clause(1, 65)})
    CHECK(flow({.apply = {bad}}) == "apply action 0: conjunction: k/n must be 1 <= k <= n and 2 <= n <= 64");
  const std::string applied = "ct and conjunction are applied, never written into the action set";
  CHECK(flow({.write = {Output{1}}}) == "");
  CHECK(flow({.write = {clause(1, 2)}}) == applied);
  CHECK(flow({.write = {Ct{}}}) == applied);
  CHECK(flow({.write = {Output{0}}}).starts_with("write action 0: output to port 0"));
  CHECK(flow({.goto_table = 11}, 10) == "");
  CHECK(flow({.goto_table = 10}, 10) == "goto_table 10 from table 10: only a later table");
  CHECK(flow({.goto_table = 255}, 10) == "goto_table 255 from table 10: only a later table");
  CHECK(flow({.write_metadata = WriteMetadata{.value = 1, .mask = 3}}) == "");
  for (const auto& bad : {WriteMetadata{.value = 4, .mask = 3}, WriteMetadata{.value = 0, .mask = 0}})
    CHECK(flow({.write_metadata = bad}) == "write_metadata: no mask, or a value beyond it");
}

TEST_CASE("openflow flow-mods: what only a change can have wrong", "[openflow]") {
  const Flow flow{.table = 3, .match = ip(), .instructions = {.apply = {Output{1}}}, .cookie = 5};
  const auto changed = [&](auto&& change) {
    auto mod = add_flow(flow);
    change(mod);
    return judged(check_flow_mod(mod));
  };
  CHECK(changed([](FlowMod&) {}) == "");
  CHECK(changed([](FlowMod& mod) { mod.command = FlowCommand::modify, mod.cookie_mask = 1; }) == "");
  CHECK(changed([](FlowMod& mod) { mod.cookie_mask = 1; }) == "an add has no cookie mask; the switch would ignore it");
  CHECK(changed([](FlowMod& mod) { mod.flow.table = kAllTables; }) == "table 255 is for removing alone");
  CHECK(changed([](FlowMod& mod) { mod.out_port = 1; }) == "out_port is for removing alone");
  CHECK(changed([](FlowMod& mod) { mod.command = FlowCommand::modify, mod.check_overlap = true; }) ==
        "check_overlap is for adding alone");
  CHECK(changed([](FlowMod& mod) { mod.command = FlowCommand::remove; }) == "a remove has no instructions");
  CHECK(changed([](FlowMod& mod) { mod.flow.match.tcp_dst(80); }) == "tcp_dst needs ip_proto=6");
  auto remove = remove_flow(flow);
  CHECK(judged(check_flow_mod(remove)) == "");
  remove.flow.match.tcp_dst(80);
  CHECK(judged(check_flow_mod(remove)) == "tcp_dst needs ip_proto=6");
  CHECK(judged(check_flow_mod(remove_cookie(5))) == "");
}
