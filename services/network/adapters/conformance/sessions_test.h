// What every adapter must keep of sessions, against its real counterpart; for switches that are told of sessions and
// close ports by themselves, and for authenticators. What the adapter cannot do by its own word is left out.
//
//   TEST_CASE("…") { MyWorld world; … ; conformance::check_sessions(adapter, told, world); }
#pragma once

#include <algorithm>

#include "services/network/adapters/conformance/session_world.h"
#include "services/network/adapters/conformance/suite_test.h"

namespace pratique::network::conformance {

/// How long a silent switch is waited for here; an error that comes later than this and kPatience is a hang.
inline constexpr auto kSilence = 500ms;

inline bool lists(SwitchAdapter& adapter, const SessionRef& session) {
  const auto stations = adapter.stations(soon());
  REQUIRE(stations);
  return std::ranges::any_of(*stations, [&](const LiveStation& one) {
    return one.session.mac == session.mac && one.session.port == session.port;
  });
}

/// Whoever is on stays so: what is not there is over already, and what cannot be done changes nothing.
inline void check_strangers(SwitchAdapter& adapter, SessionWorld& world) {
  const auto session = world.session();
  REQUIRE(world.is_on(session));
  CHECK(adapter.end_session(world.nobody(), soon()));
  CHECK(world.is_on(session));
  if (adapter.capabilities().has(Capability::watch_stations)) CHECK(lists(adapter, session));
  if (adapter.capabilities().has(Capability::change_session)) {
    const auto nobody = adapter.change_session(world.nobody(), 42, soon());
    REQUIRE(nobody);
    CHECK(*nobody == SessionChanged::ended);
    CHECK_FALSE(adapter.change_session(session, 4095, soon()));
    CHECK(world.is_on(session));
    CHECK_FALSE(world.told_segment(session));
  }
}

inline void check_change(SwitchAdapter& adapter, SessionWorld& world) {
  if (!adapter.capabilities().has(Capability::change_session)) return;
  for (const auto segment : {VlanId{42}, VlanId{43}}) {
    const auto session = world.session();
    const auto changed = adapter.change_session(session, segment, soon());
    INFO((changed ? "" : changed.error().reason + ": " + changed.error().message));
    REQUIRE(changed);
    if (*changed == SessionChanged::ended) CHECK_FALSE(world.is_on(session));
    else CHECK(world.is_on(session));
    if (*changed == SessionChanged::changed) CHECK(world.told_segment(session) == segment);
    if (!world.may_log_on_again() && !world.is_on(session)) return;
  }
}

/// Silence is an error by name, and never a hang.
inline void check_silence(SwitchAdapter& adapter, SessionWorld& world) {
  world.fall_silent();
  const auto begun = std::chrono::steady_clock::now();
  const auto ended = adapter.end_session(world.nobody(), begun + kSilence);
  CHECK(std::chrono::steady_clock::now() < begun + kSilence + kPatience);
  world.speak_again();
  REQUIRE_FALSE(ended);
  CHECK((ended.error().reason == "SWITCH_TIMEOUT" || ended.error().reason == kSwitchUnreachable.code));
  CHECK((ended.error().code == ErrorCode::deadline_exceeded || ended.error().code == ErrorCode::unavailable));
}

/// `told` is the adapter's listener.
inline void check_end(SwitchAdapter& adapter, Told& told, SessionWorld& world) {
  const auto session = world.session();
  REQUIRE(world.is_on(session));
  const auto ended = adapter.end_session(session, soon());
  INFO((ended ? "" : ended.error().reason + ": " + ended.error().message));
  REQUIRE(ended);
  CHECK(ends([&] { return world.is_on(session); }));
  if (adapter.capabilities().has(Capability::watch_stations)) {
    CHECK(told.next(PortEvent::Kind::station_off, session.port));
    CHECK_FALSE(lists(adapter, session));
  }
  CHECK(adapter.end_session(session, soon()));  // again: it is over
}

inline void check_sessions(SwitchAdapter& adapter, Told& told, SessionWorld& world) {
  REQUIRE(adapter.capabilities().has(Capability::end_session));
  check_capabilities(adapter);
  check_strangers(adapter, world);
  check_silence(adapter, world);
  check_end(adapter, told, world);
  if (world.may_log_on_again()) check_change(adapter, world);
}

}  // namespace pratique::network::conformance
