// Which half of a switch does what. The ports' half is written down here; the authenticator's is the real adapter.
#include "services/network/adapters/hostapd/with_authenticator.h"

#include <catch2/catch.hpp>

#include "libs/net/datagram.h"
#include "services/network/adapters/hostapd/hostapd_adapter.h"
#include "services/network/adapters/hostapd/lab_test.h"

using namespace pratique;
using namespace pratique::network;
using test::soon;

namespace {

const MacAddress kMac({0x00, 0xd0, 0xe5, 0xf2, 0x00, 0x02});

/// What was asked of it, in order.
struct Ports final : SwitchAdapter {
  Ports(std::vector<std::string>& the_asked, bool the_away)
      : asked(the_asked), away(the_away) {}
  Capabilities capabilities() const override { return {Capability::set_segment, Capability::end_session}; }
  void watch(Listener listener) override { listener({.kind = PortEvent::Kind::all_lost}); }
  Result<std::vector<PortState>> observe(Deadline) override { return std::vector<PortState>{{.port = "p1"}}; }
  Result<std::vector<AppliedPort>> apply(std::span<const PortPlan>, Deadline) override {
    return std::vector<AppliedPort>{{.port = "p1"}};
  }
  Result<SessionEnd> end_session(const SessionRef& session, Deadline) override {
    asked.push_back("end " + session.port);
    if (away) return unavailable("SWITCH_UNREACHABLE", "away");
    return SessionEnd{EndedBy::port};
  }
  Result<SessionChanged> change_session(const SessionRef&, VlanId, Deadline) override {
    return SessionChanged::changed;
  }
  std::vector<std::string>& asked;
  bool away;
};

}  // namespace

TEST_CASE("with authenticator: ports are the one's, stations the other's", "[network][hostapd]") {
  const ScratchFolder folder;
  std::vector<std::string> asked;
  const auto made = [&](bool away) {
    auto hostapd = make_hostapd_adapter({.ports = {{"p1", folder.path() / "p1"}}});
    REQUIRE(hostapd);
    return with_authenticator(std::make_unique<Ports>(asked, away), *std::move(hostapd));
  };
  const auto adapter = made(false);
  CHECK(adapter->capabilities() ==
        Capabilities{Capability::set_segment, Capability::end_session, Capability::watch_stations});
  CHECK(adapter->observe(soon())->size() == 1);
  CHECK(adapter->apply({}, soon())->size() == 1);
  CHECK(*adapter->change_session({}, 42, soon()) == SessionChanged::changed);
  CHECK(adapter->stations(soon())->empty());

  test::Told told;
  adapter->watch(told.listener());
  CHECK(told.next(PortEvent::Kind::all_lost));
  CHECK(told.next(PortEvent::Kind::authenticator_lost));

  // No authenticator on the port, or none at all: what the port does is what counts.
  const auto dead = adapter->end_session({.port = "p1", .mac = kMac}, soon());
  REQUIRE(dead);
  CHECK(dead->by == EndedBy::port);
  REQUIRE(dead->instead_of);
  CHECK(dead->instead_of->reason == "SWITCH_UNREACHABLE");
  const auto none = adapter->end_session({.port = "p2", .mac = kMac}, soon());
  REQUIRE(none);
  CHECK(none->by == EndedBy::port);
  CHECK_FALSE(none->instead_of);
  CHECK(asked == std::vector<std::string>{"end p1", "end p2"});
  const auto away = made(true)->end_session({.port = "p1", .mac = kMac}, soon());
  REQUIRE_FALSE(away);
  CHECK(away.error().message == "away");
  // An authenticator that is there and does not answer may still take the station for on.
  const auto mute = net::DatagramSocket::bind_unix(folder.path() / "p1");
  REQUIRE(mute);
  const auto at_once = std::chrono::steady_clock::now();
  CHECK(adapter->end_session({.port = "p1", .mac = kMac}, at_once).error().reason == "SWITCH_TIMEOUT");
}
