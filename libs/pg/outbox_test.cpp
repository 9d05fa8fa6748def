#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

#include "libs/pg/migrator.h"
#include "libs/pg/outbox.h"
#include "libs/pg/pool.h"
#include "tests/support/postgres/test_database.h"

using namespace pratique;
using namespace std::chrono_literals;
using support::TestDatabase;

namespace {

struct House {
  House() {
    const std::vector<pg::Migration> migrations = {{1, "events", "--@ outbox_v1\nCREATE TABLE note (id int);", "aa"}};
    const pg::DatabaseConfig config{.conninfo = database.conninfo(), .schema = "registrar"};
    REQUIRE(pg::Migrator(config, migrations).migrate().has_value());
    pool = *pg::Pool::open({.database = config, .size = 8, .wait_limit = 10s});
  }
  TestDatabase database;
  std::unique_ptr<pg::Pool> pool;

  Result<std::int64_t> append(std::string subject) {
    return pool->with(pg::within(10s), [&](pg::Tx& tx) -> Result<std::int64_t> {
      TRY_VOID(pg::outbox::append(tx, {"device.changed", subject, to_bytes("payload")}));
      return pg::outbox::head(tx);
    });
  }
  Result<std::vector<pg::OutboxEvent>> read(std::int64_t cursor, int limit = 100) {
    return pool->read(pg::within(10s), [&](pg::Tx& tx) { return pg::outbox::read(tx, cursor, limit); });
  }
};

std::vector<std::string> subjects(const Result<std::vector<pg::OutboxEvent>>& events) {
  std::vector<std::string> out;
  if (events)
    for (const auto& event : *events) out.push_back(event.subject);
  return out;
}

}  // namespace

TEST_CASE("many events of one transaction go out at once, in their order", "[pg]") {
  House house;
  CHECK(house.append("devices/1").has_value());
  const auto put = [&](std::vector<pg::Event> events) {
    return house.pool->with(pg::within(10s), [&](pg::Tx& tx) { return pg::outbox::append(tx, events); });
  };
  const Bytes odd{0x00, '"', '\\', ',', '}', 0xff};
  REQUIRE(put({{"device.changed", "devices/2", odd}, {"a,\"b\"", "{}", {}}, {"device.gone", "devices/3", {}}}));
  const auto events = house.read(0);
  CHECK(subjects(events) == std::vector<std::string>{"devices/1", "devices/2", "{}", "devices/3"});
  CHECK(events->at(1).sequence == 2);
  CHECK(events->at(1).payload == odd);
  CHECK(events->at(2).type == "a,\"b\"");
  CHECK(events->at(3).sequence == 4);
  CHECK(house.append("devices/4").has_value());
  CHECK(house.read(4)->front().sequence == 5);
  SECTION("none") { CHECK(put({})); }
  SECTION("one of them too large: none is written") {
    const auto refused = put({{"device.changed", "devices/5", {}},
                              {"device.changed", "devices/6", Bytes(pg::kMaxEventPayload + 1)}});
    CHECK(refused.error().reason == "EVENT_TOO_LARGE");
  }
  CHECK(house.read(5)->empty());
}

TEST_CASE("events are read from a cursor, in pages, as they were written", "[pg]") {
  House house;
  CHECK(house.read(0)->empty());
  for (const auto* subject : {"devices/1", "devices/2", "devices/3"}) CHECK(house.append(subject).has_value());
  auto page = house.read(0, 2);
  CHECK(subjects(page) == std::vector<std::string>{"devices/1", "devices/2"});
  CHECK(page->front().sequence == 1);
  CHECK(page->front().type == "device.changed");
  CHECK(page->front().payload == to_bytes("payload"));
  CHECK(page->front().at <= page->back().at);
  CHECK(subjects(house.read(page->back().sequence)) == std::vector<std::string>{"devices/3"});
  CHECK(house.read(3)->empty());
  CHECK(*house.pool->read(pg::within(5s), pg::outbox::head) == 3);

  CHECK(house.read(4).error().reason == "EVENT_CURSOR_AHEAD");
  CHECK(house.read(-1).error().reason == "EVENT_READ_INVALID");
  CHECK(house.read(0, pg::kMaxOutboxRead + 1).error().reason == "EVENT_READ_INVALID");
  auto large = house.pool->with(pg::within(5s), [](pg::Tx& tx) {
    return pg::outbox::append(tx, {"a", "b", Bytes(pg::kMaxEventPayload + 1)});
  });
  CHECK(large.error().reason == "EVENT_TOO_LARGE");
}

TEST_CASE("an event comes with its change or not at all, and leaves no gap", "[pg]") {
  House house;
  CHECK(house.append("devices/1").has_value());
  auto failed = house.pool->with(pg::within(5s), [](pg::Tx& tx) -> Result<void> {
    TRY_VOID(pg::outbox::append(tx, {"device.changed", "devices/lost", {}}));
    return failed_precondition("NO", "changed my mind");
  });
  CHECK(!failed);
  CHECK(*house.append("devices/2") == 2);
  CHECK(subjects(house.read(0)) == std::vector<std::string>{"devices/1", "devices/2"});
}

TEST_CASE("a transaction that commits late is not skipped", "[pg]") {
  House house;
  std::atomic<std::int64_t> rival_sequence = 0;
  std::jthread rival;
  auto slow = house.pool->with(pg::within(10s), [&](pg::Tx& tx) -> Result<std::int64_t> {
    TRY_VOID(pg::outbox::append(tx, {"device.changed", "devices/slow", {}}));
    TRY(const auto mine, pg::outbox::head(tx));
    rival = std::jthread([&] { rival_sequence = house.append("devices/rival").value_or(-1); });
    while (house.database.query("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                                "AND datname = current_database()") != "1") {
    }
    // The rival has begun to append and cannot overtake: a reader sees neither of the two.
    CHECK(house.read(0)->empty());
    return mine;
  });
  rival.join();
  REQUIRE(slow.has_value());
  CHECK(*slow == 1);
  CHECK(rival_sequence == 2);
  CHECK(subjects(house.read(0)) == std::vector<std::string>{"devices/slow", "devices/rival"});
}

TEST_CASE("a reader that follows many writers sees each event once, in order", "[pg]") {
  House house;
  constexpr int kWriters = 4, kEach = 40;
  std::atomic<int> failures = 0;
  std::vector<std::jthread> writers;
  for (int writer = 0; writer < kWriters; ++writer)
    writers.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        auto done = house.pool->with(pg::within(10s), [&](pg::Tx& tx) -> Result<void> {
          TRY_VOID(tx.run({"note", "INSERT INTO note VALUES ($1)"}, i));
          TRY_VOID(pg::outbox::append(tx, {"device.changed", "devices/x", {}}));
          if (i % 5 == 0) return failed_precondition("NO", "rolled back");
          return {};
        });
        if (!done && i % 5 != 0) ++failures;
      }
    });
  std::int64_t cursor = 0;
  constexpr int kExpected = kWriters * kEach * 4 / 5;
  while (cursor < kExpected && failures == 0) {
    const auto events = house.read(cursor, 7);
    REQUIRE(events.has_value());
    for (const auto& event : *events) {
      REQUIRE(event.sequence == cursor + 1);
      cursor = event.sequence;
    }
  }
  writers.clear();
  CHECK(failures == 0);
  CHECK(house.read(cursor)->empty());
  CHECK(house.database.query("SELECT count(*) FROM registrar.outbox") == std::to_string(kExpected));
}

TEST_CASE("trimming tells readers that come too late", "[pg]") {
  House house;
  for (int i = 0; i < 5; ++i) CHECK(house.append("devices/x").has_value());
  const auto trim = [&](Timestamp before, int limit = 100) {
    return house.pool->with(pg::within(5s), [&](pg::Tx& tx) { return pg::outbox::trim(tx, before, limit); });
  };
  CHECK(*trim(*parse_rfc3339("2001-01-01T00:00:00Z")) == 0);
  CHECK(house.read(0)->size() == 5);
  // Only a beginning goes, even if the clock went back in between.
  house.database.execute("UPDATE registrar.outbox SET at = '2020-01-01Z' WHERE sequence IN (1, 2, 4)");
  CHECK(*trim(*parse_rfc3339("2021-01-01T00:00:00Z")) == 2);
  CHECK(house.read(1).error().code == ErrorCode::out_of_range);
  CHECK(house.read(1).error().reason == "EVENT_CURSOR_TRIMMED");
  CHECK(house.read(2)->size() == 3);
  CHECK(*trim(*parse_rfc3339("9999-01-01T00:00:00Z"), 2) == 2);  // no more at a time
  CHECK(house.read(3).error().reason == "EVENT_CURSOR_TRIMMED");
  CHECK(house.read(4)->size() == 1);
  CHECK(*trim(*parse_rfc3339("9999-01-01T00:00:00Z")) == 1);
  CHECK(*house.pool->with(pg::within(5s), [](pg::Tx& tx) { return pg::outbox::tail(tx); }) == 5);
  CHECK(house.read(5)->empty());
  CHECK(house.read(4).error().reason == "EVENT_CURSOR_TRIMMED");
  CHECK(*house.append("devices/y") == 6);
  CHECK(subjects(house.read(5)) == std::vector<std::string>{"devices/y"});
}
