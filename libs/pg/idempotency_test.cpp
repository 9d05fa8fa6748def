#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

#include "libs/pg/idempotency.h"
#include "libs/pg/migrator.h"
#include "libs/pg/pool.h"
#include "tests/support/postgres/test_database.h"

using namespace pratique;
using namespace std::chrono_literals;
using support::TestDatabase;

namespace {

struct House {
  House() {
    const std::vector<pg::Migration> migrations = {
        {1, "requests", "--@ request_v1\nCREATE TABLE done (id int);", "aa"}};
    const pg::DatabaseConfig config{.conninfo = database.conninfo(), .schema = "registrar"};
    REQUIRE(pg::Migrator(config, migrations).migrate().has_value());
    pool = *pg::Pool::open({.database = config, .size = 4});
  }
  TestDatabase database;
  std::unique_ptr<pg::Pool> pool;
  std::atomic<int> runs = 0;

  Result<pg::IdempotentAnswer> ask(const pg::RequestKey& key, std::string answer, bool fail = false) {
    return pool->with(pg::within(5s), [&](pg::Tx& tx) {
      return pg::idempotency::find_or_run(tx, key, [&]() -> Result<Bytes> {
        TRY_VOID(tx.run({"done", "INSERT INTO done VALUES (1)"}));
        ++runs;
        if (fail) return failed_precondition("NOT_NOW", "wrong state");
        return to_bytes(answer);
      });
    });
  }
  std::string done() const { return database.query("SELECT count(*) FROM registrar.done"); }
};

const pg::RequestKey kKey{"r-1", "spiffe://example.com/console", "AdmitDevice", {1, 2, 3}};

}  // namespace

TEST_CASE("a request sent twice is done once and answered twice", "[pg]") {
  House house;
  auto first = house.ask(kKey, "first");
  REQUIRE(first.has_value());
  CHECK(!first->replayed);
  auto again = house.ask(kKey, "second");
  REQUIRE(again.has_value());
  CHECK(again->replayed);
  CHECK(again->response == to_bytes("first"));
  CHECK(house.done() == "1");

  auto key = kKey;
  key.caller = "spiffe://example.com/other";
  CHECK(!house.ask(key, "theirs")->replayed);  // ids of different callers never meet
  CHECK(house.done() == "2");
}

TEST_CASE("an id used for something else is refused", "[pg]") {
  House house;
  CHECK(house.ask(kKey, "first").has_value());
  auto key = kKey;
  key.request_hash = {1, 2, 4};
  CHECK(house.ask(key, "x").error().code == ErrorCode::invalid_argument);
  CHECK(house.ask(key, "x").error().reason == "REQUEST_ID_REUSED");
  key = kKey;
  key.method = "WipeDevice";
  CHECK(house.ask(key, "x").error().reason == "REQUEST_ID_REUSED");
  key.request_id = "";
  CHECK(house.ask(key, "x").error().reason == "REQUEST_ID_INVALID");
  key.request_id = std::string(pg::kMaxRequestId + 1, 'r');
  CHECK(house.ask(key, "x").error().reason == "REQUEST_ID_INVALID");
  CHECK(house.done() == "1");
}

TEST_CASE("a failure is not remembered", "[pg]") {
  House house;
  CHECK(house.ask(kKey, "x", true).error().reason == "NOT_NOW");
  CHECK(house.done() == "0");
  CHECK(!house.ask(kKey, "now")->replayed);
  CHECK(house.done() == "1");
}

TEST_CASE("the same request at the same time runs once", "[pg]") {
  House house;
  std::atomic<int> answered = 0, replayed = 0;
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 4; ++i)
      callers.emplace_back([&] {
        if (auto answer = house.ask(kKey, "one"); answer && answer->response == to_bytes("one")) {
          ++answered;
          if (answer->replayed) ++replayed;
        }
      });
  }
  CHECK(answered == 4);
  CHECK(replayed == 3);
  CHECK(house.runs == 1);
  CHECK(house.done() == "1");
}

TEST_CASE("old requests are forgotten", "[pg]") {
  House house;
  CHECK(house.ask(kKey, "old").has_value());
  const auto trim = [&](std::string_view before) {
    return house.pool->with(pg::within(5s),
                            [&](pg::Tx& tx) { return pg::idempotency::trim(tx, *parse_rfc3339(before), 2); });
  };
  CHECK(*trim("2001-01-01T00:00:00Z") == 0);
  CHECK(house.ask(kKey, "x")->replayed);
  CHECK(*trim("9999-01-01T00:00:00Z") == 1);
  for (const std::string id : {"one", "two", "three"}) {
    auto key = kKey;
    key.request_id = id;
    CHECK(house.ask(key, id).has_value());
  }
  CHECK(*trim("9999-01-01T00:00:00Z") == 2);
  CHECK(*trim("9999-01-01T00:00:00Z") == 1);
  CHECK(!house.ask(kKey, "x")->replayed);
}
