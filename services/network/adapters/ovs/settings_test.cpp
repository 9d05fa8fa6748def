#include <catch2/catch.hpp>

#include "services/network/adapters/ovs/settings.h"

using namespace pratique;
using namespace pratique::network;

namespace {

/// What is said to settings that cannot be.
std::string refused(std::string_view settings) {
  const auto parsed = parse_ovs_settings(settings);
  if (parsed) return "taken";
  CHECK(parsed.error().code == ErrorCode::invalid_argument);
  CHECK(parsed.error().reason == "FIELD_INVALID");
  return parsed.error().message;
}

}  // namespace

TEST_CASE("settings of an Open vSwitch") {
  const auto config = parse_ovs_settings(R"({
    "ovsdb": "unix:/run/openvswitch/db.sock", "openflow": "192.0.2.9:6653", "bridge": "br1",
    "onboarding": {"services": [{"address": "192.0.2.10", "port": 8443}, {"address": "2001:db8::a", "port": 443}],
                   "dhcp": false},
    "poll_ms": 500, "longest_pause_ms": 50})");
  REQUIRE(config);
  CHECK(config->ovsdb == "unix:/run/openvswitch/db.sock");
  CHECK(config->openflow == "192.0.2.9:6653");
  CHECK(config->bridge == "br1");
  REQUIRE(config->onboarding.services.size() == 2);
  CHECK(config->onboarding.services[1].address.text() == "2001:db8::a");
  CHECK(config->onboarding.services[1].port == 443);
  CHECK_FALSE(config->onboarding.dhcp);
  CHECK(config->onboarding.mdns);
  CHECK(config->poll == std::chrono::milliseconds(500));
  CHECK(config->first_pause <= config->longest_pause);
  const auto least = parse_ovs_settings(R"({"ovsdb": "unix:/a", "openflow": "unix:/b"})");
  REQUIRE(least);
  CHECK(least->bridge == "br0");
}

TEST_CASE("settings of an Open vSwitch that cannot be name the place") {
  CHECK(refused("") != "taken");
  CHECK(refused("[]").contains("network_switch.settings: expected an object"));
  CHECK(refused("{}").contains("network_switch.settings.ovsdb"));
  CHECK(refused(R"({"ovsdb": "unix:/a"})").contains("network_switch.settings.openflow"));
  const std::string ends = R"({"ovsdb": "unix:/a", "openflow": "unix:/b", )";
  CHECK(refused(ends + R"("colour": "red"})").contains("colour"));
  CHECK(refused(ends + R"("bridge": 7})").contains("network_switch.settings.bridge: expected a string"));
  CHECK(refused(ends + R"("onboarding": {"services": [{"address": "router", "port": 1}]}})")
            .contains("network_switch.settings.onboarding.services[0].address"));
  CHECK(refused(ends + R"("onboarding": {"services": [{"address": "192.0.2.1", "port": 65536}]}})")
            .contains("services[0].port"));
  CHECK(refused(ends + R"("onboarding": {"services": [{"address": "192.0.2.1"}]}})").contains("services[0].port"));
  CHECK(refused(ends + R"("onboarding": {"dns": true}})").contains("dns"));
  CHECK(refused(ends + R"("poll_ms": 0})").contains("network_switch.settings.poll_ms"));
  CHECK(refused(ends + R"("poll_ms": 1.5})").contains("network_switch.settings.poll_ms"));
  CHECK(refused(R"({"ovsdb": "br0", "openflow": "unix:/b"})").contains("ovsdb"));
  CHECK(refused(R"({"ovsdb": "unix:/a", "ovsdb": "unix:/b", "openflow": "unix:/b"})").contains("ovsdb"));
}
