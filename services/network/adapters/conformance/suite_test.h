// What every adapter must keep, against its real counterpart. Each check begins by putting all ports right, so they may
// run in any order; what the adapter cannot do by its own word is left out with a warning.
//
//   TEST_CASE("…") { MyWorld world; … ; conformance::check_all(adapter, told, world); }
#pragma once

#include <catch2/catch.hpp>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "services/network/adapters/conformance/told.h"
#include "services/network/adapters/conformance/world.h"
#include "services/network/app/adapter.h"
#include "services/network/domain/reasons.h"

namespace pratique::network::conformance {

using namespace std::chrono_literals;
/// How long is tried what must not succeed.
inline constexpr auto kLongEnough = 250ms;
/// A closed port is silent after so long at the latest: a switch may say done before it is (Open vSwitch forwards by a
/// cache that follows its rules some milliseconds later, on a busy machine more).
inline constexpr auto kBite = 10s;

inline PortPlan closed(const World& world, std::string port) {
  return {.port = std::move(port), .vlan = world.onboarding()};
}
inline PortPlan open_to(const World& world, const std::string& port, VlanId vlan) {
  return {.port = port, .vlan = vlan, .stations = {{world.station(port), {}}}};
}
inline std::vector<PortPlan> all_closed(const World& world) {
  auto plans = world.fixed_ports();
  for (const auto& port : world.ports()) plans.push_back(closed(world, port));
  return plans;
}

/// All plans are accepted, and what is observed afterwards fulfils them.
inline void make_so(SwitchAdapter& adapter, const std::vector<PortPlan>& plans) {
  const auto applied = adapter.apply(plans, soon());
  INFO((applied ? "" : applied.error().reason + ": " + applied.error().message));
  REQUIRE(applied);
  REQUIRE(applied->size() == plans.size());
  for (std::size_t i = 0; i < plans.size(); ++i) {
    INFO(plans[i].port << ": " << ((*applied)[i].verdict.accepted() ? "" : (*applied)[i].verdict.first().message));
    CHECK((*applied)[i].port == plans[i].port);
    CHECK((*applied)[i].verdict.accepted());
    const auto state = adapter.observe_port(plans[i].port, soon());
    REQUIRE(state);
    CHECK(fulfils(*state, plans[i]));
    for (const auto& foreign : state->foreign) CHECK(foreign == "");
  }
}

/// In both families.
inline bool reaches(World& world, std::string_view port, VlanId segment) {
  return world.reaches(port, segment, Family::v4, kPatience) && world.reaches(port, segment, Family::v6, kPatience);
}
/// In either family.
inline bool leaks(World& world, std::string_view port, VlanId segment) {
  return world.reaches(port, segment, Family::v4, kLongEnough) || world.reaches(port, segment, Family::v6, kLongEnough);
}
/// No longer so, after kBite at the latest.
inline bool ends(const std::function<bool()>& still_so) {
  const auto until = std::chrono::steady_clock::now() + kBite;
  do {
    if (!still_so()) return true;
  } while (std::chrono::steady_clock::now() < until);
  return false;
}
/// What may have passed a moment ago passes no longer.
inline bool silent(World& world, std::string_view port, VlanId segment) {
  return ends([&] { return leaks(world, port, segment); });
}
inline const MacAddress kStranger({0x02, 0x66, 0x66, 0x66, 0x66, 0x66});

inline void check_closed_port(SwitchAdapter& adapter, World& world) {
  make_so(adapter, all_closed(world));
  const auto ports = world.ports();
  for (const auto& port : ports) {
    INFO(port);
    CHECK(reaches(world, port, world.onboarding()));
    CHECK(silent(world, port, world.production()));
    CHECK(silent(world, port, world.quarantine()));
    for (const auto family : {Family::v4, Family::v6})
      CHECK_FALSE(world.reaches_beside_proxy(port, family, kLongEnough));
    CHECK(world.heard_from(port, world.onboarding(), {kStranger, world.station(port)}, kLongEnough).empty());
  }
  for (const auto family : {Family::v4, Family::v6})
    CHECK_FALSE(world.reaches_station(ports[0], ports[1], family, kLongEnough));
}

inline void check_opening(SwitchAdapter& adapter, World& world) {
  make_so(adapter, all_closed(world));
  const auto ports = world.ports();
  make_so(adapter, {open_to(world, ports[0], world.production())});
  CHECK(reaches(world, ports[0], world.production()));
  CHECK(silent(world, ports[0], world.onboarding()));
  // Its neighbour is as closed as before.
  CHECK_FALSE(leaks(world, ports[1], world.production()));
  CHECK(reaches(world, ports[1], world.onboarding()));
  if (adapter.capabilities().has(Capability::pin_station)) {
    const auto own = world.station(ports[0]);
    CHECK(world.heard_from(ports[0], world.production(), {kStranger, own}, kPatience) == std::vector{own});
  }
  if (adapter.capabilities().has(Capability::isolate_stations)) {
    make_so(adapter, {open_to(world, ports[1], world.production())});
    CHECK(reaches(world, ports[1], world.production()));
    for (const auto family : {Family::v4, Family::v6})
      CHECK_FALSE(world.reaches_station(ports[0], ports[1], family, kLongEnough));
  }
}

inline void check_moving(SwitchAdapter& adapter, World& world) {
  make_so(adapter, all_closed(world));
  const auto port = world.ports()[0];
  for (const auto to : {world.production(), world.quarantine(), world.production()}) {
    make_so(adapter, {open_to(world, port, to)});
    CHECK(reaches(world, port, to));
    CHECK(silent(world, port, to == world.production() ? world.quarantine() : world.production()));
  }
}

/// A connection that runs ends with its port, by a plan and by the end of the session.
inline void check_closing(SwitchAdapter& adapter, World& world) {
  const auto port = world.ports()[0];
  for (const bool by_session : {false, true}) {
    for (const auto family : {Family::v4, Family::v6}) {
      INFO((by_session ? "end_session" : "apply") << (family == Family::v4 ? ", IPv4" : ", IPv6"));
      make_so(adapter, all_closed(world));
      make_so(adapter, {open_to(world, port, world.production())});
      const auto running = world.converse(port, world.production(), family);
      REQUIRE(running);
      REQUIRE(running->goes_on(kPatience));
      if (by_session) REQUIRE(adapter.end_session({.port = port, .mac = world.station(port)}, soon()));
      else make_so(adapter, {closed(world, port)});
      CHECK(ends([&] { return running->goes_on(kLongEnough); }));
      // By the end of the session the station is mute; deaf it is once its port's next plan has come.
      if (!by_session) CHECK(ends([&] { return running->hears(kLongEnough); }));
      CHECK(silent(world, port, world.production()));
    }
  }
  // Of a station that is not there.
  CHECK(adapter.end_session({.port = port, .mac = kStranger}, soon()));
}

/// What stands is left alone: a second time nothing happens to what runs.
inline void check_idempotence(SwitchAdapter& adapter, World& world) {
  make_so(adapter, all_closed(world));
  const auto port = world.ports()[0];
  auto plans = all_closed(world);
  for (auto& plan : plans)
    if (plan.port == port) plan = open_to(world, port, world.production());
  make_so(adapter, plans);
  const auto running = world.converse(port, world.production(), Family::v4);
  REQUIRE(running);
  for (int i = 0; i < 3; ++i) make_so(adapter, plans);
  CHECK(running->goes_on(kPatience));
  const auto all = adapter.observe(soon());
  REQUIRE(all);
  for (const auto& plan : plans) {
    const auto state = std::ranges::find(*all, plan.port, &PortState::port);
    REQUIRE(state != all->end());
    CHECK(fulfils(*state, plan));
    CHECK(state->foreign.empty());
  }
}

/// Bad plans are refused by name, and those beside them are done.
inline void check_refusals(SwitchAdapter& adapter, World& world) {
  make_so(adapter, all_closed(world));
  const auto ports = world.ports();
  const auto good = open_to(world, ports[0], world.production());
  auto no_vlan = open_to(world, ports[1], world.production());
  no_vlan.vlan = 4095;
  const std::vector<PortPlan> plans{{.port = "no-such-port", .vlan = world.production()}, good, no_vlan};
  const auto applied = adapter.apply(plans, soon());
  REQUIRE(applied);
  REQUIRE(applied->size() == 3);
  for (const std::size_t bad : {0, 2}) {
    REQUIRE_FALSE((*applied)[bad].verdict.accepted());
    CHECK((*applied)[bad].verdict.first().code == kSwitchRefused.code);
    CHECK((*applied)[bad].verdict.first().evidence.front().second == plans[bad].port);
  }
  CHECK((*applied)[1].verdict.accepted());
  CHECK(reaches(world, ports[0], world.production()));
  CHECK_FALSE(leaks(world, ports[1], world.production()));
  const auto missing = adapter.observe_port("no-such-port", soon());
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ErrorCode::not_found);
  CHECK(missing.error().message.contains("no-such-port"));
}

/// `told` is the adapter's listener, and has heard the first all_lost.
inline void check_link_events(SwitchAdapter& adapter, Told& told, World& world) {
  if (!adapter.capabilities().has(Capability::watch_ports)) return;
  make_so(adapter, all_closed(world));
  told.forget();
  const auto port = world.ports()[0];
  const auto is_up = [&] {
    const auto state = adapter.observe_port(port, soon());
    REQUIRE(state);
    return state->link_up;
  };
  CHECK(is_up());
  world.unplug(port);
  CHECK(told.next(PortEvent::Kind::link_down, port));
  CHECK_FALSE(is_up());
  world.plug(port);
  CHECK(told.next(PortEvent::Kind::link_up, port));
  CHECK(is_up());
}

inline void check_capabilities(SwitchAdapter& adapter) {
  if (!adapter.capabilities().has(Capability::change_session)) {
    const auto changed = adapter.change_session({.port = "p1", .mac = kStranger}, 42, soon());
    REQUIRE_FALSE(changed);
    CHECK(changed.error().reason == kCapabilityMissing.code);
  }
  if (!adapter.capabilities().has(Capability::watch_stations)) {
    const auto stations = adapter.stations(soon());
    REQUIRE_FALSE(stations);
    CHECK(stations.error().reason == kCapabilityMissing.code);
  }
  if (!adapter.capabilities().has(Capability::set_segment)) {
    const auto applied = adapter.apply(std::vector<PortPlan>{{.port = "p1", .vlan = 42}}, soon());
    REQUIRE_FALSE(applied);
    CHECK(applied.error().reason == kCapabilityMissing.code);
  }
  if (!adapter.capabilities().has(Capability::observe_ports)) {
    const auto observed = adapter.observe(soon());
    REQUIRE_FALSE(observed);
    CHECK(observed.error().reason == kCapabilityMissing.code);
  }
}

inline void check_all(SwitchAdapter& adapter, Told& told, World& world) {
  check_capabilities(adapter);
  const auto can = adapter.capabilities();
  if (!can.has(Capability::set_segment) || !can.has(Capability::observe_ports) || !can.has(Capability::close_port)) {
    WARN("this kind of switch closes and moves ports by itself: what ports do is not looked at");
    return;
  }
  check_closed_port(adapter, world);
  check_opening(adapter, world);
  check_moving(adapter, world);
  check_closing(adapter, world);
  check_idempotence(adapter, world);
  check_refusals(adapter, world);
  check_link_events(adapter, told, world);
}

}  // namespace pratique::network::conformance
