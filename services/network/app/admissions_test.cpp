#include "services/network/app/admissions.h"

#include <catch2/catch.hpp>

#include "services/network/app/network_world_test.h"

using namespace pratique;
using namespace pratique::network;

namespace {

constexpr pg::Statement kRefused{"test_radius_refused", R"(
  SELECT radius_post_auth('reject', $1, '', $2, '', '192.0.2.1'::inet, '', $4, $3, 'CAM-1', '', ''))"};

struct Desk {
  DeviceAdmission of(const DeviceId& device) {
    const auto seen = admissions.get(world.call(), device);
    INFO((seen ? "" : seen.error().message));
    REQUIRE(seen);
    return *seen;
  }
  /// Each at a port of its own: a port has 64 places for refusals, and two of them may get the same.
  void refuse(const std::string& code, const std::string& device) {
    REQUIRE(world.with([&](pg::Tx& tx) -> Result<void> {
      TRY_VOID(tx.run(kRefused, code, device, NetworkWorld::mac(1).text(), "p" + std::to_string(++refused)));
      return {};
    }));
  }
  NetworkWorld world;
  Admissions admissions{world.surroundings()};
  int refused = 0;
};

}  // namespace

TEST_CASE("One device: what it may do, what it does and why, from its logon to its end", "[network][app]") {
  Desk desk;
  auto& world = desk.world;
  const auto id = world.add_switch("sw1", 1);
  CHECK(desk.admissions.get(world.call(), DeviceId::make(world.clock, world.random)).error().reason ==
        "DEVICE_UNKNOWN");
  const auto device = world.admit("0a01");
  const auto before = desk.of(device);
  CHECK(before.grant.standing == Standing::admitted);
  CHECK(before.desired.vlan == NetworkWorld::kCameras);
  CHECK(before.desired_segment == "cameras");
  CHECK(before.places.empty());
  CHECK_FALSE(before.last_session);

  world.hand_in(world.accepted(id, "p1", NetworkWorld::mac(1), "0a01"));
  REQUIRE(desk.of(device).places.size() == 1);
  CHECK(desk.of(device).places[0].state == PlaceState::logging_on);
  world.log_on(id, "p1", NetworkWorld::mac(1), "0a01");
  CHECK(desk.of(device).places.at(0).state == PlaceState::changing);
  world.settle();
  const auto on = desk.of(device);
  REQUIRE(on.places.size() == 1);
  CHECK(on.places[0].state == PlaceState::in_place);
  CHECK_FALSE(on.places[0].reason);
  REQUIRE(on.places[0].port);
  CHECK(on.places[0].port->port.name == "p1");
  CHECK(on.places[0].port->condition.observed_segment == "cameras");
  CHECK(on.places[0].session.port_name == "p1");

  // It is to be elsewhere; what stands in the way is told.
  world.say(world.device_event(device, "quarantined", "cameras"));
  CHECK(desk.of(device).desired_segment == "quarantine");
  CHECK(desk.of(device).places.at(0).state == PlaceState::changing);
  world.at(id).refusing = true;
  world.settle();
  CHECK(desk.of(device).places.at(0).state == PlaceState::obstructed);
  CHECK(desk.of(device).places.at(0).reason->code == "SWITCH_REFUSED");
  world.at(id).refusing = false;
  world.say(world.device_event(device, "admitted", "locks"));
  world.settle();
  CHECK(desk.of(device).places.at(0).state == PlaceState::in_place);
  CHECK(desk.of(device).desired_segment == "locks");

  world.say(world.credential_event(device, "credential.revoked", "0a01"));
  const auto ending = desk.of(device);
  CHECK_FALSE(ending.desired.vlan);
  CHECK(ending.desired_segment.empty());
  CHECK(ending.desired.why_not->code == "PORT_CERTIFICATE_ENDED");
  CHECK(ending.desired.certificates.empty());
  CHECK(ending.places.at(0).state == PlaceState::changing);
  CHECK(ending.places.at(0).reason->code == "PORT_CERTIFICATE_ENDED");
  world.settle();
  const auto over = desk.of(device);
  CHECK(over.places.empty());
  REQUIRE(over.last_session);
  CHECK(over.last_session->end_code == "PORT_CERTIFICATE_ENDED");
}

TEST_CASE("One device: who refused it last, whether or not TLS saw whose it was", "[network][app]") {
  Desk desk;
  auto& world = desk.world;
  const auto id = world.add_switch("sw1", 9);
  const auto device = world.admit("0a01");
  const auto stranger = world.admit("0a02");
  const auto refusals = [&](const DeviceId& of) {
    std::string out;
    for (const auto& one : desk.of(of).refusals) out += one.code + " ";
    return out;
  };
  desk.refuse("PORT_CERTIFICATE_UNKNOWN", "");
  CHECK(refusals(device).empty());  // its address is not known yet
  world.log_on(id, "p1", NetworkWorld::mac(1), "0a01");
  CHECK(refusals(device) == "PORT_CERTIFICATE_UNKNOWN ");
  desk.refuse("PORT_DEVICE_EXCLUDED", device.text());
  desk.refuse("PORT_SEGMENT_MISSING", stranger.text());  // by the same address: not this device's
  CHECK(refusals(device) == "PORT_DEVICE_EXCLUDED PORT_CERTIFICATE_UNKNOWN ");
  CHECK(refusals(stranger) == "PORT_SEGMENT_MISSING ");
  desk.refuse("PORT_CERTIFICATE_ENDED", device.text());
  desk.refuse("PORT_SEGMENT_MISSING", device.text());
  CHECK(refusals(device) == "PORT_SEGMENT_MISSING PORT_CERTIFICATE_ENDED PORT_DEVICE_EXCLUDED ");
}
