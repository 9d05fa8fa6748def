#include "services/network/domain/wlan.h"

#include <catch2/catch.hpp>

#include <set>

#include "libs/codec/json/utf8.h"

using namespace pratique;
using namespace pratique::network;

namespace {

Wlan cameras() {
  return {.name = "cameras",
          .site = *SiteId::parse("0193a0b1-0000-7000-8000-000000000001"),
          .ssid = to_bytes(std::string_view("Cameras"))};
}
const SegmentId kSegment = *SegmentId::parse("0193a0b1-0000-7000-8000-000000000002");

}  // namespace

TEST_CASE("a WLAN has a name, a site and an SSID of 1 to 32 octets", "[network][domain]") {
  auto wlan = cameras();
  CHECK(check_wlan(wlan));
  const auto field = [&] {
    const auto checked = check_wlan(wlan);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().reason == "FIELD_INVALID");
    return checked.error().evidence.at(0).second;
  };
  SECTION("no name") { wlan.name = ""; CHECK(field() == "wlan.short_name"); }
  SECTION("a name that is an SSID") { wlan.name = "Cameras"; CHECK(field() == "wlan.short_name"); }
  SECTION("a control character") { wlan.display_name = "a\nb"; CHECK(field() == "wlan.display_name"); }
  SECTION("no site") { wlan.site = {}; CHECK(field() == "wlan.site"); }
  SECTION("no SSID: the wildcard") { wlan.ssid.clear(); CHECK(field() == "wlan.ssid"); }
  SECTION("33 octets") { wlan.ssid.assign(33, 'a'); CHECK(field() == "wlan.ssid"); }
  SECTION("32 octets of any kind") { wlan.ssid.assign(32, 0); CHECK(check_wlan(wlan)); }
}

TEST_CASE("where no RADIUS server says where a device goes, the WLAN does", "[network][domain]") {
  for (const auto security : {WlanSecurity::open, WlanSecurity::owe, WlanSecurity::wpa3_enterprise,
                              WlanSecurity::wpa3_enterprise_192, WlanSecurity::dpp}) {
    CAPTURE(to_string(security));
    CHECK(*parse_wlan_security(to_string(security)) == security);
    auto wlan = cameras();
    wlan.security = security;
    CHECK(check_wlan(wlan).has_value() == asks_radius(security));
    wlan.segment = kSegment;
    CHECK(check_wlan(wlan));
  }
  CHECK(parse_wlan_security("wpa2-psk").error().reason == "FIELD_INVALID");
}

TEST_CASE("a WLAN that lets in anybody leads into onboarding, no other does", "[network][domain]") {
  using enum SegmentPurpose;
  for (const auto anybody : {WlanSecurity::open, WlanSecurity::owe}) {
    CHECK(may_lead_into(anybody, onboarding));
    CHECK_FALSE(may_lead_into(anybody, production));
    CHECK_FALSE(may_lead_into(anybody, quarantine));
  }
  for (const auto known : {WlanSecurity::wpa3_enterprise, WlanSecurity::wpa3_enterprise_192, WlanSecurity::dpp}) {
    CHECK_FALSE(may_lead_into(known, onboarding));
    CHECK(may_lead_into(known, production));
    CHECK_FALSE(may_lead_into(known, quarantine));
  }
}

TEST_CASE("an SSID is shown so that nothing of it is hidden", "[network][domain]") {
  const auto shown = [](std::string_view octets) { return ssid_text(as_bytes(octets)); };
  CHECK(shown("Hall 3") == "Hall 3");
  CHECK(shown("Caf\xC3\xA9") == "Caf\xC3\xA9");
  CHECK(shown("a\\x00b") == "a\\\\x00b");  // what looks like an escape is none
  CHECK(shown(std::string_view("a\0b", 3)) == "a\\x00b");
  CHECK(shown("\x1b[2J\x7f") == "\\x1b[2J\\x7f");
  CHECK(shown("\xC2\x9b") == "\\xc2\\x9b");  // a control character of Latin-1
  CHECK(shown("\xff\xC3") == "\\xff\\xc3");  // no UTF-8
  std::set<std::string> texts;
  for (int octet = 0; octet < 256; ++octet) {
    const auto text = ssid_text(Bytes{static_cast<std::uint8_t>(octet)});
    CHECK(json::utf8_valid(text));
    CHECK(texts.insert(text).second);
  }
}
