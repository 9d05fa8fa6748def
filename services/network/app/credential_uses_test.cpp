#include "services/network/app/credential_uses.h"

#include <catch2/catch.hpp>

#include "services/network/app/network_world_test.h"

using namespace pratique;
using namespace pratique::network;

namespace {

struct Ear final : UseListener {
  Result<void> used(const CredentialUse& use) override {
    if (away) return unavailable("REGISTRAR_AWAY", "no answer");
    heard.push_back(use.serial + " of " + use.authority_key_id);
    return {};
  }
  std::vector<std::string> heard;
  bool away = false;
};

}  // namespace

TEST_CASE("The registrar is told of a renewed certificate's first use, and of no other", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 1);
  Ear ear;
  CredentialUses uses(world.surroundings(), ear, world.log);
  const auto device = world.admit("0a01");
  const auto mac = NetworkWorld::mac(1);
  world.log_on(id, "p1", mac, "0a01");
  uses.tell();
  CHECK(ear.heard.empty());  // its only one

  world.say(world.credential_event(device, "credential.issued", "0a02"));
  ear.away = true;
  world.log_on(id, "p1", mac, "0a02");
  uses.tell();
  uses.tell();
  CHECK(ear.heard.empty());
  CHECK(world.logged.size() == 1);  // not once a turn
  ear.away = false;
  uses.tell();
  REQUIRE(ear.heard == std::vector<std::string>{"0a02 of a1b2"});
  uses.tell();
  CHECK(ear.heard.size() == 1);

  SECTION("the one before ended: its successor's logins are nothing new") {
    world.say(world.credential_event(device, "credential.superseded", "0a01"));
    world.hand_in(world.accepted(id, "p1", mac, "0a02"));
    uses.tell();
    CHECK(ear.heard.size() == 1);
  }
  SECTION("it did not: it is told again at the next login") {
    world.hand_in(world.accepted(id, "p1", mac, "0a02"));
    uses.tell();
    CHECK(ear.heard.size() == 2);
  }
  SECTION("another device's certificates do not count") {
    world.say(world.credential_event(device, "credential.superseded", "0a01"));
    (void)world.admit("0b01");
    world.hand_in(world.accepted(id, "p1", mac, "0a02"));
    uses.tell();
    CHECK(ear.heard.size() == 1);
  }
}
