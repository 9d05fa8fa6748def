// The table of README.md, as values.
#include <catch2/catch.hpp>

#include <set>

#include "services/network/adapters/ovs/rules.h"

using namespace pratique;
using namespace pratique::network;
using openflow::Flow;
using openflow::Match;

namespace {

MacAddress mac(std::uint8_t first, std::uint8_t last) { return MacAddress({first, 0, 0, 0, 0, last}); }
PortPlan plan_of(std::vector<MacAddress> macs) {
  PortPlan plan{.port = "p1", .vlan = 42};
  for (const auto& each : macs) plan.stations.push_back({each, {}});
  return plan;
}
OnboardingAccess access() {
  return {.services = {{*IpAddress::parse("192.0.2.10"), 8443},
                       {*IpAddress::parse("192.0.2.10"), 9443},
                       {*IpAddress::parse("2001:db8::10"), 8443}}};
}
openflow::Instructions normal() { return {.apply = {openflow::Output{openflow::kPortNormal}}}; }

}  // namespace

TEST_CASE("ovs rules: a switch takes each, and none stands twice", "[ovs]") {
  auto all = shared_rules(access());
  for (const auto& plan : {plan_of({}), plan_of({mac(2, 1), mac(4, 1), mac(2, 1)}),
                           PortPlan{.role = PortRole::service, .vlan = 7}, PortPlan{.role = PortRole::uplink}}) {
    const auto rules = port_rules(plan, 65279);
    CHECK(rules.size() == (plan.stations.empty() ? 1 : 2));
    all.insert(all.end(), rules.begin(), rules.end());
  }
  std::set<std::tuple<std::uint8_t, std::uint16_t, Match>> places;
  for (const auto& rule : all) {
    INFO(text_of(rule));
    CHECK(openflow::check_flow(rule));
    CHECK(in_our_tables(rule));
    CHECK(places.insert({rule.table, rule.priority, rule.match}).second);
    CHECK(rule.idle_timeout == 0);
    CHECK(rule.hard_timeout == 0);
  }
  // Nothing of the onboarding table opens more than it says: each names a protocol.
  for (const auto& rule : shared_rules(access())) CHECK(rule.match.exact_number(openflow::Field::eth_type).has_value());
  CHECK(shared_rules({}).size() == 2 + 4 + 4);
  CHECK(shared_rules({.dhcp = false, .mdns = false}).size() == 2 + 4);
  CHECK(shared_rules(access()).size() == 2 + 4 + 4 + 3 + 2);
}

TEST_CASE("ovs rules: cookies tell kinds, ports and stations apart", "[ovs]") {
  std::set<std::uint64_t> seen;
  for (const auto kind : {RuleKind::guard, RuleKind::onboarding, RuleKind::uplink, RuleKind::service, RuleKind::closed,
                          RuleKind::station})
    for (const std::uint32_t port : {0U, 1U, 0xfffU, 0x1000U, 65279U})
      for (const auto& station : {MacAddress(), mac(2, 1), mac(2, 2), MacAddress({2, 0xff, 0xff, 0xff, 0xff, 0xff})})
        CHECK(seen.insert(cookie_of(kind, port, station)).second);
  // Two addresses with five octets in common: the query names the whole address beside the cookie.
  CHECK(cookie_of(RuleKind::station, 1, mac(2, 1)) == cookie_of(RuleKind::station, 1, mac(4, 1)));
  CHECK(rules_of_station(1, mac(2, 1)).match != rules_of_station(1, mac(4, 1)).match);
  // Wherever it is: every port has the same cookie under the mask.
  const auto anywhere = rules_of_station(0, mac(2, 1));
  for (const std::uint32_t port : {1U, 65279U})
    CHECK((cookie_of(RuleKind::station, port, mac(2, 1)) & anywhere.cookie_mask) ==
          (anywhere.cookie & anywhere.cookie_mask));
  CHECK((cookie_of(RuleKind::closed, 1) & anywhere.cookie_mask) != (anywhere.cookie & anywhere.cookie_mask));
}

TEST_CASE("ovs rules: what was planned is what is read, and what was meddled with is not", "[ovs]") {
  const std::vector stations{mac(2, 1), mac(2, 2)};
  const auto open = read_port_rules(3, port_rules(plan_of(stations), 3));
  CHECK(open.admitted == stations);
  CHECK_FALSE(open.closed);
  CHECK_FALSE(open.all_pass);
  CHECK(open.foreign.empty());
  const auto closed = read_port_rules(3, std::vector{closed_rule(3)});
  CHECK(closed.closed);
  CHECK(closed.admitted.empty());
  for (const auto role : {PortRole::service, PortRole::uplink}) {
    const auto whole = read_port_rules(3, port_rules({.role = role}, 3));
    CHECK(whole.all_pass);
    CHECK(whole.foreign.empty());
  }

  struct Meddled {
    std::string_view what;
    void (*change)(Flow&);
    bool all_pass, others_pass;
  };
  const std::vector<Meddled> cases{
      {"another cookie", [](Flow& flow) { flow.cookie = 0; }, false, true},
      {"another priority", [](Flow& flow) { flow.priority = 50000; }, false, true},
      {"it drops", [](Flow& flow) { flow.instructions = {}; }, false, false},
      {"it forwards elsewhere", [](Flow& flow) { flow.instructions.apply = {openflow::Output{9}}; }, false, true},
      {"it ends by itself", [](Flow& flow) { flow.hard_timeout = 60; }, false, true},
      {"narrower", [](Flow& flow) { flow.match.eth_type(openflow::kEthIpv4); }, false, true},
      {"another port's cookie", [](Flow& flow) { flow.cookie = cookie_of(RuleKind::station, 4, mac(2, 1)); }, false,
       true},
      {"everybody", [](Flow& flow) { flow.match = Match().in_port(3); }, true, true},
      {"half of the addresses",
       [](Flow& flow) {
         flow.match.eth_src({2, 0, 0, 0, 0, 0}, {1, 0, 0, 0, 0, 0});
       },
       false, true},
  };
  for (const auto& each : cases) {
    INFO(each.what);
    auto rule = port_rules(plan_of({mac(2, 1)}), 3).front();
    each.change(rule);
    const auto read = read_port_rules(3, std::vector{rule});
    CHECK(read.admitted.empty());
    CHECK(read.foreign.size() == 1);
    CHECK(read.all_pass == each.all_pass);
    CHECK(read.others_pass == each.others_pass);
  }
}

TEST_CASE("ovs rules: a difference removes strictly, adds what lacks, and leaves the rest alone", "[ovs]") {
  const auto before = port_rules(plan_of({mac(2, 1), mac(2, 2)}), 1);
  const auto after = port_rules(plan_of({mac(2, 2), mac(2, 3)}), 1);
  CHECK(difference(before, before).empty());
  const auto mods = difference(before, after);
  REQUIRE(mods.size() == 2);
  CHECK(mods[0].command == openflow::FlowCommand::remove_strict);
  CHECK(mods[0].flow.match == before[0].match);
  CHECK(mods[1].command == openflow::FlowCommand::add);
  CHECK(mods[1].flow == after[1]);
  // In our rule's place stands another: it is overwritten, not removed first.
  auto wrong = closed_rule(1);
  wrong.instructions = normal();
  const auto repaired = difference(std::vector{wrong}, std::vector{closed_rule(1)});
  REQUIRE(repaired.size() == 1);
  CHECK(repaired[0] == openflow::add_flow(closed_rule(1)));
  CHECK(difference(before, {}).size() == 2);
  CHECK(difference({}, after).size() == 2);
}

TEST_CASE("ovs rules: 50 000 ports are 50 000 rules, and their difference is one pass", "[ovs]") {
  std::vector<Flow> there, wanted;
  for (std::uint32_t port = 1; port <= 50'000; ++port) {
    there.push_back(closed_rule(port));
    const auto rules = port_rules(port % 2 == 0 ? plan_of({mac(2, 1)}) : plan_of({}), port);
    wanted.insert(wanted.end(), rules.begin(), rules.end());
  }
  CHECK(wanted.size() == 50'000);
  CHECK(difference(there, wanted).size() == 50'000);
  CHECK(difference(wanted, wanted).empty());
}
