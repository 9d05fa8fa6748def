#include <catch2/catch.hpp>

#include "services/network/domain/grant.h"
#include "services/network/domain/port.h"
#include "services/network/domain/segment.h"

using namespace pratique;
using namespace pratique::network;

TEST_CASE("a segment has a name, and a VLAN id that is one") {
  Segment segment{.name = "cameras", .display_name = "Cameras, hall 2", .vlan = 20};
  CHECK(check_segment(segment));
  const auto field = [&] {
    const auto checked = check_segment(segment);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().reason == "FIELD_INVALID");
    return checked.error().evidence.at(0).second;
  };
  SECTION("VLAN 0") { segment.vlan = 0; CHECK(field() == "segment.vlan"); }
  SECTION("VLAN 4095") { segment.vlan = 4095; CHECK(field() == "segment.vlan"); }
  SECTION("no name") { segment.name = ""; CHECK(field() == "segment.short_name"); }
  SECTION("a name with a blank") { segment.name = "my cameras"; CHECK(field() == "segment.short_name"); }
  SECTION("a name that begins with a digit") { segment.name = "2nd"; CHECK(field() == "segment.short_name"); }
  SECTION("a name that is too long") { segment.name.assign(65, 'a'); CHECK(field() == "segment.short_name"); }
  SECTION("a control character") { segment.display_name = "a\nb"; CHECK(field() == "segment.display_name"); }
}

TEST_CASE("words of the API are read as they are written") {
  for (const auto purpose : {SegmentPurpose::onboarding, SegmentPurpose::production, SegmentPurpose::quarantine})
    CHECK(*parse_segment_purpose(to_string(purpose)) == purpose);
  for (const auto role : {PortRole::access, PortRole::service, PortRole::uplink})
    CHECK(*parse_port_role(to_string(role)) == role);
  CHECK(parse_segment_purpose("guest").error().reason == "FIELD_INVALID");
  CHECK(parse_port_role("").error().reason == "FIELD_INVALID");
}

TEST_CASE("a device's state at the registrar that is not known here excludes it") {
  CHECK(standing_of("admitted") == Standing::admitted);
  CHECK(standing_of("quarantined") == Standing::quarantined);
  for (const auto* state : {"expected", "pending", "onboarding", "retired", "", "ADMITTED", "celebrated"})
    CHECK(standing_of(state) == Standing::excluded);
}
