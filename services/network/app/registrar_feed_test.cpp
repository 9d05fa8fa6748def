#include "services/network/app/registrar_feed.h"

#include <catch2/catch.hpp>

#include "services/network/app/network_world_test.h"

using namespace pratique;
using namespace pratique::network;

namespace {

class ListedRegistrar final : public Registrar {
 public:
  Result<RegistrarListing> list() override { return listing; }
  RegistrarListing listing;
};

}  // namespace

TEST_CASE("Serial numbers and key ids are kept as RADIUS servers write them") {
  CHECK(plain_serial("0A01") == "0a01");
  CHECK(plain_serial("000a01") == "0a01");
  CHECK(plain_serial("00") == "00");
  CHECK(plain_serial("abc") == "0abc");
}

TEST_CASE("The registrar's words become grants and certificates", "[network][app]") {
  NetworkWorld world;
  const auto device = world.admit("00AB01");
  const auto grant = *world.with([&](pg::Tx& tx) { return find_grant(tx, device); });
  REQUIRE(grant);
  CHECK(grant->standing == Standing::admitted);
  CHECK(grant->segment == "cameras");
  auto credential = *world.with([](pg::Tx& tx) { return find_credential(tx, "a1b2", "ab01"); });
  REQUIRE(credential);
  CHECK(credential->live);
  world.say(world.credential_event(device, "credential.superseded", "ab01"));
  credential = *world.with([](pg::Tx& tx) { return find_credential(tx, "a1b2", "ab01"); });
  CHECK_FALSE(credential->live);
  CHECK(credential->reason == "superseded");
  const auto place = *world.feed.place(NetworkWorld::soon());
  CHECK(place.cursor == 3);
  CHECK(place.started);
}

TEST_CASE("What says nothing of a standing, or cannot be read, moves the cursor alone", "[network][app]") {
  NetworkWorld world;
  const auto device = world.admit("0a01");
  auto event = world.device_event(device, "retired", "");
  SECTION("a refusal at the door") {
    event.type = "device.refused";
    event.facts.erase("state");
  }
  SECTION("another noun") { event.type = "policy.updated"; }
  SECTION("no device") { event.subject = "sessions/1"; }
  SECTION("a credential without its serial number") {
    event = world.credential_event(device, "credential.revoked", "0a01");
    event.facts.erase("certificate_serial");
  }
  SECTION("a credential with a serial number that is none") {
    event = world.credential_event(device, "credential.revoked", "xyz");
  }
  world.say(event);
  CHECK(world.with([&](pg::Tx& tx) { return find_grant(tx, device); })->value().standing == Standing::admitted);
  CHECK(world.with([](pg::Tx& tx) { return find_credential(tx, "a1b2", "0a01"); })->value().live);
  CHECK(world.feed.place(NetworkWorld::soon())->cursor == event.cursor);
}

TEST_CASE("An event that comes again, or late, counts once", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 1);
  const auto device = world.admit("0a01");
  world.log_on(id, "p1", NetworkWorld::mac(1), "0a01");
  world.settle();
  const auto event = world.device_event(device, "retired", "");
  world.say(event);
  world.settle();
  world.say(event);
  auto older = event;
  older.cursor = 2;
  older.facts["state"] = "admitted";
  world.say(older);
  CHECK_FALSE(world.condition(id, "p1").dirty);
  CHECK(world.with([&](pg::Tx& tx) { return find_grant(tx, device); })->value().standing == Standing::excluded);
}

TEST_CASE("An event that changes no standing marks no port", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 1);
  const auto device = world.admit("0a01");
  world.log_on(id, "p1", NetworkWorld::mac(1), "0a01");
  world.settle();
  world.say(world.device_event(device, "admitted", "cameras"));
  CHECK_FALSE(world.condition(id, "p1").dirty);
}

TEST_CASE("After too long an absence everything is asked anew", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 2);
  const auto kept = world.admit("0a01"), gone = world.admit("0b01");
  world.log_on(id, "p1", NetworkWorld::mac(1), "0a01");
  world.log_on(id, "p2", NetworkWorld::mac(2), "0b01");
  world.settle();
  ListedRegistrar registrar;
  registrar.listing = {.cursor = 500,
                       .grants = {{.device = kept, .standing = Standing::admitted, .segment = "locks"}},
                       .credentials = {{.serial = "0A01", .authority_key_id = "a1b2", .device = kept, .live = true}}};
  SECTION("trimmed") {}
  SECTION("restored to an earlier time") { registrar.listing.cursor = 2; }
  REQUIRE(world.feed.resynchronise(registrar, NetworkWorld::soon()));
  world.settle();
  CHECK(world.at(id).ports["p1"].vlan == NetworkWorld::kLocks);
  CHECK(world.at(id).ports["p2"].onboarding_only);
  CHECK(world.feed.place(NetworkWorld::soon())->cursor == registrar.listing.cursor);
  CHECK(world.with([&](pg::Tx& tx) { return find_grant(tx, gone); })->value().standing == Standing::excluded);
  // What comes after it counts.
  world.cursor = registrar.listing.cursor;
  world.say(world.device_event(kept, "retired", ""));
  world.settle();
  CHECK(world.at(id).ports["p1"].onboarding_only);
}
