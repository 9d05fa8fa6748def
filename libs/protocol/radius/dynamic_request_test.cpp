// What we ask of a NAS, as packets.
#include "libs/protocol/radius/dynamic_request.h"

#include <catch2/catch.hpp>

#include "libs/protocol/radius/authenticator.h"
#include "libs/protocol/radius/filter_rules.h"
#include "libs/protocol/radius/request.h"
#include "libs/protocol/radius/values.h"
#include "libs/protocol/radius/vendor.h"
#include "libs/protocol/radius/world_test.h"

using namespace pratique;
using namespace pratique::radius;
using radius::change;
using test::must;
using test::secret_of;

namespace {

const Timestamp kNow = *parse_rfc3339("2026-06-01T12:00:00Z");
const MacAddress kMac = *MacAddress::parse("00:d0:e5:f2:00:02");

SessionIdentification dock() { return {.nas_identifier = "sw1", .calling_station = CallingStation{kMac}}; }

std::vector<AttributeType> types(const Packet& packet) {
  std::vector<AttributeType> out;
  for (const auto& attribute : packet.attributes) out.push_back(attribute.type);
  return out;
}
Packet made(const DynamicRequest& request) {
  return must(sign_dynamic_request(request, 7, kNow, secret_of(test::kSecret))).packet;
}
template <typename T>
std::string reason_of_error(const Result<T>& result) {
  return result ? "none" : result.error().reason;
}

}  // namespace

TEST_CASE("radius: a disconnect names NAS and session, has a time and a Message-Authenticator", "[radius]") {
  const SessionIdentification session{.nas_identifier = "sw1",
                                      .nas_address = *IpAddress::parse("192.0.2.1"),
                                      .acct_session_id = "0F3A",
                                      .acct_multi_session_id = "M1",
                                      .calling_station = CallingStation{kMac},
                                      .user_name = "dock-7",
                                      .nas_port_id = "p1",
                                      .nas_port = 3};
  const auto signed_request = must(sign_dynamic_request(must(disconnect(session)), 7, kNow, secret_of(test::kSecret)));
  const auto packet = must(parse_packet(signed_request.datagram));
  CHECK(packet == signed_request.packet);
  CHECK(packet.code == Code::disconnect_request);
  CHECK(packet.identifier == 7);
  using enum AttributeType;
  CHECK(types(packet) == std::vector{message_authenticator, nas_identifier, nas_ip_address, acct_session_id,
                                     acct_multi_session_id, calling_station_id, user_name, nas_port_id, nas_port,
                                     event_timestamp});
  CHECK(must(get_text(packet, calling_station_id)) == "00-D0-E5-F2-00-02");
  CHECK(must(find_time(packet, event_timestamp)) == kNow);
  CHECK(judge_request(packet, secret_of(test::kSecret), RequestRules::dynamic_authorization(), kNow).accepted());
}

TEST_CASE("radius: a device's address is written as its NAS writes it", "[radius]") {
  const SessionIdentification session{.calling_station = CallingStation{kMac, MacForm::dot, LetterCase::lower}};
  CHECK(must(get_text(made(must(disconnect(session))), AttributeType::calling_station_id)) == "00d0.e5f2.0002");
}

TEST_CASE("radius: an IPv6 NAS is named by NAS-IPv6-Address", "[radius]") {
  const auto packet = made(must(disconnect({.nas_address = *IpAddress::parse("2001:db8::1"), .user_name = "dock-7"})));
  CHECK(must(find_address(packet, AttributeType::nas_ipv6_address))->text() == "2001:db8::1");
  CHECK(find_first(packet, AttributeType::nas_ip_address) == nullptr);
}

TEST_CASE("radius: nobody is disconnected by a request that names no session", "[radius]") {
  CHECK(reason_of_error(disconnect({})) == "RADIUS_SESSION_UNIDENTIFIED");
  CHECK(reason_of_error(disconnect({.nas_identifier = "sw1", .nas_address = *IpAddress::parse("192.0.2.1")})) ==
        "RADIUS_SESSION_UNIDENTIFIED");
  CHECK(reason_of_error(change({.nas_identifier = "sw1"}, {.filter_id = "printers"})) == "RADIUS_SESSION_UNIDENTIFIED");
  CHECK(reason_of_error(authorize_again({}, as_bytes("s"))) == "RADIUS_SESSION_UNIDENTIFIED");
}

TEST_CASE("radius: what names a session must be sendable", "[radius]") {
  const auto bad = disconnect({.user_name = std::string(254, 'a')});
  CHECK(reason_of_error(bad) == "RADIUS_ATTRIBUTE_INVALID");
  CHECK(bad.error().message.contains("User-Name"));
  CHECK(reason_of_error(disconnect({.nas_port_id = std::string("p\0", 2)})) == "RADIUS_ATTRIBUTE_INVALID");
  CHECK(reason_of_error(disconnect({.nas_identifier = "\xff", .user_name = "a"})) == "RADIUS_ATTRIBUTE_INVALID");
}

TEST_CASE("radius: a change of VLAN, filter, rules and time", "[radius]") {
  const auto packet = made(must(change(dock(), {.vlan = must(vlan_numbered(42)),
                                                .filter_id = "printers",
                                                .filter_rules = {"deny in ip from any to any"},
                                                .session_timeout = std::chrono::hours(1),
                                                .others = {must(text_for_vendor(kCisco, kCiscoAvPair, "a=b"))}})));
  CHECK(packet.code == Code::coa_request);
  CHECK(must(find_vlan(packet))->number() == 42);
  CHECK(must(get_text(packet, AttributeType::filter_id)) == "printers");
  CHECK(must(find_filter_rules(packet)) == std::vector<std::string>{"deny in ip from any to any"});
  CHECK(must(get_integer(packet, AttributeType::session_timeout)) == 3600);
  CHECK(find_first(packet, AttributeType::termination_action) == nullptr);
  CHECK(count(packet, AttributeType::vendor_specific) == 1);
  CHECK(find_first(packet, AttributeType::proxy_state) == nullptr);
}

TEST_CASE("radius: a change asks for a new login", "[radius]") {
  const auto packet = made(must(change(dock(), SessionChange::authenticate_again(std::chrono::seconds(5)))));
  CHECK(must(get_integer(packet, AttributeType::session_timeout)) == 5);
  CHECK(must(get_integer(packet, AttributeType::termination_action)) == 1);

  const auto authorize = made(must(authorize_again(dock(), as_bytes("state-1"))));
  CHECK(must(get_integer(authorize, AttributeType::service_type)) == kServiceTypeAuthorizeOnly);
  CHECK(all_octets(authorize, AttributeType::state) == std::vector<Bytes>{to_bytes("state-1")});
  CHECK(reason_of_error(authorize_again(dock(), {})) == "RADIUS_ATTRIBUTE_INVALID");
}

TEST_CASE("radius: a change that is none, or brings what is not its own", "[radius]") {
  CHECK(reason_of_error(change(dock(), {})) == "RADIUS_CHANGE_EMPTY");
  CHECK(reason_of_error(change(dock(), {.session_timeout = std::chrono::seconds(-1)})) == "RADIUS_ATTRIBUTE_INVALID");
  CHECK(reason_of_error(change(dock(), {.session_timeout = std::chrono::seconds(1LL << 32)})) ==
        "RADIUS_ATTRIBUTE_INVALID");
  CHECK(reason_of_error(change(dock(), {.vlan = VlanAssignment{"0"}})) == "RADIUS_VLAN_INVALID");
  CHECK(reason_of_error(change(dock(), {.filter_id = std::string(254, 'a')})) == "RADIUS_ATTRIBUTE_INVALID");
  CHECK(reason_of_error(change(dock(), {.filter_rules = {""}})) == "RADIUS_ATTRIBUTE_INVALID");
  for (const auto type : {AttributeType::message_authenticator, AttributeType::proxy_state,
                          AttributeType::event_timestamp, AttributeType::user_name, AttributeType::nas_identifier}) {
    const auto bad = change(dock(), {.others = {{type, Bytes(16, 'a')}}});
    CHECK(reason_of_error(bad) == "RADIUS_ATTRIBUTE_INVALID");
    CHECK(bad.error().message.contains(to_string(type)));
  }
  const std::vector<std::string> many(20, std::string(250, 'r'));
  CHECK(reason_of_error(sign_dynamic_request(must(change(dock(), {.filter_rules = many})), 7, kNow,
                                             secret_of(test::kSecret))) == "RADIUS_PACKET_TOO_LARGE");
}

TEST_CASE("radius: what radclient asks reads as we would have asked", "[radius]") {
  const auto theirs = test::packet_from(test::kRadclientCoa);
  CHECK(must(find_vlan(theirs))->number() == 42);
  const auto ours = made(
      must(change({.nas_address = *IpAddress::parse("192.0.2.1"), .calling_station = CallingStation{kMac}},
                  {.vlan = must(vlan_numbered(42)),
                   .filter_id = "printers",
                   .session_timeout = std::chrono::hours(1),
                   .termination_action = TerminationAction::authenticate_again,
                   .others = {must(text_for_vendor(kCisco, kCiscoAvPair, "subscriber:command=reauthenticate"))}})));
  for (const auto& attribute : ours.attributes) {
    INFO(to_string(attribute.type));
    if (attribute.type == AttributeType::message_authenticator) continue;
    REQUIRE(find_first(theirs, attribute.type) != nullptr);
    CHECK(*find_first(theirs, attribute.type) == attribute);
  }
  CHECK(must(find_vlan(test::packet_from(test::kRadclientTagged)))->group == "guests");
}
