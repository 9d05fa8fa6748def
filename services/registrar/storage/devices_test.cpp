#include "services/registrar/storage/devices.h"

#include <catch2/catch.hpp>

#include "libs/base/random.h"
#include "libs/pg/migrator.h"
#include "libs/pg/pool.h"
#include "services/registrar/storage/manufacturers.h"
#include "services/registrar/storage/migrations.h"
#include "tests/support/postgres/test_database.h"

using namespace pratique;
using namespace pratique::registrar;
using namespace std::chrono_literals;

namespace {

struct Registry {
  support::TestDatabase database;
  std::unique_ptr<pg::Pool> pool;
  FixedClock clock{*parse_rfc3339("2026-07-01T12:00:00.123456Z")};
  PredictableRandom random{1};
  ManufacturerId maker = add_maker("Example");

  template <typename F>
  auto run(F&& f) {
    return pool->with(pg::within(5s), std::forward<F>(f));
  }
  ManufacturerId add_maker(const std::string& name) {
    if (!pool) {
      const pg::DatabaseConfig config{.conninfo = database.conninfo(), .schema = "registrar"};
      REQUIRE(pg::Migrator(config, migrations()).migrate());
      pool = *pg::Pool::open({.database = config, .size = 2});
    }
    Manufacturer m{.id = ManufacturerId::make(clock, random), .display_name = name};
    REQUIRE(run([&](pg::Tx& tx) { return insert_manufacturer(tx, m); }));
    return m.id;
  }
  Device device(const std::string& serial, const std::string& model = "Camera 3") {
    clock.advance(1ms);
    Device d{.id = DeviceId::make(clock, random), .manufacturer = maker, .serial_number = serial, .model = model};
    d.create_time = d.update_time = clock.now();
    return d;
  }
  Device add(Device d) {
    REQUIRE(*run([&](pg::Tx& tx) { return insert_device(tx, d); }));
    return d;
  }
  std::vector<std::string> serials(const DeviceFilter& filter, const DeviceId& after = {}, int limit = 100) {
    std::vector<std::string> out;
    for (const auto& d : *run([&](pg::Tx& tx) { return list_devices(tx, filter, after, limit); }))
      out.push_back(d.serial_number);
    return out;
  }
};

using Serials = std::vector<std::string>;

}  // namespace

TEST_CASE("A device is read back as it was written", "[registrar][storage]") {
  Registry registry;
  auto d = registry.device("CAM-1");
  d.display_name = "Käfig \"1\"";
  d.location = "site-a";
  d.labels = {{"owner", "facility, \"A\""}, {"note", ""}};
  d.authorized = true;
  registry.add(d);
  auto read = *registry.run([&](pg::Tx& tx) { return get_device(tx, d.id); });
  CHECK(read.display_name == d.display_name);
  CHECK(read.labels == d.labels);
  CHECK(read.create_time == d.create_time);
  CHECK(read.authorized);
  CHECK_FALSE(read.last_seen_time.has_value());

  read.state = DeviceState::onboarding;
  read.credential = CredentialId::make(registry.clock, registry.random);
  read.granted_segment = "cameras";
  REQUIRE(registry.run([&](pg::Tx& tx) { return update_device(tx, read); }));
  const auto again = *registry.run([&](pg::Tx& tx) { return lock_device(tx, d.id); });
  CHECK(again.version == 2);
  CHECK(again.credential == read.credential);
  CHECK(again.granted_segment == "cameras");

  const auto none =
      registry.run([&](pg::Tx& tx) { return get_device(tx, DeviceId::make(registry.clock, registry.random)); });
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().reason == "DEVICE_UNKNOWN");
}

TEST_CASE("A serial number lives once for each manufacturer; a retired device makes room", "[registrar][storage]") {
  Registry registry;
  auto first = registry.add(registry.device("CAM-1"));
  CHECK_FALSE(*registry.run([&](pg::Tx& tx) { return insert_device(tx, registry.device("CAM-1")); }));
  first.state = DeviceState::retired;
  REQUIRE(registry.run([&](pg::Tx& tx) { return update_device(tx, first); }));
  const auto at_door = [&] {
    return *registry.run([&](pg::Tx& tx) { return lock_device_at_door(tx, first.manufacturer, "CAM-1"); });
  };
  CHECK(at_door()->id == first.id);
  const auto second = registry.add(registry.device("CAM-1"));
  CHECK(at_door()->id == second.id);
  registry.maker = registry.add_maker("Other");
  registry.add(registry.device("CAM-1"));
  const auto all = *registry.run([&](pg::Tx& tx) { return find_devices(tx, "CAM-1", 5); });
  REQUIRE(all.size() == 3);
  CHECK(all.back().id == first.id);
}

TEST_CASE("Lists are filtered and paged, newest first", "[registrar][storage]") {
  Registry registry;
  auto a = registry.device("A-1", "Lock"), b = registry.device("B-2"), c = registry.device("C-3");
  a.segment = "locks";
  b.state = DeviceState::admitted;
  b.granted_segment = "cameras";
  c.display_name = "Tür 100% _x";
  for (const auto& d : {a, b, c}) registry.add(d);
  CHECK(registry.serials({}) == Serials{"C-3", "B-2", "A-1"});
  CHECK(registry.serials({}, {}, 2) == Serials{"C-3", "B-2"});
  CHECK(registry.serials({}, b.id) == Serials{"A-1"});
  CHECK(registry.serials({.state = DeviceState::admitted}) == Serials{"B-2"});
  CHECK(registry.serials({.segment = "locks"}) == Serials{"A-1"});
  CHECK(registry.serials({.segment = "cameras"}) == Serials{"B-2"});
  CHECK(registry.serials({.manufacturer = ManufacturerId::make(registry.clock, registry.random)}).empty());
  CHECK(registry.serials({.manufacturer = registry.maker, .search = "camera"}) == Serials{"C-3", "B-2"});
  CHECK(registry.serials({.search = "CAMERA"}) == Serials{"C-3", "B-2"});
  CHECK(registry.serials({.search = "-2"}) == Serials{"B-2"});   // too short for the index
  CHECK(registry.serials({.search = "100% _X"}) == Serials{"C-3"});  // no pattern: taken literally
  CHECK(registry.serials({.search = "100%x"}).empty());
}

TEST_CASE("Being admitted counts an onboarding once", "[registrar][storage]") {
  Registry registry;
  auto d = registry.device("CAM-1");
  const auto credential = CredentialId::make(registry.clock, registry.random);
  const auto admit = [&] {
    return registry.run([&](pg::Tx& tx) { return admit_device(tx, d.id, credential, registry.clock.now()); });
  };
  registry.add(d);
  const auto refused = admit();  // nobody allowed it
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().reason == "DEVICE_STATE_CONFLICT");
  d.state = DeviceState::onboarding;
  REQUIRE(registry.run([&](pg::Tx& tx) { return update_device(tx, d); }));
  CHECK(admit()->onboarding_count == 1);
  const auto again = *admit();  // in the same session, with another key
  CHECK(again.onboarding_count == 1);
  CHECK(again.state == DeviceState::admitted);
  CHECK(again.credential == credential);
}

TEST_CASE("A renewed credential becomes the device's, and admits nobody", "[registrar][storage]") {
  Registry registry;
  for (const auto state : kDeviceStates) {
    CAPTURE(to_string(state));
    auto d = registry.device("CAM-" + std::string(to_string(state)));
    d.state = state;
    registry.add(d);
    const auto credential = CredentialId::make(registry.clock, registry.random);
    registry.clock.advance(1h);
    const auto now = registry.clock.now();
    const auto set = registry.run([&](pg::Tx& tx) { return set_device_credential(tx, d.id, credential, now); });
    REQUIRE(set.has_value());
    const auto read = *registry.run([&](pg::Tx& tx) { return get_device(tx, d.id); });
    CHECK(read.state == state);
    CHECK(read.credential == credential);
    CHECK(read.last_seen_time == now);
    CHECK(read.onboarding_count == d.onboarding_count);
    CHECK(read.version == set->version);
    CHECK(read.version == d.version + 1);
  }
}

TEST_CASE("What is asked at every knock uses an index among many devices", "[registrar][storage]") {
  Registry registry;
  registry.database.execute(
      "SET search_path = registrar; INSERT INTO device (id, manufacturer, serial_number, model, state, authorized, "
      "credential_revoked, display_name, location, segment, credential_profile, labels, granted_segment, "
      "granted_profile, "
      "idevid_fingerprint, mud_url, onboarding_count, create_time, update_time, version) "
      "SELECT gen_random_uuid(), (SELECT id FROM manufacturer), 'SN-' || i, 'M', 'admitted', false, false, '', '', '', "
      "'', '{}', "
      "'s', '', '', '', 1, now(), now(), 1 FROM generate_series(1, 20000) i; ANALYZE device");
  const auto plan = [&](const std::string& sql) {
    const auto text = registry.database.query(
        "SET search_path = registrar; CREATE OR REPLACE FUNCTION plan_of(q text) RETURNS text LANGUAGE plpgsql AS $f$ "
        "DECLARE "
        "line text; out text := ''; BEGIN FOR line IN EXECUTE 'EXPLAIN ' || q LOOP out := out || line || E'\\n'; END "
        "LOOP; "
        "RETURN out; END $f$; SELECT plan_of($q$" +
        sql + "$q$)");
    INFO(text);
    CHECK_FALSE(text.contains("Seq Scan on device"));
    return text;
  };
  CHECK(plan("SELECT * FROM device WHERE manufacturer = (SELECT id FROM manufacturer LIMIT 1) AND serial_number = "
             "'SN-777' "
             "ORDER BY state = 'retired', id DESC LIMIT 1")
            .contains("device_serial"));
  CHECK(plan("SELECT * FROM device WHERE state = 'pending' ORDER BY id DESC LIMIT 50").contains("device_state"));
  CHECK(plan("SELECT * FROM device WHERE grams(search_text) @> grams('sn-19999') ORDER BY id DESC LIMIT 50")
            .contains("device_search"));
  CHECK(registry.serials({.search = "sn-1999"}).size() == 11);
}
