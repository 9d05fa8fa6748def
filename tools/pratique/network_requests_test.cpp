#include <catch2/catch.hpp>

#include <fstream>

#include "libs/rpc/timestamp.h"
#include "tests/support/scratch_folder.h"
#include "tools/pratique/network_diff.h"
#include "tools/pratique/network_names.h"
#include "tools/pratique/network_requests.h"

using namespace pratique;
using namespace pratique::cli;
namespace v1 = pratique::network::v1;
using Values = Arguments::Values;

namespace {

constexpr auto kUuid = "0193a0b1-0000-7000-8000-000000000001";

std::vector<std::string> paths(const google::protobuf::FieldMask& mask) {
  return {mask.paths().begin(), mask.paths().end()};
}
using Paths = std::vector<std::string>;

template <typename Resource>
std::string reason_of_change(Values values, Resource resource) {
  google::protobuf::FieldMask mask;
  const auto done = apply_changes(Arguments(std::move(values)), resource, mask);
  return done ? "" : done.error().reason;
}
template <typename Resource>
std::string reason_of_named_change(Values values, Resource resource) {
  google::protobuf::FieldMask mask;
  const auto done = apply_changes(Arguments(std::move(values)), TypedNames(), resource, mask);
  return done ? "" : done.error().reason;
}

}  // namespace

TEST_CASE("a port is named by its switch and the switch's own name for it") {
  const auto plain = parse_port_place("hall-1/p3"), slashes = parse_port_place("core/GigabitEthernet1/0/3");
  REQUIRE(plain);
  CHECK(plain->on_switch == "hall-1");
  CHECK(plain->port == "p3");
  REQUIRE(slashes);
  CHECK(slashes->port == "GigabitEthernet1/0/3");
  for (const char* other : {"", "p3", "/p3", "hall-1/"}) CHECK_FALSE(parse_port_place(other));
}

TEST_CASE("a session is named by its UUID") {
  CHECK(*session_name(kUuid) == std::string("sessions/") + kUuid);
  CHECK(*session_name(std::string("sessions/") + kUuid) == std::string("sessions/") + kUuid);
  for (const char* other : {"", "00:d0:e5:f2:00:02", "ports/0193a0b1-0000-7000-8000-000000000001"})
    CHECK(session_name(other).error().reason == "ARGUMENT_INVALID");
}

TEST_CASE("segments: every argument has its field, and a VLAN id is one") {
  v1::Segment segment;
  google::protobuf::FieldMask mask;
  REQUIRE(apply_changes(Arguments(Values{{"vlan", {"20"}}, {"display-name", {"Cameras"}}}), segment, mask));
  CHECK(segment.vlan() == 20);
  CHECK(segment.display_name() == "Cameras");
  CHECK(paths(mask) == Paths{"vlan", "display_name"});
  CHECK(reason_of_change({}, segment) == "NOTHING_TO_CHANGE");
  for (const char* vlan : {"0", "4095", "twenty", "-1"})
    CHECK(reason_of_change({{"vlan", {vlan}}}, segment) == "ARGUMENT_INVALID");
}

TEST_CASE("sites: a new name, or what people call it") {
  v1::Site site;
  google::protobuf::FieldMask mask;
  REQUIRE(apply_changes(Arguments(Values{{"name", {"hall"}}, {"display-name", {"Hall 1"}}}), site, mask));
  CHECK(site.short_name() == "hall");
  CHECK(site.display_name() == "Hall 1");
  CHECK(paths(mask) == Paths{"short_name", "display_name"});
  CHECK(reason_of_change({}, site) == "NOTHING_TO_CHANGE");
}

TEST_CASE("switches: every argument has its field") {
  v1::NetworkSwitch one;
  google::protobuf::FieldMask mask;
  const Arguments typed(Values{{"name", {"hall-1"}},
                               {"display-name", {"Hall 1"}},
                               {"site", {"plant"}},
                               {"kind", {"ovs"}},
                               {"settings", {R"({"bridge":"br0"})"}},
                               {"nas-address", {"192.0.2.7"}},
                               {"nas-identifier", {"hall"}},
                               {"disable", {"true"}}});
  REQUIRE(apply_changes(typed, {.site = "sites/s"}, one, mask));
  CHECK(one.short_name() == "hall-1");
  CHECK(one.site() == "sites/s");
  CHECK(one.kind() == v1::SWITCH_KIND_OVS);
  CHECK(one.settings() == R"({"bridge":"br0"})");
  CHECK(one.nas_address() == "192.0.2.7");
  CHECK(one.nas_identifier() == "hall");
  CHECK(one.disabled());
  CHECK(paths(mask) ==
        Paths{"short_name", "display_name", "site", "settings", "nas_address", "nas_identifier", "disabled"});
  REQUIRE(apply_changes(Arguments(Values{{"enable", {"true"}}}), {}, one, mask));
  CHECK_FALSE(one.disabled());
  CHECK(reason_of_named_change({}, one) == "NOTHING_TO_CHANGE");
  CHECK(reason_of_named_change({{"disable", {"true"}}, {"enable", {"true"}}}, one) == "ARGUMENT_INVALID");
}

TEST_CASE("WLANs: every argument has its field, and an SSID is a text or octets") {
  v1::Wlan one;
  google::protobuf::FieldMask mask;
  const Arguments typed(Values{{"name", {"hall"}},
                               {"display-name", {"Hall 1"}},
                               {"site", {"plant"}},
                               {"ssid", {"Caf\xC3\xA9"}},
                               {"security", {"wpa3-enterprise-192"}},
                               {"segment", {"cameras"}},
                               {"disable", {"true"}}});
  REQUIRE(apply_changes(typed, {.site = "sites/s", .segment = "segments/s"}, one, mask));
  CHECK(one.short_name() == "hall");
  CHECK(one.site() == "sites/s");
  CHECK(one.ssid() == "Caf\xC3\xA9");
  CHECK(one.security() == v1::WLAN_SECURITY_WPA3_ENTERPRISE_192);
  CHECK(one.segment() == "segments/s");
  CHECK(one.disabled());
  CHECK(paths(mask) == Paths{"short_name", "display_name", "site", "ssid", "security", "segment", "disabled"});
  mask.Clear();
  REQUIRE(apply_changes(Arguments(Values{{"ssid-hex", {"00ff"}}, {"enable", {"true"}}}), {}, one, mask));
  CHECK(one.ssid() == std::string("\0\xff", 2));
  CHECK_FALSE(one.disabled());
  CHECK(paths(mask) == Paths{"ssid", "disabled"});
  mask.Clear();
  REQUIRE(apply_changes(Arguments(Values{{"segment", {""}}}), {}, one, mask));
  CHECK(one.segment().empty());
  CHECK(paths(mask) == Paths{"segment"});
  CHECK(reason_of_named_change({}, one) == "NOTHING_TO_CHANGE");
  CHECK(reason_of_named_change({{"ssid", {"a"}}, {"ssid-hex", {"61"}}}, one) == "ARGUMENT_INVALID");
  CHECK_FALSE(reason_of_named_change({{"ssid-hex", {"6"}}}, one).empty());
}

TEST_CASE("settings are one JSON object, typed or in a file") {
  const ScratchFolder folder;
  const auto file = (folder.path() / "hall.json").string();
  std::ofstream(file) << "{\"bridge\": \"br0\"}\n";
  CHECK(*settings_text(Arguments(Values{{"settings-file", {file}}})) == "{\"bridge\": \"br0\"}\n");
  CHECK(settings_text(Arguments(Values{{"settings", {"{}"}}, {"settings-file", {file}}})).error().reason ==
        "ARGUMENT_INVALID");
  CHECK(settings_text(Arguments(Values{{"settings", {"[]"}}})).error().reason == "ARGUMENT_INVALID");
  CHECK(settings_text(Arguments(Values{{"settings", {"bridge=br0"}}})).error().reason == "JSON_INVALID");
  CHECK(settings_text(Arguments(Values{{"settings", {R"({"a":1,"a":2})"}}})).error().reason == "JSON_DUPLICATE_NAME");
  CHECK(settings_text(Arguments(Values{{"settings-file", {folder.path() / "absent"}}})).error().reason ==
        "FILE_UNREADABLE");
}

TEST_CASE("a switch's secret is never typed") {
  for (const auto& option : switch_options(true)) CHECK_FALSE(option.name.contains("secret"));
  for (const auto& option : switch_options(false)) CHECK_FALSE(option.name.contains("secret"));
}

TEST_CASE("ports: every argument has its field") {
  v1::Port port;
  google::protobuf::FieldMask mask;
  const Arguments typed(Values{{"name", {"p3"}},
                               {"display-name", {"gate"}},
                               {"role", {"service"}},
                               {"segment", {"onboarding"}},
                               {"nas-port-id", {"3"}},
                               {"authenticator", {"/run/hostapd/p3"}},
                               {"disconnect-at", {"192.0.2.7:3799"}}});
  REQUIRE(apply_changes(typed, {.segment = "segments/s"}, port, mask));
  CHECK(port.port_name() == "p3");
  CHECK(port.role() == v1::PORT_ROLE_SERVICE);
  CHECK(port.fixed_segment() == "segments/s");
  CHECK(port.nas_port_id() == "3");
  CHECK(port.authenticator() == "/run/hostapd/p3");
  CHECK(port.disconnect_at() == "192.0.2.7:3799");
  CHECK(paths(mask) == Paths{"port_name", "display_name", "role", "fixed_segment", "nas_port_id", "authenticator",
                             "disconnect_at"});
  CHECK(reason_of_named_change({}, port) == "NOTHING_TO_CHANGE");
}

TEST_CASE("sessions and attempts are asked for by place, MAC address and time") {
  const PlaceFilter where{.device = "devices/d", .on_switch = "switches/s", .port = "ports/p"};
  const auto sessions = list_sessions_request(
      Arguments(Values{{"mac", {"00:d0:e5:f2:00:02"}}, {"open", {"true"}}, {"at", {"2026-11-24T02:10:00Z"}}}), where);
  REQUIRE(sessions);
  CHECK(sessions->device() == "devices/d");
  CHECK(sessions->network_switch() == "switches/s");
  CHECK(sessions->port() == "ports/p");
  CHECK(sessions->mac_address() == "00:d0:e5:f2:00:02");
  CHECK(sessions->open());
  CHECK(*rpc::read_time("t", sessions->at_time()) == *parse_rfc3339("2026-11-24T02:10:00Z"));
  CHECK_FALSE(list_sessions_request(Arguments(Values{{"at", {"at night"}}}), where));
  CHECK_FALSE(list_sessions_request(Arguments(), {})->has_at_time());

  const auto attempts = list_attempts_request(
      Arguments(Values{{"verdict", {"refused"}}, {"from", {"2026-11-24"}}, {"until", {"2026-11-25"}}}), where);
  REQUIRE(attempts);
  CHECK(attempts->verdict() == v1::ATTEMPT_VERDICT_REFUSED);
  CHECK(attempts->port() == "ports/p");
  CHECK(*rpc::read_time("t", attempts->end_time()) == *parse_rfc3339("2026-11-25T00:00:00Z"));
  CHECK_FALSE(list_attempts_request(Arguments(Values{{"from", {"yesterday"}}}), where));
}

TEST_CASE("a switch differs where a port does, is about to, or is missing") {
  v1::DiffSwitchResponse diff;
  diff.add_undeclared_ports("p9");
  CHECK_FALSE(differs(diff));
  diff.add_missing_ports("p3");
  CHECK(differs(diff));
  diff.clear_missing_ports();
  diff.add_ports()->mutable_port()->set_pending(true);
  CHECK(differs(diff));
  diff.Clear();
  diff.add_foreign("fail_mode is not secure");
  CHECK(differs(diff));
}
