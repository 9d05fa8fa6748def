#include <catch2/catch.hpp>

#include "services/network/adapters/radius/settings.h"

using namespace pratique;
using namespace pratique::network;

namespace {

/// What is said to settings that cannot be.
std::string refused(std::string_view settings) {
  const auto parsed = parse_radius_settings(settings);
  if (parsed) return "taken";
  CHECK(parsed.error().code == ErrorCode::invalid_argument);
  CHECK(parsed.error().reason == "FIELD_INVALID");
  return parsed.error().message;
}

}  // namespace

TEST_CASE("settings of a switch that speaks RADIUS") {
  const auto least = parse_radius_settings("{}");
  REQUIRE(least);
  const auto nas = *IpAddress::parse("192.0.2.20");
  const auto plain = radius_switch(*least, nas, "sw1", *radius::SharedSecret::make(Secret("0123456789abcdef")));
  CHECK(plain.nas == radius::Peer{nas, 3799});
  CHECK(plain.nas_identifier == "sw1");
  CHECK_FALSE(plain.nas_address);
  CHECK(plain.rules.answers.message_authenticator_required);
  CHECK(plain.change_by == ChangeBy::vlan);

  const auto all = parse_radius_settings(R"({
    "address": "192.0.2.21", "port": 1700, "message_authenticator_required": false,
    "naming": {"accounting_id": false, "port": true, "mac_form": "bare", "letters": "lower"},
    "change_by": "filter_id", "filters": {"42": "production"},
    "reauthenticate": [{"vendor": 9, "type": 1, "text": "subscriber:command=reauthenticate"}],
    "disconnect_where_refused": false, "first_wait_ms": 100})");
  REQUIRE(all);
  const auto other = radius_switch(*all, nas, "", *radius::SharedSecret::make(Secret("0123456789abcdef")));
  CHECK(other.nas == radius::Peer{*IpAddress::parse("192.0.2.21"), 1700});
  CHECK(other.nas_address == nas);
  CHECK_FALSE(other.naming.accounting_id);
  CHECK(other.naming.calling_station);
  CHECK(other.naming.mac_form == MacForm::bare);
  CHECK(other.filters == std::map<VlanId, std::string>{{42, "production"}});
  CHECK(other.reauthenticate.size() == 1);
  CHECK_FALSE(other.disconnect_where_refused);
  CHECK(other.rules.retransmission.initial == std::chrono::milliseconds(100));
}

TEST_CASE("settings of a switch that speaks RADIUS that cannot be name the place") {
  CHECK(refused("[]").contains("network_switch.settings: expected an object"));
  CHECK(refused(R"({"secret": "0123456789abcdef"})").contains("secret"));
  CHECK(refused(R"({"address": "switch-1"})").contains("network_switch.settings.address"));
  CHECK(refused(R"({"port": 0})").contains("network_switch.settings.port"));
  CHECK(refused(R"({"change_by": "magic"})").contains("filter_id"));
  CHECK(refused(R"({"change_by": "filter_id"})").contains("filters"));
  CHECK(refused(R"({"change_by": "reauthenticate"})").contains("reauthenticate"));
  CHECK(refused(R"({"filters": {"4095": "a"}})").contains("4095"));
  CHECK(refused(R"({"filters": {"42": 1}})").contains("network_switch.settings.filters.42"));
  CHECK(refused(R"({"naming": {"accounting_id": false, "calling_station": false}})").contains("naming"));
  CHECK(refused(R"({"naming": {"mac_form": "hex"}})").contains("network_switch.settings.naming.mac_form"));
  CHECK(refused(R"({"reauthenticate": [{"vendor": 9, "type": 256, "text": "x"}]})")
            .contains("network_switch.settings.reauthenticate[0].type"));
  CHECK(refused(R"({"first_wait_ms": 1})").contains("network_switch.settings.first_wait_ms"));
}
