#include <catch2/catch.hpp>

#include "libs/pg/pool.h"
#include "tests/support/postgres/test_database.h"

using namespace pratique;
using namespace std::chrono_literals;
using support::TestDatabase;

namespace {

struct ThingTag {
  static constexpr std::string_view kPrefix = "things";
};
using ThingId = Id<ThingTag>;

struct House {
  House() {
    database.execute(
        "CREATE TABLE thing (id int PRIMARY KEY, name text CONSTRAINT thing_name_unique UNIQUE, "
        "size int NOT NULL DEFAULT 1 CONSTRAINT thing_size_positive CHECK (size > 0), "
        "parent int CONSTRAINT thing_parent_exists REFERENCES thing)");
    auto opened = pg::Pool::open({.database = {.conninfo = database.conninfo()}, .size = 2});
    REQUIRE(opened.has_value());
    pool = *std::move(opened);
  }
  TestDatabase database;
  std::unique_ptr<pg::Pool> pool;

  // The error of one statement in a transaction of its own.
  template <typename... A>
  Error error_of(const pg::Statement& statement, const A&... arguments) {
    auto done = pool->with(pg::within(5s), [&](pg::Tx& tx) { return tx.run(statement, arguments...); });
    REQUIRE(!done);
    return std::move(done).error();
  }
};

std::string evidence(const Error& error, std::string_view key) {
  for (const auto& [name, value] : error.evidence)
    if (name == key) return value;
  return "";
}

constexpr pg::Statement kInsert{"insert", "INSERT INTO thing (id, name) VALUES ($1, $2)"};
constexpr pg::Statement kCount{"count", "SELECT count(*) AS n FROM thing"};

}  // namespace

TEST_CASE("every kind of argument comes back as it went", "[pg]") {
  House house;
  constexpr pg::Statement echo{
      "echo",
      "SELECT $1::text AS t, $2::bigint AS i, $3::boolean AS b, $4::float8 AS d, $5::timestamptz AS ts, "
      "$6::bytea AS raw, $7::text[] AS list, $8::uuid AS id, $9::text AS none, $10::text[] AS empty"};
  Bytes all(256);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
  const auto id = *ThingId::parse("01930000-0000-7000-8000-000000000001");
  const Timestamp time = *parse_rfc3339("2026-11-24T06:38:27.000250Z");
  const std::vector<std::string> list{"plain", "", "NULL", "a,b", "{x}", "say \"hi\" \\ there", "Grüße"};
  auto done = house.pool->read(pg::within(5s), [&](pg::Tx& tx) -> Result<void> {
    TRY(const auto row, tx.run_one(echo, "it's; \"quoted\" \\ Grüße", std::numeric_limits<std::int64_t>::min(), true,
                                   0.1, time, all, list, id, std::optional<std::string>{},
                                   std::vector<std::string>{}));
    CHECK(row.text("t") == "it's; \"quoted\" \\ Grüße");
    CHECK(row.integer("i") == std::numeric_limits<std::int64_t>::min());
    CHECK(row.boolean("b"));
    CHECK(row.real("d") == 0.1);
    CHECK(row.timestamp("ts") == time);
    CHECK(row.bytes("raw") == all);
    CHECK(row.texts("list") == list);
    CHECK(row.texts("empty").empty());
    CHECK(row.id<ThingId>("id") == id);
    CHECK(row.optional_id<ThingId>("none").empty());
    CHECK(row.is_null("none"));
    CHECK(row.optional_text("none") == std::nullopt);
    CHECK(row.optional_timestamp("none") == std::nullopt);
    CHECK(row.optional_bytes("raw") == all);
    TRY(const auto nothing, tx.run_one(echo, "", std::optional<int>{}, std::nullopt, std::nullopt,
                                       std::optional(time), Bytes{}, std::nullopt, ThingId{}, std::nullopt,
                                       std::nullopt));
    CHECK(nothing.text("t").empty());
    CHECK(nothing.optional_integer("i") == std::nullopt);
    CHECK(nothing.optional_boolean("b") == std::nullopt);
    CHECK(nothing.bytes("raw").empty());
    CHECK(nothing.is_null("id"));
    CHECK(nothing.optional_timestamp("ts") == time);
    return {};
  });
  CHECK(done.has_value());
}

TEST_CASE("a column that our code misreads is a defect that rolls back", "[pg]") {
  House house;
  const auto reason = [&](auto&& read) {
    auto done = house.pool->with(pg::within(5s), [&](pg::Tx& tx) -> Result<void> {
      TRY_VOID(tx.run(kInsert, 1, "a"));
      TRY(const auto row, tx.run_one({"odd", "SELECT 'x'::text AS t, NULL::text AS n, 'infinity'::timestamptz AS ts, "
                                             "ARRAY['a', NULL] AS list, ARRAY[['a']] AS deep, 7 AS i"}));
      read(row);
      return {};
    });
    return done ? std::string("none") : done.error().reason;
  };
  CHECK(reason([](const pg::Row& row) { (void)row.integer("i"); }) == "none");
  house.database.execute("DELETE FROM thing");
  CHECK(reason([](const pg::Row& row) { (void)row.text("absent"); }) == "DATABASE_ROW_DEFECT");
  CHECK(reason([](const pg::Row& row) { (void)row.text("n"); }) == "DATABASE_ROW_DEFECT");
  CHECK(reason([](const pg::Row& row) { (void)row.integer("t"); }) == "DATABASE_ROW_DEFECT");
  CHECK(reason([](const pg::Row& row) { (void)row.boolean("i"); }) == "DATABASE_ROW_DEFECT");
  CHECK(reason([](const pg::Row& row) { (void)row.timestamp("ts"); }) == "DATABASE_ROW_DEFECT");
  CHECK(reason([](const pg::Row& row) { (void)row.bytes("t"); }) == "DATABASE_ROW_DEFECT");
  CHECK(reason([](const pg::Row& row) { (void)row.texts("list"); }) == "DATABASE_ROW_DEFECT");
  CHECK(reason([](const pg::Row& row) { (void)row.texts("deep"); }) == "DATABASE_ROW_DEFECT");
  CHECK(reason([](const pg::Row& row) { (void)row.id<ThingId>("t"); }) == "DATABASE_ROW_DEFECT");
  CHECK(house.database.query("SELECT count(*) FROM thing") == "0");
  CHECK(house.pool->statistics().dropped == 0);
}

TEST_CASE("what PostgreSQL refuses has a code, a reason and a constraint", "[pg]") {
  House house;
  house.database.execute("INSERT INTO thing (id, name) VALUES (1, 'one')");

  auto error = house.error_of(kInsert, 2, "one");
  CHECK(error.code == ErrorCode::already_exists);
  CHECK(error.reason == "DATABASE_ALREADY_EXISTS");
  CHECK(evidence(error, "constraint") == "thing_name_unique");
  CHECK(error.message.find("one)") == std::string::npos);  // the value stands in DETAIL, which is not told on

  error = house.error_of({"orphan", "INSERT INTO thing (id, parent) VALUES (3, 99)"});
  CHECK(error.code == ErrorCode::failed_precondition);
  CHECK(evidence(error, "constraint") == "thing_parent_exists");

  error = house.error_of({"small", "INSERT INTO thing (id, size) VALUES (4, 0)"});
  CHECK(error.reason == "DATABASE_CHECK_VIOLATED");
  CHECK(evidence(error, "constraint") == "thing_size_positive");

  error = house.error_of({"null", "INSERT INTO thing (id, size) VALUES (5, NULL)"});
  CHECK(error.reason == "DATABASE_CHECK_VIOLATED");
  CHECK(evidence(error, "column") == "size");

  error = house.error_of({"uuid", "SELECT $1::uuid"}, "no-uuid-but-secret");
  CHECK(error.reason == "DATABASE_VALUE_INVALID");
  CHECK(error.message.find("secret") == std::string::npos);
  CHECK(house.error_of(kInsert, 6, std::string("zero\0byte", 9)).reason == "DATABASE_VALUE_INVALID");
  CHECK(house.error_of(kInsert, 6, "\xff\xfe").reason == "DATABASE_VALUE_INVALID");

  error = house.error_of({"typo", "SELEKT 1"});
  CHECK(error.code == ErrorCode::internal);
  CHECK(evidence(error, "sqlstate") == "42601");
}

TEST_CASE("one name stands for one SQL text", "[pg]") {
  House house;
  auto done = house.pool->with(pg::within(5s), [](pg::Tx& tx) -> Result<void> {
    TRY_VOID(tx.run(kCount));
    TRY_VOID(tx.run(kCount));
    TRY_VOID(tx.run({"count", "SELECT 2"}));
    return {};
  });
  REQUIRE(!done);
  CHECK(done.error().reason == "DATABASE_STATEMENT_CLASH");
}

TEST_CASE("an error that the caller swallows still rolls back", "[pg]") {
  House house;
  auto done = house.pool->with(pg::within(5s), [](pg::Tx& tx) -> Result<int> {
    TRY_VOID(tx.run(kInsert, 1, "one"));
    (void)tx.run(kInsert, 1, "again");
    (void)tx.run(kInsert, 2, "two");
    return 7;
  });
  REQUIRE(!done);
  CHECK(done.error().reason == "DATABASE_ALREADY_EXISTS");
  CHECK(house.database.query("SELECT count(*) FROM thing") == "0");
}

TEST_CASE("a savepoint undoes its own work alone", "[pg]") {
  House house;
  auto done = house.pool->with(pg::within(5s), [](pg::Tx& tx) -> Result<void> {
    // The first statement inside is a prepared one: the driver's own savepoint fails here.
    auto first = tx.savepoint([&]() -> Result<void> {
      TRY_VOID(tx.run(kInsert, 1, "one"));
      return {};
    });
    CHECK(first.has_value());
    auto second = tx.savepoint([&]() -> Result<int> {
      TRY_VOID(tx.run(kInsert, 2, "two"));
      TRY_VOID(tx.run(kInsert, 3, "one"));
      return 1;
    });
    CHECK(second.error().reason == "DATABASE_ALREADY_EXISTS");
    auto third = tx.savepoint([&]() -> Result<void> {
      auto inner = tx.savepoint([&]() -> Result<void> { return not_found("NO", "inner"); });
      CHECK(!inner);
      TRY_VOID(tx.run(kInsert, 4, "four"));
      return {};
    });
    CHECK(third.has_value());
    auto swallowing = tx.savepoint([&]() -> Result<void> {
      (void)tx.run(kInsert, 4, "four");
      return {};
    });
    CHECK(!swallowing);
    TRY(const auto last, tx.run(kInsert, 5, "five"));
    CHECK(last.affected() == 1);
    return {};
  });
  CHECK(done.has_value());
  CHECK(house.database.query("SELECT string_agg(id::text, ',' ORDER BY id) FROM thing") == "1,4,5");
}

TEST_CASE("absent rows: an answer for find, an error for run_one", "[pg]") {
  House house;
  constexpr pg::Statement by_id{"by_id", "SELECT name FROM thing WHERE id = $1"};
  auto found = house.pool->read(pg::within(5s), [&](pg::Tx& tx) { return tx.find(by_id, 1); });
  REQUIRE(found.has_value());
  CHECK(!found->has_value());
  CHECK(house.pool->read(pg::within(5s), [&](pg::Tx& tx) { return tx.run_one(by_id, 1); }).error().reason ==
        "DATABASE_NO_ROW");
}

TEST_CASE("a read-only transaction cannot write, and the connection stays good", "[pg]") {
  House house;
  auto done = house.pool->read(pg::within(5s), [](pg::Tx& tx) { return tx.run(kInsert, 1, "one"); });
  REQUIRE(!done);
  CHECK(done.error().reason == "DATABASE_STATEMENT_FAILED");
  CHECK(house.pool->statistics().dropped == 0);
}

TEST_CASE("what is queued is done, in order, with what is awaited next or with COMMIT", "[pg]") {
  House house;
  constexpr pg::Statement rename{"rename", "UPDATE thing SET name = $2 WHERE id = $1"};
  constexpr pg::Statement name{"name", "SELECT name FROM thing WHERE id = $1"};
  auto done = house.pool->with(pg::within(5s), [&](pg::Tx& tx) -> Result<void> {
    TRY_VOID(tx.queue(kInsert, 1, "a"));
    TRY_VOID(tx.queue(rename, 1, "b"));
    TRY(const auto row, tx.run_one(name, 1));
    CHECK(row.text("name") == "b");
    TRY_VOID(tx.queue(rename, 1, "c"));
    return tx.queue(kInsert, 2, "d");
  });
  CHECK(done.has_value());
  CHECK(house.database.query("SELECT string_agg(name, ',' ORDER BY id) FROM thing") == "c,d");
}

TEST_CASE("more than a connection's buffers hold can be queued", "[pg]") {
  House house;
  constexpr pg::Statement fill{"fill", "INSERT INTO thing (id, name) VALUES ($1, $2) RETURNING id, name"};
  constexpr int kMany = 2'000;
  const std::string long_name(20'000, 'x');
  auto done = house.pool->with(pg::within(30s), [&](pg::Tx& tx) -> Result<void> {
    for (int i = 0; i < kMany; ++i) TRY_VOID(tx.queue(kInsert, i, std::nullopt));
    for (int i = 0; i < 100; ++i) TRY_VOID(tx.queue(fill, kMany + i, std::to_string(i) + long_name));
    return {};
  });
  CHECK(done.has_value());
  CHECK(house.database.query("SELECT count(*) FROM thing") == std::to_string(kMany + 100));
}

TEST_CASE("a queued statement that fails takes the transaction with it, under its own name", "[pg]") {
  House house;
  house.database.execute("INSERT INTO thing (id) VALUES (1)");
  const auto error_with = [&](auto&& next) {
    auto done = house.pool->with(pg::within(5s), [&](pg::Tx& tx) -> Result<void> {
      TRY_VOID(tx.queue(kInsert, 5, "before"));
      TRY_VOID(tx.queue(kInsert, 1, "again"));
      TRY_VOID(tx.queue(kInsert, 6, "after"));
      return next(tx);
    });
    REQUIRE(!done);
    CHECK(done.error().reason == "DATABASE_ALREADY_EXISTS");
    CHECK(evidence(done.error(), "constraint") == "thing_pkey");
    CHECK(done.error().message.starts_with("statement 'insert'"));
    CHECK(house.database.query("SELECT count(*) FROM thing") == "1");
  };
  SECTION("at COMMIT") {
    error_with([](pg::Tx&) -> Result<void> { return {}; });
  }
  SECTION("at the next that is run") {
    error_with([](pg::Tx& tx) -> Result<void> {
      TRY_VOID(tx.run(kCount));
      FAIL("the count was given");
      return {};
    });
  }
  SECTION("though the next one's failure is swallowed") {
    error_with([](pg::Tx& tx) -> Result<void> {
      (void)tx.run(kCount);
      return {};
    });
  }
  SECTION("at a savepoint, which it came before") {
    error_with([](pg::Tx& tx) -> Result<void> {
      return tx.savepoint([]() -> Result<void> {
        FAIL("the savepoint was opened");
        return {};
      });
    });
  }
  SECTION("where a statement behind it was new to the connection") {
    constexpr pg::Statement fresh{"fresh", "SELECT max(id) AS n FROM thing"};
    error_with([&](pg::Tx& tx) -> Result<void> { return tx.queue(fresh); });
    auto again = house.pool->with(pg::within(5s), [&](pg::Tx& tx) -> Result<void> {
      TRY(const auto row, tx.run_one(fresh));
      CHECK(row.integer("n") == 1);
      return {};
    });
    CHECK(again.has_value());
  }
  CHECK(house.pool->statistics().dropped == 0);
  CHECK(house.pool->statistics().opened == 1);
}

TEST_CASE("what is queued inside a savepoint is undone with it", "[pg]") {
  House house;
  auto done = house.pool->with(pg::within(5s), [&](pg::Tx& tx) -> Result<void> {
    TRY_VOID(tx.queue(kInsert, 1, "kept"));
    const auto refused = tx.savepoint([&]() -> Result<void> { return tx.queue(kInsert, 1, "twice"); });
    CHECK(refused.error().reason == "DATABASE_ALREADY_EXISTS");
    const auto given_up = tx.savepoint([&]() -> Result<void> {
      TRY_VOID(tx.queue(kInsert, 2, "undone"));
      return invalid("TEST", "given up");
    });
    CHECK(given_up.error().reason == "TEST");
    CHECK(tx.savepoint([&]() -> Result<void> { return tx.queue(kInsert, 3, "kept too"); }).has_value());
    return tx.queue(kInsert, 4, "kept as well");
  });
  CHECK(done.has_value());
  CHECK(house.database.query("SELECT string_agg(id::text, ',' ORDER BY id) FROM thing") == "1,3,4");
}
