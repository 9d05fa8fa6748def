#include "services/network/make_adapter.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "libs/base/clock.h"
#include "libs/crypto/primitives/envelope.h"
#include "libs/crypto/primitives/system_random.h"

using namespace pratique;
using namespace pratique::network;

namespace {

struct Workshop {
  Result<std::unique_ptr<SwitchAdapter>> make(const SwitchRecord& record) {
    return make_adapter(record, secrets, *Exchanges::start(clock, random));
  }
  crypto::MasterKeys keys() { return *crypto::MasterKeys::parse(*crypto::MasterKeys::make_line("k1", random)); }

  SystemClock clock;
  crypto::SystemRandom random;
  SwitchSecrets secrets{keys(), keys(), random};
};

}  // namespace

TEST_CASE("A session at an Open vSwitch ends by Disconnect-Request where its port says so", "[network]") {
  Workshop workshop;
  SwitchRecord record{.on_switch = {.id = SwitchId::make(workshop.clock, workshop.random)}};
  const auto secret = *radius::SharedSecret::make(Secret("a-long-enough-secret"));
  record.authenticators = {{"p1", "/nowhere/hostapd-p1"}, {"p2", "/nowhere/hostapd-p2", "[2001:db8::7]:3800"}};
  SECTION("as the switch's settings of RADIUS say") {
    record.on_switch.nas_address = *IpAddress::parse("192.0.2.1");
    record.secret = *workshop.secrets.seal(record.on_switch.id, secret.secret());
    const auto at = disconnects_of(record, workshop.secrets);
    REQUIRE(at.size() == 1);
    const auto& p2 = at.at("p2");
    REQUIRE(p2);
    CHECK(p2->nas == radius::Peer{*IpAddress::parse("2001:db8::7"), 3800});
    CHECK(p2->nas_address == record.on_switch.nas_address);
    CHECK(std::ranges::equal(p2->secret.secret().reveal(), secret.secret().reveal()));
    CHECK(p2->rules.answers.message_authenticator_required);
    CHECK(p2->where_nobody == NobodyListens::give_up);
  }
  SECTION("not without a secret") {
    CHECK(disconnects_of(record, workshop.secrets).at("p2").error().reason == "SWITCH_SECRET_MISSING");
  }
}

TEST_CASE("An adapter can what its kind of switch is said to", "[network]") {
  Workshop workshop;
  SwitchRecord record{.on_switch = {.id = SwitchId::make(workshop.clock, workshop.random)}};
  SECTION("Open vSwitch with an authenticator on a port") {
    record.on_switch.settings = R"({"ovsdb": "unix:/nowhere/db.sock", "openflow": "unix:/nowhere/br0.mgmt"})";
    // Without a secret p2's sessions end by the control socket, and the switch is driven all the same.
    record.authenticators = {{"p1", "/nowhere/hostapd-p1"}, {"p2", "/nowhere/hostapd-p2", "192.0.2.1:3799"}};
    const auto adapter = workshop.make(record);
    REQUIRE(adapter);
    CHECK((*adapter)->capabilities() == capabilities_of(SwitchKind::ovs));
  }
  SECTION("Open vSwitch without: nobody says who is on") {
    record.on_switch.settings = R"({"ovsdb": "unix:/nowhere/db.sock", "openflow": "unix:/nowhere/br0.mgmt"})";
    const auto adapter = workshop.make(record);
    REQUIRE(adapter);
    CHECK_FALSE((*adapter)->capabilities().has(Capability::watch_stations));
  }
  SECTION("a switch that takes segments from RADIUS") {
    record.on_switch.kind = SwitchKind::radius;
    record.on_switch.nas_address = *IpAddress::parse("192.0.2.1");
    CHECK(workshop.make(record).error().reason == "SWITCH_SECRET_MISSING");
    record.secret = *workshop.secrets.seal(record.on_switch.id, Secret("a-long-enough-secret"));
    const auto adapter = workshop.make(record);
    REQUIRE(adapter);
    CHECK((*adapter)->capabilities() == capabilities_of(SwitchKind::radius));
  }
}
