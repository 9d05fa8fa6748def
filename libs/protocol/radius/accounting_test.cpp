#include "libs/protocol/radius/accounting.h"

#include <catch2/catch.hpp>

#include "libs/protocol/radius/values.h"
#include "libs/protocol/radius/world_test.h"

using namespace pratique;
using namespace pratique::radius;
using test::must;

namespace {

Packet stop() { return test::packet_from(test::kRadclientStop); }
void drop(Packet& packet, AttributeType type) {
  std::erase_if(packet.attributes, [type](const Attribute& attribute) { return attribute.type == type; });
}

}  // namespace

TEST_CASE("radius: what radclient sends as a Stop is read whole", "[radius]") {
  const auto record = must(read_accounting(stop()));
  CHECK(record.status == AcctStatus::stop);
  CHECK(record.session_id == "0F3A7C0100000001");
  CHECK(record.user_name == "dock-7");
  CHECK(record.calling_station_id == "00-D0-E5-F2-00-02");
  CHECK(record.calling_mac == *MacAddress::parse("00:d0:e5:f2:00:02"));
  CHECK(record.called_station_id == "00-D0-E5-00-00-01:site");
  CHECK(record.nas_identifier == "sw1");
  CHECK_FALSE(record.nas_address);
  CHECK(record.nas_port_id == "p1");
  CHECK(record.framed_address->text() == "10.9.0.1");
  CHECK(record.classes == std::vector<Bytes>{{0x01, 0x02, 0xff}});
  CHECK(record.event_time == *parse_rfc3339("2026-06-01T12:00:00Z"));
  CHECK(record.delay == std::chrono::seconds(2));
  CHECK(record.session_time == std::chrono::seconds(61));
  CHECK(record.from_device == Traffic{.octets = (1ULL << 32) + 17, .packets = 3});
  CHECK(record.to_device == Traffic{.octets = 4000, .packets = 4});
  CHECK(terminate_cause_text(record.terminate_cause.value_or(0)) == "Lost-Carrier");
}

TEST_CASE("radius: a record that lacks what names it", "[radius]") {
  auto packet = stop();
  const auto type =
      GENERATE(AttributeType::acct_status_type, AttributeType::acct_session_id, AttributeType::nas_identifier);
  drop(packet, type);
  const auto record = read_accounting(packet);
  REQUIRE_FALSE(record);
  CHECK(record.error().reason == "RADIUS_ATTRIBUTE_MISSING");
  CHECK(record.error().message.contains(to_string(type)));
}

TEST_CASE("radius: a NAS is named by an address, too", "[radius]") {
  auto packet = stop();
  drop(packet, AttributeType::nas_identifier);
  SECTION("IPv4") {
    packet.attributes.push_back(must(address_attribute(AttributeType::nas_ip_address, *IpAddress::parse("192.0.2.1"))));
    CHECK(must(read_accounting(packet)).nas_address->text() == "192.0.2.1");
  }
  SECTION("IPv6") {
    packet.attributes.push_back(
        must(address_attribute(AttributeType::nas_ipv6_address, *IpAddress::parse("2001:db8::1"))));
    CHECK(must(read_accounting(packet)).nas_address->text() == "2001:db8::1");
  }
}

TEST_CASE("radius: a record with something that cannot be read", "[radius]") {
  auto packet = stop();
  SECTION("a status twice") {
    packet.attributes.push_back(integer_attribute(AttributeType::acct_status_type, 1));
    CHECK(read_accounting(packet).error().reason == "RADIUS_ATTRIBUTE_REPEATED");
  }
  SECTION("a count of three bytes") {
    drop(packet, AttributeType::acct_input_octets);
    packet.attributes.push_back({AttributeType::acct_input_octets, Bytes(3)});
    const auto error = read_accounting(packet).error();
    CHECK(error.reason == "RADIUS_ATTRIBUTE_INVALID");
    CHECK(error.message.contains("Acct-Input-Octets"));
  }
  SECTION("a calling station that is no MAC address is kept as text") {
    drop(packet, AttributeType::calling_station_id);
    packet.attributes.push_back(must(text_attribute(AttributeType::calling_station_id, "+1 555 0100")));
    const auto record = must(read_accounting(packet));
    CHECK(record.calling_station_id == "+1 555 0100");
    CHECK_FALSE(record.calling_mac);
  }
}

TEST_CASE("radius: statuses and causes have names", "[radius]") {
  CHECK(to_string(AcctStatus::interim_update) == "Interim-Update");
  CHECK(to_string(AcctStatus{15}) == "Acct-Status-Type 15");
  CHECK(terminate_cause_text(1) == "User-Request");
  CHECK(terminate_cause_text(18) == "Host-Request");
  CHECK(terminate_cause_text(0) == "Acct-Terminate-Cause 0");
  CHECK(terminate_cause_text(19) == "Acct-Terminate-Cause 19");
}
