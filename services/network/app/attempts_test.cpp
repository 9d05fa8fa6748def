#include "services/network/app/attempts.h"

#include <catch2/catch.hpp>

#include "services/network/app/network_world_test.h"

using namespace pratique;
using namespace pratique::network;

namespace {

constexpr pg::Statement kSay{"test_radius_post_auth", R"(
  SELECT radius_post_auth($1, $2, $3, $4, $5, $6, 'nas', $7, $8, 'CAM-1', $9, 'a1b2'))"};
// When it happened is the database's word; here a test's.
constexpr pg::Statement kDate{"test_radius_date", "UPDATE radius_auth SET first_time = $1, last_time = $1 WHERE $2 = ''"
                                                  " OR station = $2"};
constexpr pg::Statement kCount{"test_radius_count", "SELECT count(*) AS number FROM radius_auth"};

struct Door {
  Door() : id(world.add_switch("sw1", 2)), device(world.admit("0a01")) {}
  void answer(bool accepted, const std::string& code, std::uint8_t last, const std::string& port = "p1",
              const std::string& detail = "", const std::string& address = "192.0.2.1") {
    REQUIRE(world.with([&](pg::Tx& tx) -> Result<void> {
      TRY_VOID(tx.run(kSay, accepted ? "accept" : "reject", code, detail, accepted ? device.text() : "",
                      accepted ? "30" : "", address, port, NetworkWorld::mac(last).text(), accepted ? "0a01" : ""));
      return {};
    }));
  }
  void date(Timestamp when, const std::string& station = "") {
    REQUIRE(world.with([&](pg::Tx& tx) -> Result<void> {
      TRY_VOID(tx.run(kDate, when, station));
      return {};
    }));
  }
  std::vector<ListedAttempt> list(const AttemptFilter& filter = {}, std::string_view after = "", int limit = 100) {
    auto found = attempts.list(world.call(), filter, after, limit);
    INFO((found ? "" : found.error().message));
    REQUIRE(found);
    return *std::move(found);
  }
  std::int64_t count() {
    return *world.with([](pg::Tx& tx) -> Result<std::int64_t> {
      TRY(const auto row, tx.run_one(kCount));
      return row.integer("number");
    });
  }

  NetworkWorld world;
  SwitchId id;
  DeviceId device;
  Attempts attempts{world.surroundings(), {.history = std::chrono::hours(24)}};
};

}  // namespace

TEST_CASE("Who was let in and who was refused, with where and why", "[network][app]") {
  Door door;
  door.answer(true, "", 1);
  door.answer(false, "PORT_CERTIFICATE_ENDED", 2, "p1", "certificate revoked");
  door.answer(false, "PORT_CERTIFICATE_ENDED", 2, "p1", "certificate revoked");
  door.answer(false, "PORT_SWITCH_UNKNOWN", 3, "x9", "", "198.51.100.7");
  const auto now = door.world.clock.now();
  door.date(now - 3h, NetworkWorld::mac(1).text());
  door.date(now - 2h, NetworkWorld::mac(2).text());
  door.date(now - 1h, NetworkWorld::mac(3).text());

  const auto all = door.list();
  REQUIRE(all.size() == 3);
  const Attempt& stranger = all[0].attempt;
  CHECK(stranger.code == "PORT_SWITCH_UNKNOWN");
  CHECK(stranger.on_switch.empty());
  CHECK(stranger.nas_address == "198.51.100.7");
  CHECK(stranger.nas_port_id == "x9");
  const Attempt& refused = all[1].attempt;
  CHECK_FALSE(refused.accepted);
  CHECK(refused.detail == "certificate revoked");
  CHECK(refused.times == 2);
  CHECK(refused.on_switch == door.id);
  CHECK(refused.switch_name == "sw1");
  CHECK(refused.port == door.world.port(door.id, "p1"));
  const Attempt& accepted = all[2].attempt;
  CHECK(accepted.accepted);
  CHECK(accepted.device == door.device);
  CHECK(accepted.vlan == 30);
  CHECK(accepted.certificate_serial == "0a01");
  CHECK(accepted.station == NetworkWorld::mac(1).text());

  CHECK(door.list({.device = door.device}).size() == 1);
  CHECK(door.list({.on_switch = door.id}).size() == 2);
  CHECK(door.list({.port = door.world.port(door.id, "p1")}).size() == 2);
  CHECK(door.list({.port = door.world.port(door.id, "p2")}).empty());
  CHECK(door.list({.mac = NetworkWorld::mac(3)}).size() == 1);
  CHECK(door.list({.accepted = false}).size() == 2);
  CHECK(door.list({.on_switch = door.id, .accepted = true}).size() == 1);
  CHECK(door.list({.from = now - 2h}).size() == 2);
  CHECK(door.list({.from = now - 2h, .until = now - 1h}).size() == 1);
}

TEST_CASE("An accept becomes an attempt when its report is taken, equal ones together", "[network][app]") {
  Door door;
  auto& world = door.world;
  const auto first = world.clock.now();
  auto said = world.accepted(door.id, "p1", NetworkWorld::mac(1), "0a01");
  said.given_vlan = 30;
  world.hand_in(said);
  world.clock.advance(1min);
  said.at = world.clock.now();
  world.hand_in(said);
  auto unplaced = world.accepted(door.id, "p9", NetworkWorld::mac(2), "0bad");
  world.clock.advance(1min);
  unplaced.at = world.clock.now();
  world.hand_in(unplaced);
  world.hand_in(world.report(RadiusReportKind::start, door.id, "p1", NetworkWorld::mac(1)));

  const auto all = door.list({.accepted = true});
  REQUIRE(all.size() == 2);
  CHECK(all[0].attempt.port.empty());
  CHECK(all[0].attempt.nas_port_id == "p9");
  CHECK(all[0].attempt.device.empty());  // of a certificate that nobody knows
  const Attempt& twice = all[1].attempt;
  CHECK(twice.device == door.device);
  CHECK(twice.port == world.port(door.id, "p1"));
  CHECK(twice.station == NetworkWorld::mac(1).text());
  CHECK(twice.vlan == 30);
  CHECK(twice.certificate_serial == "0a01");
  CHECK(twice.times == 2);
  CHECK(twice.first_time == first);
  CHECK(twice.last_time == first + 1min);
  CHECK(door.count() == 2);
}

TEST_CASE("Attempts are read on from a place, each once", "[network][app]") {
  Door door;
  for (std::uint8_t last = 1; last <= 5; ++last) {
    door.answer(false, "PORT_CERTIFICATE_UNKNOWN", last, last < 4 ? "p1" : "p2");
    door.date(door.world.clock.now() - std::chrono::hours(last < 3 ? 1 : 2), NetworkWorld::mac(last).text());
  }
  std::set<std::string> seen;
  std::string after;
  for (auto page = door.list({}, after, 2); !page.empty(); page = door.list({}, after, 2)) {
    for (const auto& one : page) CHECK(seen.insert(one.attempt.station).second);
    after = page.back().place;
  }
  CHECK(seen.size() == 5);
  CHECK(door.attempts.list(door.world.call(), {}, "nowhere", 2).error().reason == "FIELD_INVALID");
}

TEST_CASE("Old attempts are forgotten, part by part", "[network][app]") {
  Door door;
  for (std::uint8_t last = 1; last <= 6; ++last) {
    door.answer(false, "PORT_CERTIFICATE_UNKNOWN", last, last % 2 ? "p1" : "p2");
    door.date(door.world.clock.now() - std::chrono::hours(last <= 4 ? 25 : 23), NetworkWorld::mac(last).text());
  }
  SECTION("all in one call where there are few") {
    CHECK(*door.attempts.forget(NetworkWorld::soon()) == 4);
    CHECK(*door.attempts.forget(NetworkWorld::soon()) == 0);
  }
  SECTION("two at a time") {
    std::string after;
    std::int64_t gone = 0;
    int steps = 0;
    do {
      const auto swept = door.world.with([&](pg::Tx& tx) {
        return sweep_attempts(tx, door.world.clock.now() - 24h, after, 2);
      });
      REQUIRE(swept);
      gone += swept->forgotten;
      after = swept->last;
    } while (!after.empty() && ++steps < 9);
    CHECK(gone == 4);
    CHECK(steps == 3);
  }
  SECTION("not those that happened again") {
    door.date(door.world.clock.now(), NetworkWorld::mac(1).text());
    CHECK(*door.attempts.forget(NetworkWorld::soon()) == 3);
    return;
  }
  SECTION("never, where that is wished") {
    Attempts keeper{door.world.surroundings(), {.history = std::chrono::hours::zero()}};
    CHECK(*keeper.forget(NetworkWorld::soon()) == 0);
    CHECK(door.count() == 6);
    return;
  }
  CHECK(door.count() == 2);
}
