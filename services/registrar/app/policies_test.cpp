#include "services/registrar/app/policies.h"

#include <catch2/catch.hpp>

#include "services/registrar/app/front_door_test.h"

using namespace pratique;
using namespace pratique::registrar;

TEST_CASE("Rules stand in their order, each priority once", "[registrar][app]") {
  FrontDoor door;
  const auto late = door.rule(PolicyEffect::deny, 20), early = door.rule(PolicyEffect::allow, 10);
  const auto listed = *door.policies.list(door.call(), -1, 10);
  REQUIRE(listed.size() == 2);
  CHECK(listed[0].id == early.id);
  CHECK(door.policies.list(door.call(), 10, 10)->at(0).id == late.id);
  const auto taken = door.policies.create(door.change(), {.display_name = "x", .priority = 10});
  CHECK(taken.error().reason == "POLICY_PRIORITY_TAKEN");
  const auto moved = door.policies.update(door.change(), late.id, [](const Policy& current) -> Result<Policy> {
    Policy wanted = current;
    wanted.priority = 10;
    return wanted;
  });
  CHECK(moved.error().reason == "POLICY_PRIORITY_TAKEN");
}

TEST_CASE("A change of the rules reaches a process that knew the old ones", "[registrar][app]") {
  FrontDoor door;
  const auto idevid = door.idevid("CAM-1");
  const auto rule = door.rule(PolicyEffect::allow);
  CHECK(door.knock(idevid).decision.outcome == Outcome::allow);
  REQUIRE(door.policies.update(door.change(), rule.id, [](const Policy& current) -> Result<Policy> {
    Policy wanted = current;
    wanted.disabled = true;
    return wanted;
  }));
  CHECK(door.knock(idevid).decision.code() == "POLICY_NONE_MATCHED");
  REQUIRE(door.policies.remove(door.change(), rule.id, [](const Policy&) -> Result<void> { return {}; }));
  CHECK(door.policies.get(door.call(), rule.id).error().reason == "POLICY_UNKNOWN");
}

TEST_CASE("Testing says which rule would decide and why the others did not, and changes nothing", "[registrar][app]") {
  FrontDoor door;
  auto other_site = door.rule(PolicyEffect::deny, 5);
  REQUIRE(door.policies.update(door.change(), other_site.id, [](const Policy& current) -> Result<Policy> {
    Policy wanted = current;
    wanted.location_pattern = "site-b";
    return wanted;
  }));
  const auto asks = door.rule(PolicyEffect::ask, 10);
  const auto entries = door.audit().size();
  const auto answer = *door.policies.test(
      door.call(), {.facts = {.manufacturer = door.maker, .serial_number = "CAM-9", .location = "site-a"}});
  CHECK(answer.effect == PolicyEffect::ask);
  CHECK(answer.decided_by == asks.id.name());
  REQUIRE(answer.trace.size() == 2);
  CHECK(answer.trace[0].explanation == "location 'site-a' does not match 'site-b'");
  CHECK(door.policies.test(door.call(), {.facts = {.location = "site-b"}})->findings.at(0).code == "POLICY_DENIED");

  const auto device = door.announce("CAM-1");
  const auto known = *door.policies.test(door.call(), {.device = device.id});
  CHECK(known.effect == PolicyEffect::allow);
  CHECK(known.decided_by == device.id.name());
  REQUIRE(door.devices.retire(door.by("jo"), device.id, "gone"));
  CHECK(door.policies.test(door.call(), {.device = device.id})->findings.at(0).code == "DEVICE_RETIRED");
  CHECK(door.audit().size() == entries + 2);  // create and retire alone
}

TEST_CASE("A rule that names what is not there is refused", "[registrar][app]") {
  FrontDoor door;
  const auto reason = [&](auto alter) {
    Policy wanted{.display_name = "r", .priority = 1};
    alter(wanted);
    const auto made = door.policies.create(door.change(), wanted);
    REQUIRE_FALSE(made.has_value());
    return made.error().reason;
  };
  CHECK(reason([](Policy& p) { p.credential_profile = "nobody"; }) == "FIELD_INVALID");
  CHECK(reason([&](Policy& p) { p.manufacturer = ManufacturerId::make(door.clock, door.random); }) ==
        "MANUFACTURER_UNKNOWN");
}
