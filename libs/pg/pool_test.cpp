#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

#include "libs/pg/pool.h"
#include "tests/support/postgres/test_database.h"

using namespace pratique;
using namespace std::chrono_literals;
using support::TestCluster;
using support::TestDatabase;

namespace {

constexpr pg::Statement kAdd{"add", "UPDATE counter SET value = value + $1"};
constexpr pg::Statement kValue{"value", "SELECT value FROM counter"};

std::unique_ptr<pg::Pool> open(const TestDatabase& database, std::size_t size = 2) {
  database.execute("CREATE TABLE IF NOT EXISTS counter (value int NOT NULL)");
  database.execute("INSERT INTO counter SELECT 0 WHERE NOT EXISTS (SELECT FROM counter)");
  auto pool = pg::Pool::open({.database = {.conninfo = database.conninfo()}, .size = size, .wait_limit = 20ms});
  REQUIRE(pool.has_value());
  return *std::move(pool);
}

Result<void> add(pg::Pool& pool, int amount) {
  return pool.with(pg::within(5s), [&](pg::Tx& tx) -> Result<void> {
    TRY_VOID(tx.run(kAdd, amount));
    return {};
  });
}

}  // namespace

TEST_CASE("success commits, failure and exceptions roll back", "[pg]") {
  TestDatabase database;
  auto pool = open(database);
  auto value = pool->with(pg::within(5s), [](pg::Tx& tx) -> Result<std::int64_t> {
    TRY_VOID(tx.run(kAdd, 5));
    TRY(const auto row, tx.run_one(kValue));
    return row.integer("value");
  });
  REQUIRE(value.has_value());
  CHECK(*value == 5);
  auto refused = pool->with(pg::within(5s), [](pg::Tx& tx) -> Result<void> {
    TRY_VOID(tx.run(kAdd, 100));
    return failed_precondition("MIND_CHANGED", "no");
  });
  CHECK(refused.error().reason == "MIND_CHANGED");
  CHECK_THROWS_AS(pool->with(pg::within(5s), [](pg::Tx& tx) -> Result<void> {
    TRY_VOID(tx.run(kAdd, 100));
    throw std::runtime_error("not ours");
  }), std::runtime_error);
  CHECK(database.query("SELECT value FROM counter") == "5");
  const auto count = pool->statistics();
  CHECK(count.in_use == 0);
  CHECK(count.idle == 1);
  CHECK(count.opened == 1);
}

TEST_CASE("a lost race runs the whole function again", "[pg]") {
  TestDatabase database;
  auto pool = open(database);
  int calls = 0;
  SECTION("serialization failure of a statement") {
    auto done = pool->with(pg::within(5s), [&](pg::Tx& tx) -> Result<void> {
      TRY_VOID(tx.run_one(kValue));
      if (++calls == 1) CHECK(add(*pool, 1).has_value());  // a rival commits after our snapshot
      TRY_VOID(tx.run(kAdd, 10));
      return {};
    }, {pg::Isolation::repeatable_read});
    CHECK(done.has_value());
    CHECK(calls == 2);
    CHECK(database.query("SELECT value FROM counter") == "11");
  }
  SECTION("also where a savepoint met it and the caller swallowed it") {
    auto done = pool->with(pg::within(5s), [&](pg::Tx& tx) -> Result<void> {
      TRY_VOID(tx.run_one(kValue));
      if (++calls == 1) CHECK(add(*pool, 1).has_value());
      (void)tx.savepoint([&] { return tx.run(kAdd, 10); });
      return {};
    }, {pg::Isolation::repeatable_read});
    CHECK(done.has_value());
    CHECK(calls == 2);
    CHECK(database.query("SELECT value FROM counter") == "11");
  }
  SECTION("write skew, found under serializable") {
    database.execute("CREATE TABLE guard (name text PRIMARY KEY, present boolean);"
                     "INSERT INTO guard VALUES ('a', true), ('b', true)");
    const auto leave = [&](pg::Tx& tx, const char* who) -> Result<bool> {
      TRY(const auto row, tx.run_one({"present", "SELECT count(*) AS n FROM guard WHERE present"}));
      if (row.integer("n") < 2) return false;
      TRY_VOID(tx.run({"leave", "UPDATE guard SET present = false WHERE name = $1"}, who));
      return true;
    };
    auto done = pool->with(pg::within(5s), [&](pg::Tx& tx) -> Result<bool> {
      TRY(const auto left, leave(tx, "a"));
      if (++calls == 1) {
        auto rival = pool->with(pg::within(5s), [&](pg::Tx& other) { return leave(other, "b"); },
                                {pg::Isolation::serializable});
        CHECK((rival.has_value() && *rival));
      }
      return left;
    }, {pg::Isolation::serializable});
    REQUIRE(done.has_value());
    CHECK(!*done);
    CHECK(calls == 2);
    CHECK(database.query("SELECT count(*) FROM guard WHERE present") == "1");
  }
  SECTION("a deadlock's victim") {
    auto done = pool->with(pg::within(5s), [&](pg::Tx& tx) -> Result<void> {
      if (++calls < 3) TRY_VOID(tx.run_script("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$"));
      TRY_VOID(tx.run(kAdd, 1));
      return {};
    });
    CHECK(done.has_value());
    CHECK(calls == 3);
    CHECK(pool->statistics().retries == 2);
  }
  SECTION("but not for ever") {
    auto done = pool->with(pg::within(5s), [&](pg::Tx& tx) -> Result<void> {
      ++calls;
      TRY_VOID(tx.run(kAdd, 1));
      return tx.run_script("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$");
    });
    CHECK(done.error().code == ErrorCode::aborted);
    CHECK(done.error().reason == "DATABASE_CONFLICT");
    CHECK(calls == pg::kMaxAttempts);
    CHECK(database.query("SELECT value FROM counter") == "0");
  }
}

TEST_CASE("a statement whose table was altered is prepared anew", "[pg]") {
  TestDatabase database;
  auto pool = open(database, 1);
  constexpr pg::Statement all{"all", "SELECT * FROM counter"};
  const auto columns = [&] {
    return pool->with(pg::within(5s), [&](pg::Tx& tx) -> Result<bool> {
      TRY(const auto row, tx.run_one(all));
      return row.text("value") == "0";
    });
  };
  CHECK(columns().has_value());
  database.execute("ALTER TABLE counter ADD COLUMN more text");
  CHECK(columns().has_value());
  CHECK(pool->statistics().retries == 1);
}

TEST_CASE("a full pool answers instead of growing", "[pg]") {
  TestDatabase database;
  auto pool = open(database, 1);
  const auto inner = [&](pg::Deadline deadline) {
    return pool->with(pg::within(5s), [&](pg::Tx&) -> Result<void> {
      CHECK(pool->statistics().in_use == 1);
      return pool->with(deadline, [](pg::Tx&) -> Result<void> { return {}; });
    });
  };
  auto full = inner(pg::within(60s));
  CHECK(full.error().code == ErrorCode::resource_exhausted);
  CHECK(full.error().reason == "DATABASE_POOL_EXHAUSTED");
  CHECK(pool->statistics().waits == 1);
  CHECK(pool->statistics().exhausted == 1);
  // Before the wait or in it: a deadline that is nearer than wait_limit is what the caller is told.
  CHECK(inner(pg::within(2ms)).error().code == ErrorCode::deadline_exceeded);
  CHECK(pool->with(pg::within(0ms), [](pg::Tx&) -> Result<void> { return {}; }).error().code ==
        ErrorCode::deadline_exceeded);
  CHECK(pool->statistics().in_use == 0);
  CHECK(add(*pool, 1).has_value());
}

TEST_CASE("many threads share few connections", "[pg]") {
  TestDatabase database;
  database.execute("CREATE TABLE counter (value int NOT NULL); INSERT INTO counter VALUES (0)");
  auto opened = pg::Pool::open({.database = {.conninfo = database.conninfo()}, .size = 2, .wait_limit = 10s});
  REQUIRE(opened.has_value());
  std::atomic<int> failures = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i)
      threads.emplace_back([&] {
        for (int turn = 0; turn < 20; ++turn)
          if (!add(**opened, 1)) ++failures;
      });
  }
  CHECK(failures == 0);
  CHECK(database.query("SELECT value FROM counter") == "120");
  CHECK((*opened)->statistics().opened <= 2);
}

TEST_CASE("time-outs of statements, locks and the caller's deadline", "[pg]") {
  TestDatabase database;
  open(database);
  auto pool = *pg::Pool::open({.database = {.conninfo = database.conninfo(), .lock_timeout = 10ms}, .size = 2});
  const auto slow = [&](pg::Deadline deadline) {
    return pool->with(deadline, [](pg::Tx& tx) { return tx.run_script("SELECT pg_sleep(60)"); });
  };
  CHECK(slow(pg::within(30ms)).error().reason == "DATABASE_TIMEOUT");
  auto locked = pool->with(pg::within(5s), [&](pg::Tx& tx) -> Result<void> {
    TRY_VOID(tx.run(kAdd, 1));
    auto rival = add(*pool, 1);
    CHECK(rival.error().code == ErrorCode::deadline_exceeded);
    CHECK(rival.error().reason == "DATABASE_TIMEOUT");
    return {};
  });
  CHECK(locked.has_value());
  CHECK(pool->statistics().dropped == 0);
  CHECK(add(*pool, 1).has_value());  // the short time-out did not stay with the connection
}

TEST_CASE("a connection that breaks takes its transaction along and is replaced", "[pg]") {
  TestDatabase database;
  auto pool = open(database);
  auto done = pool->with(pg::within(5s), [&](pg::Tx& tx) -> Result<void> {
    TRY_VOID(tx.run(kAdd, 1));
    TRY(const auto row, tx.run_one({"pid", "SELECT pg_backend_pid() AS pid"}));
    database.execute("SELECT pg_terminate_backend(" + row.text("pid") + ")");
    (void)tx.run(kAdd, 10);
    // A driver that connects anew behind our back would write this outside of any transaction.
    (void)tx.run(kAdd, 100);
    (void)tx.savepoint([&] { return tx.run(kAdd, 1000); });
    return {};
  });
  CHECK(done.error().code == ErrorCode::unavailable);
  CHECK(done.error().reason == "DATABASE_UNAVAILABLE");
  CHECK(database.query("SELECT value FROM counter") == "0");
  CHECK(pool->statistics().dropped == 1);
  CHECK(add(*pool, 1).has_value());
}

TEST_CASE("a commit whose answer is lost is in doubt, and says so", "[pg]") {
  TestDatabase database;
  auto pool = open(database);
  // COMMIT runs this trigger, which waits for a lock that the test holds.
  database.execute(
      "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS "
      "$$ BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NULL; END $$;"
      "CREATE CONSTRAINT TRIGGER hold AFTER UPDATE ON counter DEFERRABLE INITIALLY DEFERRED "
      "FOR EACH ROW EXECUTE FUNCTION hold()");
  Result<void> committing;
  auto holding = pool->with(pg::within(5s), [&](pg::Tx& tx) -> Result<void> {
    TRY_VOID(tx.run_script("SELECT pg_advisory_xact_lock(42)"));
    std::jthread committer([&] { committing = add(*pool, 1); });
    while (database.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'COMMIT' "
                          "AND wait_event_type = 'Lock' AND datname = current_database()") != "t") {
    }
    return {};
  });
  CHECK(holding.has_value());
  REQUIRE(!committing);
  CHECK(committing.error().code == ErrorCode::unavailable);
  CHECK(committing.error().reason == "DATABASE_IN_DOUBT");
}

TEST_CASE("a deferred constraint that fails at COMMIT is a plain refusal", "[pg]") {
  TestDatabase database;
  auto pool = open(database);
  database.execute("CREATE TABLE late (id int CONSTRAINT late_unique UNIQUE DEFERRABLE INITIALLY DEFERRED)");
  auto done = pool->with(pg::within(5s), [](pg::Tx& tx) -> Result<void> {
    return tx.run_script("INSERT INTO late VALUES (1), (1)");
  });
  CHECK(done.error().reason == "DATABASE_ALREADY_EXISTS");
  CHECK(pool->statistics().dropped == 0);
}

TEST_CASE("the server is killed in the middle of a transaction and comes back", "[pg][fault]") {
  TestCluster cluster;
  TestDatabase database(cluster);
  auto pool = open(database);
  auto both = pool->with(pg::within(5s), [&](pg::Tx&) { return add(*pool, 1); });  // two idle connections
  REQUIRE(both.has_value());
  CHECK(pool->statistics().idle == 2);

  auto killed = pool->with(pg::within(5s), [&](pg::Tx& tx) -> Result<void> {
    TRY_VOID(tx.run(kAdd, 10));
    cluster.kill_server();
    TRY_VOID(tx.run(kAdd, 10));
    return {};
  });
  CHECK(killed.error().reason == "DATABASE_UNAVAILABLE");
  CHECK(add(*pool, 10).error().reason == "DATABASE_UNAVAILABLE");
  CHECK(pool->statistics().in_use == 0);

  cluster.start_server();
  CHECK(add(*pool, 1).has_value());
  CHECK(database.query("SELECT value FROM counter") == "2");

  // Idle connections that a restart broke cost nobody a failure.
  CHECK(pool->with(pg::within(5s), [&](pg::Tx&) { return add(*pool, 1); }).has_value());
  CHECK(pool->statistics().idle == 2);
  cluster.kill_server();
  cluster.start_server();
  CHECK(add(*pool, 1).has_value());
  CHECK(database.query("SELECT value FROM counter") == "4");
  // … nor one that queues all it does, and so sends it together with COMMIT.
  cluster.kill_server();
  cluster.start_server();
  CHECK(pool->with(pg::within(5s), [](pg::Tx& tx) { return tx.queue(kAdd, 1); }).has_value());
  CHECK(database.query("SELECT value FROM counter") == "5");
}

TEST_CASE("configuration that cannot work is refused, and no password is told", "[pg]") {
  TestDatabase database;
  const auto reason = [](pg::PoolConfig config) {
    auto pool = pg::Pool::open(std::move(config));
    return pool ? std::string("none") : pool.error().reason;
  };
  CHECK(reason({.database = {.conninfo = "postgresql://host/db"}}) == "DATABASE_CONFIG_INVALID");
  CHECK(reason({.database = {.conninfo = database.conninfo(), .schema = "a\"b"}}) == "DATABASE_CONFIG_INVALID");
  CHECK(reason({.database = {.conninfo = database.conninfo(), .statement_timeout = 0ms}}) == "DATABASE_CONFIG_INVALID");
  CHECK(reason({.database = {.conninfo = database.conninfo()}, .size = 0}) == "DATABASE_CONFIG_INVALID");
  CHECK(reason({.database = {.conninfo = "host=/nowhere dbname=x"}}) == "DATABASE_UNAVAILABLE");

  const auto role = database.name() + "_service";
  const std::string password = "it's \\ a 'pass' word";
  database.execute("CREATE ROLE " + role + " LOGIN PASSWORD E'it\\'s \\\\ a \\'pass\\' word'");
  const auto conninfo = database.conninfo() + " user=" + role;
  CHECK(reason({.database = {.conninfo = conninfo, .password = Secret(std::string_view(password))}}) == "none");
  const Secret wrong(std::string_view("wrong-guess"));
  auto refused = pg::Pool::open({.database = {.conninfo = conninfo, .password = wrong}});
  REQUIRE(!refused);
  CHECK(refused.error().reason == "DATABASE_UNAVAILABLE");
  CHECK(refused.error().message.find("wrong-guess") == std::string::npos);
  database.execute("DROP ROLE " + role);
}

TEST_CASE("a look is one statement, and one round trip", "[pg]") {
  TestDatabase database;
  auto pool = open(database);
  database.execute("UPDATE counter SET value = 5");
  constexpr pg::Statement look{"look", "SELECT value, current_setting('statement_timeout') AS limit FROM counter"};
  const auto once = [&](pg::Tx& tx) -> Result<std::string> {
    TRY(const auto row, tx.run_one(look));
    CHECK(row.integer("value") == 5);
    return row.text("limit");
  };
  CHECK(*pool->look(pg::within(60s), once) == "5s");      // as the session has it
  CHECK(*pool->look(pg::within(100ms), once) != "5s");  // less than that is left: the limit needs a transaction
  auto twice = pool->look(pg::within(60s), [&](pg::Tx& tx) -> Result<std::string> {
    TRY_VOID(once(tx));
    return once(tx);
  });
  REQUIRE(!twice);
  CHECK(twice.error().reason == "DATABASE_STATEMENT_FAILED");
  CHECK(pool->look(pg::within(60s), [&](pg::Tx& tx) { return tx.savepoint([&] { return once(tx); }); }).error().reason ==
        "DATABASE_STATEMENT_FAILED");
  CHECK(pool->statistics().dropped == 0);
  CHECK(pool->statistics().in_use == 0);
  CHECK(add(*pool, 1).has_value());
}

TEST_CASE("a look passes over idle connections that a restart broke", "[pg][fault]") {
  TestCluster cluster;
  TestDatabase database(cluster);
  auto pool = open(database);
  CHECK(add(*pool, 1).has_value());
  cluster.kill_server();
  CHECK(pool->look(pg::within(5s), [](pg::Tx& tx) { return tx.run({"one", "SELECT 1 AS one"}); }).error().reason ==
        "DATABASE_UNAVAILABLE");
  cluster.start_server();
  CHECK(pool->look(pg::within(5s), [](pg::Tx& tx) { return tx.run({"one", "SELECT 1 AS one"}); }).has_value());
}
