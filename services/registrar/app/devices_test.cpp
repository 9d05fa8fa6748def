#include "services/registrar/app/devices.h"

#include <catch2/catch.hpp>

#include "services/registrar/app/front_door_test.h"

using namespace pratique;
using namespace pratique::registrar;

namespace {

std::string reason_of(const Result<Device>& result) { return result ? "" : result.error().reason; }

}  // namespace

TEST_CASE("A request that is sent twice creates one device", "[registrar][app]") {
  FrontDoor door;
  const Device wanted{.manufacturer = door.maker, .serial_number = "CAM-1", .labels = {{"owner", "facility"}}};
  const auto request = door.change("0193b0a0-0000-7000-8000-000000000001");
  const auto first = door.devices.create(request, wanted), again = door.devices.create(request, wanted);
  REQUIRE(first);
  REQUIRE(again);
  CHECK(first->id == again->id);
  CHECK(first->state == DeviceState::expected);
  CHECK(first->authorized);
  auto other = request;
  other.request_hash = {2};
  CHECK(reason_of(door.devices.create(other, wanted)) == "REQUEST_ID_REUSED");
  CHECK(reason_of(door.devices.create(door.change(), wanted)) == "DEVICE_EXISTS");
  CHECK(door.count(door.audit(), "device.create") == 1);
}

TEST_CASE("A device that cannot be announced is refused by field", "[registrar][app]") {
  FrontDoor door;
  const auto refused = [&](auto alter) {
    Device wanted{.manufacturer = door.maker, .serial_number = "CAM-1"};
    alter(wanted);
    const auto result = door.devices.create(door.change(), wanted);
    REQUIRE_FALSE(result.has_value());
    return result.error().reason + " " + (result.error().evidence.empty() ? "" : result.error().evidence[0].second);
  };
  CHECK(refused([](Device& d) { d.serial_number = ""; }) == "FIELD_INVALID device.serial_number");
  CHECK(refused([](Device& d) { d.serial_number = "a\nb"; }) == "FIELD_INVALID device.serial_number");
  CHECK(refused([](Device& d) { d.credential_profile = "nobody"; }) == "FIELD_INVALID device.credential_profile");
  CHECK(refused([](Device& d) { d.labels = {{"a b", ""}}; }).starts_with("FIELD_INVALID device.labels"));
  CHECK(refused([&](Device& d) {
          d.manufacturer = ManufacturerId::make(door.clock, door.random);
        }).starts_with("MANUFACTURER_UNKNOWN"));
}

TEST_CASE("A change is what the edit says, as far as operators may", "[registrar][app]") {
  FrontDoor door;
  const auto device = door.announce("CAM-1");
  const auto updated = *door.devices.update(door.change(), device.id, [](const Device& current) -> Result<Device> {
    Device wanted = current;
    wanted.segment = "lab";
    wanted.serial_number = "stolen";
    wanted.state = DeviceState::admitted;
    return wanted;
  });
  CHECK(updated.segment == "lab");
  CHECK(updated.serial_number == "CAM-1");
  CHECK(updated.state == DeviceState::expected);
  CHECK(updated.version == device.version + 1);
  const auto stale = door.devices.update(door.change(), device.id, [](const Device&) -> Result<Device> {
    return Error{ErrorCode::aborted, "ETAG_MISMATCH", "changed meanwhile"};
  });
  CHECK(reason_of(stale) == "ETAG_MISMATCH");
  const auto same =
      *door.devices.update(door.change(), device.id, [](const Device& current) -> Result<Device> { return current; });
  CHECK(same.version == updated.version);
  CHECK(door.count(door.audit(), "device.update") == 1);
}

TEST_CASE("States are changed by verbs, with a reason, and by the table alone", "[registrar][app]") {
  FrontDoor door;
  const auto id = door.announce("CAM-1").id;
  const auto who = door.by("jo");
  CHECK(reason_of(door.devices.quarantine(who, id, "early")) == "DEVICE_STATE_CONFLICT");
  CHECK(reason_of(door.devices.release(who, id, "early")) == "DEVICE_STATE_CONFLICT");
  CHECK(reason_of(door.devices.reset(who, id, "early")) == "DEVICE_STATE_CONFLICT");
  CHECK(reason_of(door.devices.retire(who, id, "")) == "FIELD_INVALID");
  door.knock(door.idevid("CAM-1"));
  door.admit(id);
  CHECK(door.devices.quarantine(who, id, "odd traffic")->state == DeviceState::quarantined);
  CHECK(door.devices.release(who, id, "false alarm")->state == DeviceState::admitted);
  const auto reset = *door.devices.reset(who, id, "wiped");
  CHECK(reset.state == DeviceState::expected);
  CHECK(reset.credential.empty());
  CHECK(reset.idevid_fingerprint.empty());
  CHECK(door.knock(door.idevid("CAM-1")).decision.outcome == Outcome::allow);  // with a new IDevID
  CHECK(door.devices.retire(who, id, "end of life")->state == DeviceState::retired);
  CHECK(reason_of(door.devices.reset(who, id, "again")) == "DEVICE_STATE_CONFLICT");
  const auto events = door.events();
  for (const auto* type : {"device.quarantined", "device.released", "device.reset", "device.retired"})
    CHECK(door.count(events, type) == 1);
}

TEST_CASE("A serial number finds its device, unless two makers use it", "[registrar][app]") {
  FrontDoor door;
  const auto device = door.announce("CAM-1");
  CHECK(door.devices.get_by_serial(door.call(), "CAM-1")->id == device.id);
  CHECK(reason_of(door.devices.get_by_serial(door.call(), "CAM-2")) == "DEVICE_UNKNOWN");
  door.maker = door.manufacturers.create(door.change(), {.display_name = "Other"})->id;
  door.announce("CAM-1");
  CHECK(reason_of(door.devices.get_by_serial(door.call(), "CAM-1")) == "SERIAL_AMBIGUOUS");
}
