// The adapter against a real hostapd with a real device; and against nobody.
#include "services/network/adapters/hostapd/hostapd_adapter.h"

#include <catch2/catch.hpp>

#include "libs/net/datagram.h"
#include "services/network/adapters/hostapd/sessions_world_test.h"

using namespace pratique;
using namespace pratique::network;
using namespace std::chrono_literals;
using test::HostapdSessions;
using test::Lab;
using test::soon;
using Kind = PortEvent::Kind;

namespace {

std::unique_ptr<SwitchAdapter> adapter_of(const Lab& lab) {
  auto adapter = make_hostapd_adapter({.ports = {{"p1", lab.control("p1")}, {"p2", lab.control("p2")}},
                                       .times = {.ping_interval = 200ms, .patience = 1000ms},
                                       .retry_interval = 100ms});
  REQUIRE(adapter);
  return *std::move(adapter);
}

std::string reason_of(const auto& result) { return result ? "accepted" : result.error().reason; }

}  // namespace

TEST_CASE("hostapd: what cannot be watched is refused with its field", "[network][hostapd]") {
  const auto made = [](std::vector<HostapdPort> ports) { return reason_of(make_hostapd_adapter({std::move(ports)})); };
  CHECK(made({{"p1", "/run/p1"}, {"p2", "/run/p2"}}) == "accepted");
  CHECK(made({}) == "FIELD_INVALID");
  CHECK(made({{"", "/run/p1"}}) == "FIELD_INVALID");
  CHECK(made({{"p1", "/run/p1"}, {"p1", "/run/p2"}}) == "FIELD_INVALID");
  CHECK(made({{"p1", "run/p1"}}) == "FIELD_INVALID");
  CHECK(made({{"p1", "/" + std::string(107, 'x')}}) == "FIELD_INVALID");
}

TEST_CASE("hostapd: where no hostapd is, nobody is known to be on", "[network][hostapd]") {
  const ScratchFolder folder;
  const auto adapter = make_hostapd_adapter({.ports = {{"p1", folder.path() / "p1"}}, .retry_interval = 1ms});
  REQUIRE(adapter);
  test::Told told;
  (*adapter)->watch(told.listener());
  const auto lost = told.next(Kind::authenticator_lost);
  REQUIRE(lost);
  CHECK(lost->port == "p1");
  const auto stations = (*adapter)->stations(soon());
  REQUIRE(stations);
  CHECK(stations->empty());

  const auto mac = *MacAddress::parse("00:d0:e5:f2:00:02");
  CHECK(reason_of((*adapter)->end_session({.port = "p1", .mac = mac}, soon())) == "SWITCH_UNREACHABLE");
  CHECK(reason_of((*adapter)->end_session({.port = "p9", .mac = mac}, soon())) == "SWITCH_REFUSED");
  CHECK(reason_of((*adapter)->end_session({.port = "p1"}, soon())) == "FIELD_INVALID");
  CHECK(reason_of((*adapter)->observe(soon())) == "SWITCH_CAPABILITY_MISSING");
  CHECK(reason_of((*adapter)->apply({}, soon())) == "SWITCH_CAPABILITY_MISSING");
  CHECK(reason_of((*adapter)->change_session({.port = "p1", .mac = mac}, 42, soon())) == "SWITCH_CAPABILITY_MISSING");
  CHECK_FALSE(told.has(Kind::authenticator_lost));  // told once, whatever is tried meanwhile
}

TEST_CASE("hostapd: one that says nothing is no authenticator", "[network][hostapd]") {
  const ScratchFolder folder;
  const auto mute = net::DatagramSocket::bind_unix(folder.path() / "p1");
  REQUIRE(mute);
  const auto adapter = make_hostapd_adapter(
      {.ports = {{"p1", folder.path() / "p1"}}, .times = {.ping_interval = 1ms, .patience = 10ms}});
  REQUIRE(adapter);
  test::Told told;
  (*adapter)->watch(told.listener());
  CHECK(told.next(Kind::authenticator_lost));
  const auto at_once = std::chrono::steady_clock::now();
  CHECK(reason_of((*adapter)->stations(at_once)) == "SWITCH_TIMEOUT");
}

TEST_CASE("hostapd: a device logs on, is logged off, and its hostapd dies and is back", "[network][hostapd][lab]") {
  if (!Lab::possible()) return;
  Lab lab;
  auto* hostapd = &lab.start_hostapd();
  const auto adapter = adapter_of(lab);
  test::Told told;
  adapter->watch(told.listener());
  CHECK(told.next(Kind::all_lost));
  CHECK(told.next(Kind::all_lost));  // one for each port
  CHECK(adapter->stations(soon())->empty());

  lab.start_device();
  const auto on = told.next(Kind::station_on);
  REQUIRE(on);
  CHECK(on->port == "p1");
  CHECK_FALSE(on->mac.is_zero());
  const auto stations = adapter->stations(soon());
  REQUIRE(stations);
  REQUIRE(stations->size() == 1);
  const auto session = stations->front().session;
  CHECK(session.port == "p1");
  CHECK(session.mac == on->mac);
  CHECK(session.user_name == "dock-7");
  CHECK(session.accounting_id.size() == 16);

  // On the other port it is not.
  REQUIRE(adapter->end_session({.port = "p2", .mac = on->mac}, soon()));
  CHECK(adapter->stations(soon())->size() == 1);
  CHECK_FALSE(told.has(Kind::station_off));

  REQUIRE(adapter->end_session(session, soon()));
  const auto off = told.next(Kind::station_off);
  REQUIRE(off);
  CHECK(off->port == "p1");
  CHECK(off->mac == on->mac);
  CHECK(adapter->stations(soon())->empty());
  REQUIRE(adapter->end_session(session, soon()));  // again: it is over

  hostapd->signal(SIGKILL);
  const auto lost = told.next(Kind::authenticator_lost);
  REQUIRE(lost);
  CHECK(told.next(Kind::authenticator_lost));
  CHECK(adapter->stations(soon())->empty());

  hostapd = &lab.start_hostapd();
  CHECK(told.next(Kind::all_lost));
  CHECK(told.next(Kind::all_lost));
  REQUIRE(lab.log_on_again());
  const auto again = told.next(Kind::station_on);
  REQUIRE(again);
  CHECK(again->mac == on->mac);

  hostapd->signal(SIGTERM);
  CHECK(told.next(Kind::authenticator_lost));
  CHECK(told.next(Kind::authenticator_lost));
}

TEST_CASE("hostapd: what every adapter keeps of sessions", "[network][hostapd][lab]") {
  if (!Lab::possible()) return;
  Lab lab;
  auto& hostapd = lab.start_hostapd();
  // Patient, so that a hostapd that is stopped for a moment is not given up meanwhile.
  const auto adapter =
      make_hostapd_adapter({.ports = {{"p1", lab.control("p1")}, {"p2", lab.control("p2")}},
                            .times = {.ping_interval = 60s, .patience = 60s}});
  REQUIRE(adapter);
  conformance::Told told;
  (*adapter)->watch(told.listener());
  CHECK(told.next(Kind::all_lost, "p1"));
  lab.start_device();
  REQUIRE(told.next(Kind::station_on, "p1"));
  const auto stations = (*adapter)->stations(soon());
  REQUIRE(stations);
  REQUIRE(stations->size() == 1);
  HostapdSessions world(lab, hostapd, stations->front().session);
  conformance::check_sessions(**adapter, told, world);
}

TEST_CASE("hostapd: a real device's name with line breaks forges nothing", "[network][hostapd][lab]") {
  if (!Lab::possible()) return;
  Lab lab("dock-7\\nflags=\\ndot1xAuthSessionId=0\\ndot1xAuthSessionTime=x");
  lab.start_hostapd();
  const auto adapter = adapter_of(lab);
  test::Told told;
  adapter->watch(told.listener());
  CHECK(told.next(Kind::all_lost));
  lab.start_device();
  REQUIRE(told.next(Kind::station_on));
  const auto stations = adapter->stations(soon());
  REQUIRE(stations);
  REQUIRE(stations->size() == 1);
  CHECK(stations->front().session.user_name == "dock-7");
  CHECK(stations->front().session.accounting_id.size() == 16);
}
