#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

#include "libs/pg/listener.h"
#include "libs/pg/migrator.h"
#include "libs/pg/outbox.h"
#include "tests/support/postgres/test_database.h"

using namespace pratique;
using namespace std::chrono_literals;
using support::TestCluster;
using support::TestDatabase;

namespace {

// Generous: it passes at the wake-up and is reached only by a failure.
pg::Deadline patience() { return pg::within(20s); }

pg::ListenerConfig config(const TestDatabase& database, std::vector<std::string> channels) {
  return {.database = {.conninfo = database.conninfo()}, .channels = std::move(channels), .backoff_first = 5ms,
          .backoff_limit = 50ms};
}

}  // namespace

TEST_CASE("a notification wakes its channel and no other", "[pg]") {
  TestDatabase database;
  pg::Listener listener(config(database, {"one", "Odd \"name\""}));
  const auto odd = listener.wait("Odd \"name\"", 0, patience());
  const auto one = listener.wait("one", 0, patience());
  CHECK(one == 1);  // the connection itself
  CHECK(odd == 1);
  CHECK(listener.connected());
  database.execute("NOTIFY one");
  CHECK(listener.wait("one", one, patience()) == 2);
  CHECK(listener.count("Odd \"name\"") == odd);
  database.execute("NOTIFY \"Odd \"\"name\"\"\"");
  CHECK(listener.wait("Odd \"name\"", odd, patience()) == 2);
  CHECK(listener.wait("one", 2, pg::within(1ms)) == 2);
  CHECK(listener.count("unknown") == 0);
}

TEST_CASE("an appended event wakes its readers when it is committed", "[pg]") {
  TestDatabase database;
  const std::vector<pg::Migration> migrations = {{1, "events", "--@ outbox_v1\n", "aa"}};
  const pg::DatabaseConfig registrar{.conninfo = database.conninfo(), .schema = "registrar"};
  REQUIRE(pg::Migrator(registrar, migrations).migrate().has_value());
  auto pool = *pg::Pool::open({.database = registrar, .size = 1});
  const auto channel = pg::outbox_channel("registrar");
  pg::Listener listener(config(database, {channel}));
  std::atomic<int> calls = 0;
  const auto seen = listener.wait(channel, 0, patience());
  {
    const auto subscription = listener.subscribe(channel, [&] { ++calls; });
    auto done = pool->with(patience(), [&](pg::Tx& tx) { return pg::outbox::append(tx, {"a", "b", {}}); });
    CHECK(done.has_value());
    CHECK(listener.wait(channel, seen, patience()) == seen + 1);
    while (calls == 0) std::this_thread::yield();
  }
  database.execute("NOTIFY " + channel);
  CHECK(listener.wait(channel, seen + 1, patience()) == seen + 2);
  listener.stop();
  CHECK(calls == 1);
}

TEST_CASE("stop ends every wait at once, also when the server never was there", "[pg]") {
  pg::Listener listener({.database = {.conninfo = "host=/nowhere dbname=x"}, .channels = {"one"}});
  std::jthread stopper([&] { listener.stop(); });
  CHECK(listener.wait("one", 0, pg::within(600s)) == 0);
  CHECK(!listener.connected());
  listener.stop();
}

TEST_CASE("the listener comes back after the server was killed, and wakes everybody", "[pg][fault]") {
  TestCluster cluster;
  TestDatabase database(cluster);
  pg::Listener listener(config(database, {"one", "two"}));
  CHECK(listener.wait("one", 0, patience()) == 1);
  CHECK(listener.wait("two", 0, patience()) == 1);
  cluster.kill_server();
  cluster.start_server();
  database.execute("SELECT 1");
  CHECK(listener.wait("one", 1, patience()) >= 2);  // whatever was sent meanwhile is lost, so look again
  const auto two = listener.wait("two", 1, patience());
  CHECK(two == 2);
  CHECK(listener.connections() == 2);
  database.execute("NOTIFY two");
  CHECK(listener.wait("two", two, patience()) == 3);
}
