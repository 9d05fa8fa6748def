#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

#include "libs/pg/migrator.h"
#include "libs/pg/pool.h"
#include "tests/support/postgres/test_database.h"

using namespace pratique;
using namespace std::chrono_literals;
using support::TestDatabase;

namespace {

const std::vector<pg::Migration> kThree = {
    {1, "create_device", "CREATE TABLE device (id int PRIMARY KEY);\nINSERT INTO device VALUES (1), (2);", "aa"},
    {2, "add_serial", "ALTER TABLE device ADD COLUMN serial text NOT NULL DEFAULT 'x; y';", "bb"},
    {3, "events", "-- events and requests\n--@ outbox_v1\n--@ request_v1\n", "cc"},
};

pg::DatabaseConfig config(const TestDatabase& database) {
  return {.conninfo = database.conninfo(), .schema = "registrar"};
}

Result<pg::MigrationReport> migrate(const TestDatabase& database, std::span<const pg::Migration> migrations) {
  return pg::Migrator(config(database), migrations).migrate();
}

std::string reason(const Result<pg::MigrationReport>& result) { return result ? "none" : result.error().reason; }

}  // namespace

TEST_CASE("migrations are applied once, in order, in the service's schema", "[pg]") {
  TestDatabase database;
  auto first = migrate(database, std::span(kThree).first(2));
  REQUIRE(first.has_value());
  CHECK(first->version == 2);
  CHECK(first->applied == std::vector<std::string>{"0001_create_device", "0002_add_serial"});
  CHECK(reason(pg::Migrator(config(database), kThree).check()) == "SCHEMA_OUTDATED");
  auto second = migrate(database, kThree);
  REQUIRE(second.has_value());
  CHECK(second->applied == std::vector<std::string>{"0003_events"});
  auto third = migrate(database, kThree);
  REQUIRE(third.has_value());
  CHECK(third->version == 3);
  CHECK(third->applied.empty());
  CHECK(pg::Migrator(config(database), kThree).check()->version == 3);
  CHECK(database.query("SELECT string_agg(tablename, ' ' ORDER BY tablename) FROM pg_tables "
                       "WHERE schemaname = 'registrar'") ==
        "device outbox outbox_head request schema_migration");
  CHECK(database.query("SELECT count(*) FROM registrar.device WHERE serial = 'x; y'") == "2");
}

TEST_CASE("replicas that start together migrate once", "[pg]") {
  TestDatabase database;
  std::atomic<int> failures = 0;
  std::atomic<std::size_t> applied = 0;
  {
    std::vector<std::jthread> replicas;
    for (int i = 0; i < 4; ++i)
      replicas.emplace_back([&] {
        auto done = migrate(database, kThree);
        if (done) applied += done->applied.size();
        else ++failures;
      });
  }
  CHECK(failures == 0);
  CHECK(applied == 3);
}

TEST_CASE("a schema that the program does not know is refused and left alone", "[pg]") {
  TestDatabase database;
  REQUIRE(migrate(database, kThree).has_value());
  SECTION("newer") {
    auto old = migrate(database, std::span(kThree).first(1));
    CHECK(reason(old) == "SCHEMA_NEWER");
    CHECK(old.error().message.find("0002_add_serial") != std::string::npos);
    CHECK(reason(pg::Migrator(config(database), std::span(kThree).first(1)).check()) == "SCHEMA_NEWER");
  }
  SECTION("edited afterwards") {
    auto edited = kThree;
    edited[1].checksum = "b0";
    edited.push_back({4, "more", "CREATE TABLE more (id int);", "dd"});
    auto refused = migrate(database, edited);
    CHECK(reason(refused) == "MIGRATION_CHECKSUM_MISMATCH");
    CHECK(refused.error().message.find("0002_add_serial") != std::string::npos);
    CHECK(database.query("SELECT to_regclass('registrar.more') IS NULL") == "t");
  }
  SECTION("with a hole") {
    database.execute("DELETE FROM registrar.schema_migration WHERE number = 2");
    CHECK(reason(migrate(database, kThree)) == "MIGRATION_CHECKSUM_MISMATCH");
  }
}

TEST_CASE("a migration that fails leaves the ones before it, and nothing of its own", "[pg]") {
  TestDatabase database;
  auto broken = kThree;
  broken[1].sql = "CREATE TABLE half (id int); SELECT * FROM no_such_table;";
  auto failed = migrate(database, broken);
  REQUIRE(!failed);
  CHECK(failed.error().message.find("0002_add_serial") != std::string::npos);
  CHECK(database.query("SELECT max(number) FROM registrar.schema_migration") == "1");
  CHECK(database.query("SELECT to_regclass('registrar.half') IS NULL") == "t");
  CHECK(migrate(database, kThree).has_value());
}

TEST_CASE("migrations that keep no house rule are a defect", "[pg]") {
  TestDatabase database;
  CHECK(reason(migrate(database, std::span(kThree).subspan(1))) == "MIGRATION_SET_INVALID");
  auto odd = kThree;
  odd[2].sql = "--@ inbox_v1\n";
  CHECK(reason(migrate(database, odd)) == "MIGRATION_SET_INVALID");
  odd[2].sql = "CREATE TABLE a (id int); COMMIT; BEGIN;";
  CHECK(reason(migrate(database, odd)) == "MIGRATION_SET_INVALID");
  CHECK(reason(pg::Migrator({.conninfo = database.conninfo()}, kThree).migrate()) == "DATABASE_CONFIG_INVALID");
}

TEST_CASE("a service's role migrates a schema that it was given, and no other", "[pg]") {
  TestDatabase database;
  const auto role = database.name() + "_service";
  database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'p'; CREATE SCHEMA registrar AUTHORIZATION " + role);
  pg::DatabaseConfig given{.conninfo = database.conninfo() + " user=" + role,
                           .password = Secret(std::string_view("p")), .schema = "registrar"};
  CHECK(pg::Migrator(given, kThree).migrate().has_value());
  given.schema = "network";
  CHECK(reason(pg::Migrator(given, kThree).migrate()) == "DATABASE_STATEMENT_FAILED");
  database.execute("DROP SCHEMA registrar CASCADE; DROP ROLE " + role);
}
