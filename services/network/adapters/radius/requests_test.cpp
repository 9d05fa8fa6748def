// From sessions to requests, from answers to errors: tables, no socket.
#include "services/network/adapters/radius/requests.h"

#include <catch2/catch.hpp>

#include "libs/protocol/radius/tunnel.h"
#include "libs/protocol/radius/values.h"
#include "libs/protocol/radius/vendor.h"
#include "libs/protocol/radius/world_test.h"

using namespace pratique;
using namespace pratique::network;
using radius::AttributeType;

namespace {

RadiusSwitch a_switch() {
  return {.nas = {*IpAddress::parse("192.0.2.1")}, .secret = radius::test::secret_of(radius::test::kSecret)};
}

const SessionRef kSession{.port = "p1",
                          .mac = *MacAddress::parse("00:d0:e5:f2:00:02"),
                          .accounting_id = "0F3A",
                          .user_name = "dock-7"};

radius::Packet packet_of(const Result<radius::DynamicRequest>& request) {
  if (!request) FAIL(request.error().reason << ": " << request.error().message);
  return {.code = request->code, .attributes = request->attributes};
}

std::string text_in(const radius::Packet& packet, AttributeType type) {
  return radius::find_text(packet, type)->value_or("");
}

std::string reason_of(const auto& result) { return result ? "accepted" : result.error().reason; }

}  // namespace

TEST_CASE("radius switch: a session is named as the switch knows it", "[network][radius]") {
  auto to = a_switch();
  auto packet = packet_of(request_to_end(to, to.naming, kSession));
  CHECK(packet.code == radius::Code::disconnect_request);
  CHECK(text_in(packet, AttributeType::acct_session_id) == "0F3A");
  CHECK(text_in(packet, AttributeType::calling_station_id) == "00-D0-E5-F2-00-02");
  CHECK(packet.attributes.size() == 2);

  to.nas_identifier = "sw1";
  to.nas_address = *IpAddress::parse("192.0.2.9");
  to.naming = {.accounting_id = false, .user_name = true, .port = true, .mac_form = MacForm::colon,
               .letters = LetterCase::lower};
  packet = packet_of(request_to_end(to, to.naming, kSession));
  CHECK(text_in(packet, AttributeType::acct_session_id).empty());
  CHECK(text_in(packet, AttributeType::calling_station_id) == "00:d0:e5:f2:00:02");
  CHECK(text_in(packet, AttributeType::user_name) == "dock-7");
  CHECK(text_in(packet, AttributeType::nas_port_id) == "p1");
  CHECK(text_in(packet, AttributeType::nas_identifier) == "sw1");
  CHECK(*radius::find_address(packet, AttributeType::nas_ip_address) == to.nas_address);
}

TEST_CASE("radius switch: a session of which the switch would be told nothing is not named", "[network][radius]") {
  const auto to = a_switch();
  const SessionRef vague{.port = "p1", .user_name = "dock-7"};
  CHECK(reason_of(request_to_end(to, to.naming, vague)) == "RADIUS_SESSION_UNIDENTIFIED");
  CHECK(reason_of(request_to_change(to, to.naming, {.port = "p1"}, 42)) == "RADIUS_SESSION_UNIDENTIFIED");
  CHECK(reason_of(request_to_end(to, to.naming, {.mac = kSession.mac})) == "accepted");
}

TEST_CASE("radius switch: a session that is not found is asked for by its best name", "[network][radius]") {
  SessionNaming naming{.user_name = true, .port = true};
  auto session = kSession;
  const auto second = [&] {
    const auto all = namings_of(naming, session);
    REQUIRE(all.size() == 2);
    CHECK(all[0].user_name == naming.user_name);
    return all[1];
  };
  CHECK(second().accounting_id);
  CHECK_FALSE(second().calling_station);
  CHECK_FALSE(second().user_name);
  CHECK_FALSE(second().port);
  session.accounting_id.clear();
  CHECK_FALSE(second().accounting_id);
  CHECK(second().calling_station);
  CHECK_FALSE(second().user_name);
  session.mac = {};
  CHECK(second().user_name);
  CHECK_FALSE(second().port);
  session.user_name.clear();
  CHECK(namings_of(naming, session).size() == 1);  // a port alone
  session = kSession;
  naming = {.calling_station = false};
  CHECK(namings_of(naming, session).size() == 1);
}

TEST_CASE("radius switch: a change in the switch's own way", "[network][radius]") {
  auto to = a_switch();
  SECTION("by VLAN") {
    const auto packet = packet_of(request_to_change(to, to.naming, kSession, 42));
    CHECK(packet.code == radius::Code::coa_request);
    const auto vlan = radius::find_vlan(packet);
    REQUIRE(vlan);
    REQUIRE(*vlan);
    CHECK((*vlan)->number() == 42);
    CHECK(reason_of(request_to_change(to, to.naming, kSession, 0)) == "RADIUS_VLAN_INVALID");
    CHECK(reason_of(request_to_change(to, to.naming, kSession, 4095)) == "RADIUS_VLAN_INVALID");
  }
  SECTION("by filter") {
    to.change_by = ChangeBy::filter_id;
    to.filters = {{42, "cameras.in"}};
    const auto packet = packet_of(request_to_change(to, to.naming, kSession, 42));
    CHECK(text_in(packet, AttributeType::filter_id) == "cameras.in");
    CHECK_FALSE(*radius::find_vlan(packet));
    CHECK(reason_of(request_to_change(to, to.naming, kSession, 43)) == "SWITCH_CAPABILITY_MISSING");
  }
  SECTION("by the vendor's attribute") {
    to.change_by = ChangeBy::reauthenticate;
    to.reauthenticate = {
        *radius::text_for_vendor(radius::kCisco, radius::kCiscoAvPair, "subscriber:command=reauthenticate")};
    const auto packet = packet_of(request_to_change(to, to.naming, kSession, 42));
    CHECK(packet.code == radius::Code::coa_request);
    CHECK(radius::count(packet, AttributeType::vendor_specific) == 1);
  }
  SECTION("by none") {
    to.change_by = ChangeBy::disconnect;
    CHECK(reason_of(request_to_change(to, to.naming, kSession, 42)) == "SWITCH_CAPABILITY_MISSING");
  }
}

TEST_CASE("radius switch: what cannot work is refused before it is used, with its field", "[network][radius]") {
  auto to = a_switch();
  CHECK(reason_of(check_radius_switch(to)) == "accepted");
  std::string field;
  SECTION("no port") {
    to.nas.port = 0;
    field = "nas.port";
  }
  SECTION("names that name nothing") {
    to.naming = {.accounting_id = false, .calling_station = false};
    field = "naming";
  }
  SECTION("filters without one") {
    to.change_by = ChangeBy::filter_id;
    field = "filters";
  }
  SECTION("a filter of no VLAN") {
    to.change_by = ChangeBy::filter_id;
    to.filters = {{4095, "cameras"}};
    field = "filters";
  }
  SECTION("a filter without a name") {
    to.change_by = ChangeBy::filter_id;
    to.filters = {{42, ""}};
    field = "filters";
  }
  SECTION("a request to log in again without its attributes") {
    to.change_by = ChangeBy::reauthenticate;
    field = "reauthenticate";
  }
  const auto refused = check_radius_switch(to);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().evidence.front().second == field);
}

TEST_CASE("radius switch: a refusal says why, and what to do", "[network][radius]") {
  const auto has = [](const Error& error, std::string_view key, std::string_view value) {
    return std::ranges::find(error.evidence, std::pair<std::string, std::string>(key, value)) != error.evidence.end();
  };
  using radius::Outcome, radius::ErrorCause;
  const auto refused = refusal("change", {.outcome = Outcome::refused,
                                          .error_cause = ErrorCause::unsupported_attribute,
                                          .reply_messages = {"no such VLAN"},
                                          .packet = {.code = radius::Code::coa_nak}});
  CHECK(refused.code == ErrorCode::failed_precondition);
  CHECK(refused.reason == "SWITCH_REFUSED");
  CHECK(refused.message.contains("Unsupported Attribute"));
  CHECK(has(refused, "error_cause", "Unsupported Attribute"));
  CHECK(has(refused, "code", "RADIUS_UNSUPPORTED_ATTRIBUTE"));
  CHECK(has(refused, "reply_message", "no such VLAN"));

  const auto silent = refusal("change", {Outcome::refused, {}, {}, {.code = radius::Code::coa_nak}});
  CHECK(has(silent, "error_cause", "none"));
  const auto busy = refusal("disconnect", {Outcome::refused, ErrorCause::resources_unavailable, {},
                                           {.code = radius::Code::disconnect_nak}});
  CHECK(busy.code == ErrorCode::unavailable);
}
