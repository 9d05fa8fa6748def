#include <catch2/catch.hpp>

#include "services/network/domain/plan.h"
#include "services/network/domain/reasons.h"

using namespace pratique;
using namespace pratique::network;

namespace {

constexpr VlanId kOnboarding = 10, kQuarantine = 99, kCameras = 20, kLocks = 30;

template <typename IdType>
IdType id(int number) {
  char text[64];
  std::snprintf(text, sizeof text, "01930000-0000-7000-8000-%012d", number);
  return *IdType::parse(text);
}

MacAddress mac(std::uint8_t last) { return MacAddress({0x02, 0, 0, 0, 0, last}); }

struct World {
  PortFacts port{.port = "p1"};
  SiteSegments segments{.onboarding = kOnboarding, .quarantine = kQuarantine,
                        .production = {{"cameras", kCameras}, {"locks", kLocks}}};
  Grants grants;
  Credentials credentials;

  /// Device `n` with certificate "0n", admitted to the segment, logged on at the port.
  void add(int n, Standing standing, std::string segment) {
    const auto device = id<DeviceId>(n);
    const auto serial = "0" + std::to_string(n);
    grants[device] = {.device = device, .standing = standing, .segment = std::move(segment)};
    credentials[{"aa", serial}] = {.serial = serial, .authority_key_id = "aa", .device = device, .live = true};
    port.sessions.push_back({.id = id<SessionId>(n), .device = device, .mac = mac(static_cast<std::uint8_t>(n)),
                             .certificate_serial = serial, .authority_key_id = "aa"});
  }
  PlannedPort plan() const { return plan_port(port, segments, grants, credentials); }
};

void check_closed(const PlannedPort& planned, std::string_view code) {
  CHECK(planned.plan.vlan == kOnboarding);
  CHECK(planned.plan.stations.empty());
  REQUIRE(planned.to_end.size() == 1);
  CHECK(planned.to_end[0].second.code == code);
}

}  // namespace

TEST_CASE("a port on which nobody is stays in the onboarding segment") {
  World world;
  const auto planned = world.plan();
  CHECK(planned.plan == PortPlan{.port = "p1", .role = PortRole::access, .vlan = kOnboarding, .stations = {}});
  CHECK(planned.to_end.empty());
}

TEST_CASE("an admitted device opens its port to its segment, for its own address alone") {
  World world;
  world.add(1, Standing::admitted, "cameras");
  const auto planned = world.plan();
  CHECK(planned.plan.vlan == kCameras);
  CHECK(planned.plan.stations == std::vector<AdmittedStation>{{mac(1), id<DeviceId>(1)}});
  CHECK(planned.to_end.empty());
}

TEST_CASE("a quarantined device is let into the quarantine segment, whatever segment it was given") {
  World world;
  world.add(1, Standing::quarantined, "cameras");
  CHECK(world.plan().plan.vlan == kQuarantine);
  CHECK(world.plan().plan.stations.size() == 1);
}

TEST_CASE("what is not known or not allowed opens nothing") {
  World world;
  world.add(1, Standing::admitted, "cameras");
  auto& credential = world.credentials.begin()->second;
  SECTION("the certificate is none of ours") {
    world.credentials.clear();
    check_closed(world.plan(), "PORT_CERTIFICATE_UNKNOWN");
  }
  SECTION("the certificate is another device's") {
    credential.device = id<DeviceId>(2);
    check_closed(world.plan(), "PORT_CERTIFICATE_UNKNOWN");
  }
  SECTION("the same serial number by another issuer") {
    world.port.sessions[0].authority_key_id = "bb";
    check_closed(world.plan(), "PORT_CERTIFICATE_UNKNOWN");
  }
  SECTION("the certificate was revoked") {
    credential.live = false;
    credential.reason = "lost";
    const auto planned = world.plan();
    check_closed(planned, "PORT_CERTIFICATE_ENDED");
    CHECK(planned.to_end[0].second.evidence.back() == std::pair<std::string, std::string>("reason", "lost"));
  }
  SECTION("the device is excluded") {
    world.grants.begin()->second.standing = Standing::excluded;
    check_closed(world.plan(), "PORT_DEVICE_EXCLUDED");
  }
  SECTION("nothing was heard of the device") {
    world.grants.clear();
    check_closed(world.plan(), "PORT_DEVICE_EXCLUDED");
  }
  SECTION("its segment does not exist here") {
    world.grants.begin()->second.segment = "elevators";
    check_closed(world.plan(), "PORT_SEGMENT_MISSING");
  }
  SECTION("the special segments are no production segments") {
    world.grants.begin()->second.segment = "quarantine";
    check_closed(world.plan(), "PORT_SEGMENT_MISSING");
  }
  SECTION("the link is down") {
    world.port.link_up = false;
    check_closed(world.plan(), "PORT_LINK_DOWN");
  }
}

TEST_CASE("two devices behind one port share a segment, or the later one is ended") {
  World world;
  world.add(1, Standing::admitted, "cameras");
  SECTION("the same segment") {
    world.add(2, Standing::admitted, "cameras");
    CHECK(world.plan().plan.stations.size() == 2);
    CHECK(world.plan().to_end.empty());
  }
  SECTION("another segment") {
    world.add(2, Standing::admitted, "locks");
    std::ranges::reverse(world.port.sessions);  // their order in the list says nothing
    const auto planned = world.plan();
    CHECK(planned.plan.vlan == kCameras);
    CHECK(planned.plan.stations == std::vector<AdmittedStation>{{mac(1), id<DeviceId>(1)}});
    REQUIRE(planned.to_end.size() == 1);
    CHECK(planned.to_end[0].first == id<SessionId>(2));
    CHECK(planned.to_end[0].second.code == "PORT_SEGMENT_TAKEN");
  }
  SECTION("the same station twice is one station") {
    world.port.sessions.push_back(world.port.sessions[0]);
    world.port.sessions.back().id = id<SessionId>(9);
    CHECK(world.plan().plan.stations.size() == 1);
  }
}

TEST_CASE("ports that are not for devices are left as they are") {
  World world;
  world.port.role = PortRole::uplink;
  CHECK(world.plan().plan.vlan == 0);
  world.port.role = PortRole::service;
  world.port.fixed_vlan = 55;
  CHECK(world.plan().plan.vlan == 55);
}

TEST_CASE("a port fulfils its plan when segment, stations and closure are as planned") {
  const PortPlan plan{.port = "p1", .role = PortRole::access, .vlan = kCameras, .stations = {{mac(1), id<DeviceId>(1)}}};
  PortState state{.port = "p1", .link_up = true, .vlan = kCameras, .admitted = {mac(1)}, .onboarding_only = false};
  CHECK(fulfils(state, plan));
  SECTION("another segment") { state.vlan = kLocks; }
  SECTION("no segment") { state.vlan.reset(); }
  SECTION("another station") { state.admitted = {mac(2)}; }
  SECTION("one station more") { state.admitted.push_back(mac(2)); }
  SECTION("nobody") { state.admitted.clear(); }
  SECTION("still closed") { state.onboarding_only = true; }
  SECTION("another port") { state.port = "p2"; }
  CHECK((state.vlan == kCameras && state.admitted == std::vector{mac(1)} && !state.onboarding_only && state.port == "p1") ==
        fulfils(state, plan));
}

TEST_CASE("an access port through which everybody passes fulfils no plan, an uplink through which nobody passes neither") {
  PortPlan plan{.port = "p1", .role = PortRole::access, .vlan = kCameras, .stations = {{mac(1), id<DeviceId>(1)}}};
  PortState state{.port = "p1", .link_up = true, .vlan = kCameras, .admitted = {mac(1)}, .onboarding_only = false};
  state.all_pass = true;
  CHECK_FALSE(fulfils(state, plan));
  state.all_pass = false;
  CHECK(fulfils(state, plan));
  for (const auto role : {PortRole::service, PortRole::uplink}) {
    plan.role = role;
    CHECK_FALSE(fulfils(state, plan));
    state.all_pass.reset();
    CHECK(fulfils(state, plan));
    state.all_pass = true;
    CHECK(fulfils(state, plan));
    state.all_pass = false;
  }
}

TEST_CASE("each reason has a code of its own, a meaning and a remedy") {
  std::vector<std::string_view> codes;
  for (const auto& reason : reasons()) {
    CHECK_FALSE(reason.meaning.empty());
    CHECK_FALSE(reason.remedy.empty());
    codes.push_back(reason.code);
  }
  std::ranges::sort(codes);
  CHECK(std::ranges::adjacent_find(codes) == codes.end());
  CHECK(codes.size() == 20);
}
