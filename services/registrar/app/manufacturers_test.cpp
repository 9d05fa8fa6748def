#include "services/registrar/app/manufacturers.h"

#include <catch2/catch.hpp>

#include "services/registrar/app/front_door_test.h"

using namespace pratique;
using namespace pratique::registrar;

TEST_CASE("A manufacturer is known by one name", "[registrar][app]") {
  FrontDoor door;
  const auto read = *door.manufacturers.get(door.call(), door.maker);
  CHECK(read.display_name == "Example Cameras");
  REQUIRE(read.trust_anchors.size() == 1);
  CHECK(read.trust_anchors[0].purposes.size() == 3);
  CHECK(door.manufacturers.create(door.change(), {.display_name = "Example Cameras"}).error().reason ==
        "MANUFACTURER_EXISTS");
  const auto renamed =
      door.manufacturers.update(door.change(), door.maker, [](const Manufacturer& current) -> Result<Manufacturer> {
        Manufacturer wanted = current;
        wanted.display_name = "Example Lamps";  // the fixture's other one
        return wanted;
      });
  CHECK(renamed.error().reason == "MANUFACTURER_EXISTS");
  const auto all = *door.manufacturers.list(door.call(), "", 10);
  REQUIRE(all.size() == 2);
  CHECK(all[0].display_name < all[1].display_name);
  CHECK(door.manufacturers.list(door.call(), all[0].display_name, 10)->size() == 1);
}

TEST_CASE("A disabled manufacturer's devices, and those of a removed anchor, are refused", "[registrar][app]") {
  FrontDoor door;
  door.announce("CAM-1");
  const auto idevid = door.idevid("CAM-1");
  const auto disable = [&](bool disabled) {
    REQUIRE(
        door.manufacturers.update(door.change(), door.maker, [&](const Manufacturer& current) -> Result<Manufacturer> {
          Manufacturer wanted = current;
          wanted.disabled = disabled;
          return wanted;
        }));
  };
  disable(true);
  CHECK(door.knock(idevid).decision.code() == "MANUFACTURER_DISABLED");
  disable(false);
  CHECK(door.knock(idevid).decision.outcome == Outcome::allow);

  const auto anchor = door.manufacturers.get(door.call(), door.maker)->trust_anchors[0].id;
  REQUIRE(door.manufacturers.remove_anchor(door.change(), anchor, "key leaked"));
  CHECK(door.manufacturers.remove_anchor(door.change(), anchor, "again").error().reason == "TRUST_ANCHOR_REMOVED");
  CHECK(door.knock(idevid).decision.code() == "ANCHOR_REMOVED");
  REQUIRE(door.manufacturers.add_anchor(door.change(), door.maker, door.anchor({AnchorPurpose::voucher})));
  CHECK(door.knock(idevid).decision.code() == "ANCHOR_REMOVED");
  REQUIRE(door.manufacturers.add_anchor(door.change(), door.maker, door.anchor({AnchorPurpose::idevid})));
  const auto back = door.knock(idevid);
  CHECK(back.decision.outcome == Outcome::allow);
  CHECK(back.manufacturer->masa_tls_anchors.empty());
}
