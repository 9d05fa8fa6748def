#include "services/network/domain/difference.h"

#include <catch2/catch.hpp>

using namespace pratique;
using namespace pratique::network;

namespace {

MacAddress mac(std::uint8_t last) { return MacAddress({0x02, 0, 0, 0, 0, last}); }

}  // namespace

TEST_CASE("What differs at a port is named, each thing by itself", "[network][domain]") {
  const PortPlan plan{.port = "p1", .vlan = 30, .stations = {{mac(1), {}}}};
  const PortState good{.port = "p1", .link_up = true, .vlan = 30, .admitted = {mac(1)}, .onboarding_only = false};
  CHECK(differences(good, plan).empty());

  auto state = good;
  SECTION("another VLAN") {
    state.vlan = 20;
    CHECK(differences(state, plan) == std::vector<Difference>{{"vlan", "30", "20"}});
  }
  SECTION("no VLAN of its own") {
    state.vlan.reset();
    CHECK(differences(state, plan) == std::vector<Difference>{{"vlan", "30", "none"}});
  }
  SECTION("a stranger beside its station") {
    state.admitted = {mac(1), mac(2)};
    CHECK(differences(state, plan) ==
          std::vector<Difference>{{"stations", "02:00:00:00:00:01", "02:00:00:00:00:01, 02:00:00:00:00:02"}});
  }
  SECTION("closed where somebody is admitted") {
    state.admitted.clear();
    state.onboarding_only = true;
    CHECK(differences(state, plan) == std::vector<Difference>{{"stations", "02:00:00:00:00:01", "none"},
                                                              {"onboarding_only", "false", "true"}});
  }
  SECTION("open to everybody") {
    state.all_pass = true;
    CHECK(differences(state, plan) == std::vector<Difference>{{"all_pass", "false", "true"}});
  }
  CHECK_FALSE(fulfils(state, plan));
}

TEST_CASE("What is foreign is named too, though the port does what it is to do", "[network][domain]") {
  const PortPlan plan{.port = "s1", .role = PortRole::service, .vlan = 10};
  PortState state{.port = "s1", .vlan = 10, .foreign = {"a mirror 'tap'"}};
  CHECK(fulfils(state, plan));
  CHECK(differences(state, plan) == std::vector<Difference>{{"foreign", "none", "a mirror 'tap'"}});
}

TEST_CASE("It differs exactly where it does not fulfil", "[network][domain]") {
  for (const auto role : {PortRole::access, PortRole::service, PortRole::uplink})
    for (const std::optional<bool> all_pass : {std::optional<bool>{}, std::optional(false), std::optional(true)})
      for (const std::optional<VlanId> vlan : {std::optional<VlanId>{}, std::optional<VlanId>(10)})
        for (const bool only : {false, true})
          for (const bool planned : {false, true})
            for (const bool admitted : {false, true}) {
              PortPlan plan{.port = "p1", .role = role, .vlan = 10};
              if (planned) plan.stations = {{mac(1), {}}};
              PortState state{.port = "p1", .vlan = vlan, .onboarding_only = only, .all_pass = all_pass};
              if (admitted) state.admitted = {mac(1)};
              INFO(to_string(role) << ' ' << only << planned << admitted << all_pass.has_value() << vlan.has_value());
              CHECK(differences(state, plan).empty() == fulfils(state, plan));
            }
}
