// What attributes say, vendors' attributes, VLANs and filter rules; and the dictionary against FreeRADIUS's.
#include "libs/protocol/radius/values.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "libs/base/hex.h"
#include "libs/protocol/radius/error_cause.h"
#include "libs/protocol/radius/filter_rules.h"
#include "libs/protocol/radius/tunnel.h"
#include "libs/protocol/radius/vendor.h"

using namespace pratique;
using namespace pratique::radius;

namespace {

Packet packet_of(std::vector<Attribute> attributes) {
  return {.code = Code::coa_request, .attributes = std::move(attributes)};
}
Attribute raw(AttributeType type, std::string_view hex) { return {type, *hex_decode(hex)}; }

template <typename T>
std::string reason_of_error(const Result<T>& result) {
  return result ? "none" : result.error().reason;
}

}  // namespace

TEST_CASE("radius: values go to bytes and back", "[radius]") {
  const auto name = *text_attribute(AttributeType::user_name, "dock-7 \xc3\xa9");
  CHECK(*text_of(name) == "dock-7 \xc3\xa9");
  const auto number = integer_attribute(AttributeType::session_timeout, 0x01020304);
  CHECK(hex_encode(number.value) == "01020304");
  CHECK(*integer_of(number) == 0x01020304);
  const auto v4 = *IpAddress::parse("192.0.2.7"), v6 = *IpAddress::parse("2001:db8::7");
  CHECK(*address_of(*address_attribute(AttributeType::nas_ip_address, v4)) == v4);
  CHECK(*address_of(*address_attribute(AttributeType::nas_ipv6_address, v6)) == v6);
  const auto time = *parse_rfc3339("2026-06-01T12:00:00.75Z");
  CHECK(*time_of(*time_attribute(AttributeType::event_timestamp, time)) == *parse_rfc3339("2026-06-01T12:00:00Z"));
  CHECK(*time_of(raw(AttributeType::event_timestamp, "ffffffff")) == *parse_rfc3339("2106-02-07T06:28:15Z"));
}

TEST_CASE("radius: a value that is not of its kind is refused and named", "[radius]") {
  const auto bad = [](const auto& result, std::string_view name) {
    REQUIRE_FALSE(result);
    CHECK(result.error().reason == "RADIUS_ATTRIBUTE_INVALID");
    CHECK(result.error().message.contains(name));
  };
  bad(text_of(raw(AttributeType::nas_port_id, "610062")), "NAS-Port-Id");
  bad(text_of(raw(AttributeType::filter_id, "c328")), "Filter-Id");
  bad(integer_of(raw(AttributeType::nas_port, "000001")), "NAS-Port");
  bad(integer_of(raw(AttributeType::nas_port, "0000000001")), "NAS-Port");
  bad(address_of(raw(AttributeType::nas_ip_address,
                     "c0000207"
                     "00")),
      "NAS-IP-Address");
  bad(address_of({AttributeType::nas_ip_address, Bytes(16)}), "NAS-IP-Address");
  bad(address_of({AttributeType::nas_ipv6_address, Bytes(4)}), "NAS-IPv6-Address");
  bad(time_of(raw(AttributeType::event_timestamp, "00")), "Event-Timestamp");
  bad(text_attribute(AttributeType::filter_id, ""), "Filter-Id");
  bad(text_attribute(AttributeType::filter_id, std::string(254, 'a')), "Filter-Id");
  bad(text_attribute(AttributeType::filter_id, std::string("a\0", 2)), "Filter-Id");
  bad(text_attribute(AttributeType::filter_id, "\xff"), "Filter-Id");
  bad(octets_attribute(AttributeType::state, {}), "State");
  bad(octets_attribute(AttributeType::state, Bytes(254)), "State");
  bad(address_attribute(AttributeType::nas_ip_address, *IpAddress::parse("::1")), "NAS-IP-Address");
  bad(address_attribute(AttributeType::nas_ipv6_address, *IpAddress::parse("192.0.2.7")), "NAS-IPv6-Address");
  bad(time_attribute(AttributeType::event_timestamp, *parse_rfc3339("1969-12-31T23:59:59Z")), "Event-Timestamp");
  bad(time_attribute(AttributeType::event_timestamp, *parse_rfc3339("2106-02-07T06:28:16Z")), "Event-Timestamp");
}

TEST_CASE("radius: a NUL at the end of a text is dropped, an empty text is none", "[radius]") {
  CHECK(*text_of(raw(AttributeType::nas_port_id, "703100")) == "p1");
  CHECK_FALSE(text_of(raw(AttributeType::nas_port_id, "70310000")));
  CHECK_FALSE(find_text(packet_of({raw(AttributeType::nas_port_id, "")}), AttributeType::nas_port_id)->has_value());
  CHECK_FALSE(find_text(packet_of({raw(AttributeType::nas_port_id, "00")}), AttributeType::nas_port_id)->has_value());
}

TEST_CASE("radius: absent, there once, there twice", "[radius]") {
  const auto a = *text_attribute(AttributeType::user_name, "a"), b = *text_attribute(AttributeType::user_name, "b");
  CHECK_FALSE(find_text(packet_of({}), AttributeType::user_name)->has_value());
  CHECK(*find_text(packet_of({a}), AttributeType::user_name) == "a");
  const auto twice = find_text(packet_of({a, b}), AttributeType::user_name);
  CHECK(reason_of_error(twice) == "RADIUS_ATTRIBUTE_REPEATED");
  CHECK(twice.error().message.contains("User-Name"));
  CHECK(reason_of_error(get_text(packet_of({}), AttributeType::user_name)) == "RADIUS_ATTRIBUTE_MISSING");
  CHECK(reason_of_error(get_integer(packet_of({}), AttributeType::nas_port)) == "RADIUS_ATTRIBUTE_MISSING");
  CHECK(*all_texts(packet_of({a, b}), AttributeType::user_name) == std::vector<std::string>{"a", "b"});
  CHECK_FALSE(all_texts(packet_of({a, raw(AttributeType::user_name, "ff")}), AttributeType::user_name));
  CHECK(all_octets(packet_of({a, b}), AttributeType::user_name).size() == 2);
}

TEST_CASE("radius: vendors' attributes", "[radius]") {
  const auto pair = *text_for_vendor(kCisco, kCiscoAvPair, "a=b");
  CHECK(hex_encode(pair.value) ==
        "00000009"
        "0105"
        "613d62");
  CHECK(*vendor_attributes_of(pair) == std::vector<VendorAttribute>{{9, 1, to_bytes("a=b")}});
  CHECK(vendor_attributes_of(raw(AttributeType::vendor_specific,
                                 "00000137"
                                 "010361"
                                 "0202"))
            ->size() == 2);
  for (const auto* bad : {"", "000009", "00000009",
                          "01000009"
                          "010361",
                          "00000009"
                          "01",
                          "00000009"
                          "0101",
                          "00000009"
                          "0104"
                          "61",
                          "00000009"
                          "0103"
                          "61"
                          "02"}) {
    INFO(bad);
    CHECK(reason_of_error(vendor_attributes_of(raw(AttributeType::vendor_specific, bad))) ==
          "RADIUS_ATTRIBUTE_INVALID");
  }
  CHECK(vendor_attribute({9, 1, Bytes(247)})->value.size() == kMaxAttributeValue);
  CHECK(reason_of_error(vendor_attribute({9, 1, Bytes(248)})) == "RADIUS_ATTRIBUTE_INVALID");
  CHECK(reason_of_error(vendor_attribute({0x1000000, 1, {}})) == "RADIUS_ATTRIBUTE_INVALID");
}

TEST_CASE("radius: a VLAN is three tunnel attributes", "[radius]") {
  const auto plain = *vlan_attributes(*vlan_numbered(42));
  REQUIRE(plain.size() == 3);
  CHECK(plain[0] == raw(AttributeType::tunnel_type, "0000000d"));
  CHECK(plain[1] == raw(AttributeType::tunnel_medium_type, "00000006"));
  CHECK(plain[2] == raw(AttributeType::tunnel_private_group_id, "3432"));
  CHECK((*find_vlan(packet_of(plain)))->number() == 42);
  const auto tagged = *vlan_attributes({"guests"}, 3);
  CHECK(tagged[0] == raw(AttributeType::tunnel_type, "0300000d"));
  CHECK(tagged[2] == raw(AttributeType::tunnel_private_group_id, "03677565737473"));
  CHECK((*find_vlan(packet_of(tagged)))->group == "guests");
  CHECK_FALSE((*find_vlan(packet_of(tagged)))->number());
  // Some servers send the tag byte even where it is zero.
  CHECK(
      (*find_vlan(packet_of({plain[0], plain[1], raw(AttributeType::tunnel_private_group_id, "003432")})))->number() ==
      42);
  CHECK(vlan_numbered(1)->number() == 1);
  CHECK(vlan_numbered(4094)->number() == 4094);
}

TEST_CASE("radius: what assigns no VLAN, or not one", "[radius]") {
  const auto vlan = *vlan_attributes(*vlan_numbered(42)), other = *vlan_attributes(*vlan_numbered(43), 2);
  SECTION("numbers outside") {
    CHECK(reason_of_error(vlan_numbered(0)) == "RADIUS_VLAN_INVALID");
    CHECK(reason_of_error(vlan_numbered(4095)) == "RADIUS_VLAN_INVALID");
    CHECK(reason_of_error(vlan_attributes({"4095"})) == "RADIUS_VLAN_INVALID");
    CHECK(reason_of_error(vlan_attributes({"99999999999999999999"})) == "RADIUS_VLAN_INVALID");
    CHECK_FALSE(VlanAssignment{"42 "}.number());
    CHECK_FALSE(VlanAssignment{"-1"}.number());
    CHECK_FALSE(VlanAssignment{""}.number());
  }
  SECTION("a group that cannot be sent") {
    CHECK(reason_of_error(vlan_attributes({""})) == "RADIUS_ATTRIBUTE_INVALID");
    CHECK(reason_of_error(vlan_attributes({"\x05guests"})) == "RADIUS_ATTRIBUTE_INVALID");
    CHECK(reason_of_error(vlan_attributes({"guests"}, 32)) == "RADIUS_ATTRIBUTE_INVALID");
    CHECK(vlan_attributes({std::string(253, 'a')}));
    CHECK(reason_of_error(vlan_attributes({std::string(253, 'a')}, 1)) == "RADIUS_ATTRIBUTE_INVALID");
    CHECK(reason_of_error(tagged_integer_attribute(AttributeType::tunnel_type, 0x1000000)) ==
          "RADIUS_ATTRIBUTE_INVALID");
  }
  SECTION("one of the three is missing, or of another kind") {
    for (std::size_t without = 0; without < 3; ++without) {
      auto attributes = vlan;
      attributes.erase(attributes.begin() + static_cast<std::ptrdiff_t>(without));
      CHECK_FALSE(find_vlan(packet_of(attributes))->has_value());
    }
    CHECK_FALSE(find_vlan(packet_of({raw(AttributeType::tunnel_type, "00000003"), vlan[1], vlan[2]}))->has_value());
    CHECK_FALSE(
        find_vlan(packet_of({vlan[0], raw(AttributeType::tunnel_medium_type, "00000001"), vlan[2]}))->has_value());
    CHECK_FALSE(find_vlan(packet_of({vlan[0], vlan[1], other[2]}))->has_value());
  }
  SECTION("two VLANs") {
    auto both = vlan;
    both.insert(both.end(), other.begin(), other.end());
    CHECK(reason_of_error(find_vlan(packet_of(both))) == "RADIUS_VLAN_AMBIGUOUS");
    CHECK(reason_of_error(
              find_vlan(packet_of({vlan[0], vlan[1], vlan[2], raw(AttributeType::tunnel_private_group_id, "3433")}))) ==
          "RADIUS_VLAN_AMBIGUOUS");
    const auto same = *vlan_attributes(*vlan_numbered(42), 2);
    auto agreed = vlan;
    agreed.insert(agreed.end(), same.begin(), same.end());
    CHECK((*find_vlan(packet_of(agreed)))->number() == 42);
  }
  SECTION("attributes that cannot be read") {
    CHECK(reason_of_error(find_vlan(packet_of({raw(AttributeType::tunnel_type, "2000000d")}))) ==
          "RADIUS_ATTRIBUTE_INVALID");
    CHECK(reason_of_error(find_vlan(packet_of({raw(AttributeType::tunnel_medium_type, "0006")}))) ==
          "RADIUS_ATTRIBUTE_INVALID");
    CHECK(reason_of_error(find_vlan(packet_of({raw(AttributeType::tunnel_private_group_id, "ff")}))) ==
          "RADIUS_ATTRIBUTE_INVALID");
  }
}

TEST_CASE("radius: filter rules are joined and cut anywhere", "[radius]") {
  const std::vector<std::string> rules{"permit in udp from any to 192.0.2.53 53", std::string(300, 'r'),
                                       "deny in ip from any to any"};
  const auto attributes = *filter_rule_attributes(rules);
  CHECK(attributes.size() == 2);
  CHECK(attributes.front().value.size() == kMaxAttributeValue);
  CHECK(*find_filter_rules(packet_of(attributes)) == rules);
  CHECK(filter_rule_attributes({})->empty());
  CHECK(find_filter_rules(packet_of({}))->empty());
  for (const auto& bad : {std::string(), std::string("a\0b", 3), std::string("\xff")})
    CHECK(reason_of_error(filter_rule_attributes(std::vector{bad})) == "RADIUS_ATTRIBUTE_INVALID");
  CHECK(reason_of_error(find_filter_rules(packet_of({raw(AttributeType::nas_filter_rule, "61ff")}))) ==
        "RADIUS_ATTRIBUTE_INVALID");
}

TEST_CASE("radius: the dictionary has no number and no name twice", "[radius]") {
  for (const auto& info : dictionary()) {
    CHECK(find_attribute(info.type) == &info);
    CHECK(find_attribute(info.name) == &info);
  }
  CHECK(to_string(AttributeType{200}) == "Attribute-200");
  CHECK(find_attribute("nas-port-id") == nullptr);
}

TEST_CASE("radius: numbers, kinds and causes are those of FreeRADIUS's dictionaries", "[radius]") {
  const std::filesystem::path folder = "/usr/share/freeradius";
  if (!std::filesystem::exists(folder / "dictionary.rfc2865")) {
    WARN("skipped: FreeRADIUS's dictionaries are not installed");
    return;
  }
  const std::map<std::string, std::vector<ValueKind>> kinds{
      {"string", {ValueKind::text, ValueKind::tagged_text, ValueKind::octets}},
      {"octets", {ValueKind::octets}},
      {"integer", {ValueKind::integer, ValueKind::tagged_integer}},
      {"ipaddr", {ValueKind::ipv4}},
      {"ipv6addr", {ValueKind::ipv6}},
      {"date", {ValueKind::time}},
      {"vsa", {ValueKind::vendor}}};
  std::size_t attributes = 0, causes = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (!file.path().filename().string().starts_with("dictionary.rfc")) continue;
    std::ifstream in(file.path());
    for (std::string line; std::getline(in, line);) {
      std::istringstream words(line);
      std::string word, name, third, fourth, flags;
      words >> word >> name >> third >> fourth >> flags;
      if (word == "VALUE" && name == "Error-Cause") {
        ++causes;
        INFO(line);
        CHECK_FALSE(to_string(ErrorCause{static_cast<std::uint32_t>(std::stoul(fourth))}).starts_with("Error-Cause"));
      }
      if (word != "ATTRIBUTE") continue;
      const auto* info = find_attribute(name);
      if (info == nullptr) continue;
      ++attributes;
      INFO(line);
      CHECK(std::to_string(static_cast<unsigned>(info->type)) == third);
      const auto kind = kinds.find(fourth.substr(0, fourth.find('[')));
      REQUIRE(kind != kinds.end());
      CHECK(std::ranges::count(kind->second, info->kind) == 1);
      const bool tagged = info->kind == ValueKind::tagged_integer || info->kind == ValueKind::tagged_text;
      CHECK(flags.contains("has_tag") == tagged);
    }
  }
  CHECK(attributes == dictionary().size());
  CHECK(causes == 17);
}
