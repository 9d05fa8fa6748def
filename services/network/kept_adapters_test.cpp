#include <catch2/catch.hpp>

#include <atomic>
#include <functional>
#include <thread>

#include "libs/crypto/primitives/system_random.h"
#include "libs/pg/migrator.h"
#include "services/network/app/catalogue.h"
#include "services/network/kept_adapters.h"
#include "services/network/storage/migrations.h"
#include "services/network/storage/ports.h"
#include "services/network/storage/sites.h"
#include "services/network/storage/switches.h"
#include "services/network/storage/work.h"
#include "tests/support/postgres/test_database.h"

using namespace pratique;
using namespace pratique::network;
using namespace std::chrono_literals;

namespace {

/// An adapter that does nothing; its test speaks for it.
class Silent final : public SwitchAdapter {
 public:
  explicit Silent(std::atomic<int>& living) : living_(living) { ++living_; }
  ~Silent() override { --living_; }
  Capabilities capabilities() const override { return {}; }
  void watch(Listener listener) override { tell = std::move(listener); }
  Result<std::vector<PortState>> observe(Deadline) override { return std::vector<PortState>{}; }
  Result<std::vector<AppliedPort>> apply(std::span<const PortPlan>, Deadline) override {
    return std::vector<AppliedPort>{};
  }
  Result<SessionEnd> end_session(const SessionRef&, Deadline) override { return SessionEnd{}; }
  Result<SessionChanged> change_session(const SessionRef&, VlanId, Deadline) override {
    return SessionChanged::changed;
  }
  Listener tell;

 private:
  std::atomic<int>& living_;
};

bool until(const std::function<bool()>& state) {
  for (const auto limit = std::chrono::steady_clock::now() + 60s; !state(); std::this_thread::sleep_for(10ms))
    if (std::chrono::steady_clock::now() > limit) return false;
  return true;
}

struct House {
  House() {
    REQUIRE(pg::Migrator({.conninfo = database.conninfo(), .schema = "network"}, migrations()).migrate());
    pool = *pg::Pool::open({.database = {.conninfo = database.conninfo(), .schema = "network"}, .size = 3});
    in([&](pg::Tx& tx) -> Result<void> {
      Site hall{.id = SiteId::make(clock, random), .name = "hall-1"};
      hall.create_time = hall.update_time = clock.now();
      hall.version = 1;
      site = hall.id;
      TRY_VOID(insert_site(tx, hall));
      return {};
    });
  }
  template <typename F>
  void in(F&& work) {
    const auto done = pool->with(pg::within(20s), std::forward<F>(work));
    if (!done) FAIL(done.error().reason << ": " << done.error().message);
  }
  SwitchId add(const std::string& name) {
    Switch one{.id = SwitchId::make(clock, random), .site = site, .name = name};
    one.create_time = one.update_time = clock.now();
    one.version = 1;
    in([&](pg::Tx& tx) -> Result<void> {
      TRY_VOID(insert_switch(tx, one));
      return {};
    });
    return one.id;
  }
  void change(const SwitchId& id, bool enabled) {
    in([&](pg::Tx& tx) -> Result<void> {
      TRY(auto one, lock_switch(tx, id));
      one.enabled = enabled;
      return update_switch(tx, one);
    });
  }
  void give_authenticator(const SwitchId& id, const std::string& port, const std::string& authenticator) {
    RegisteredPort one{
        .id = PortId::make(clock, random), .on_switch = id, .name = port, .authenticator = authenticator};
    one.create_time = one.update_time = clock.now();
    one.version = 1;
    in([&](pg::Tx& tx) -> Result<void> {
      TRY_VOID(insert_port(tx, one));
      return {};
    });
  }
  std::optional<Lease> lease(const std::string& life) {
    std::optional<Lease> out;
    in([&](pg::Tx& tx) -> Result<void> {
      TRY(out, take_lease(tx, life, clock.now(), 60s, true));
      return {};
    });
    return out;
  }

  /// The connection that a life's lock is held on, by the life's name.
  std::unique_ptr<pg::Pool> session(const std::string& life) const {
    return *pg::Pool::open(
        {.database = {.conninfo = database.conninfo(), .schema = "network", .application_name = life}, .size = 1});
  }
  /// As a kill of the life's process does, or a cut. Also those of its twins.
  void close_session(const std::string& life) {
    const auto where = " FROM pg_stat_activity WHERE application_name = '" + life + "'";
    CHECK(database.query("SELECT count(pg_terminate_backend(pid))" + where) != "0");
    REQUIRE(until([&] { return database.query("SELECT count(*)" + where) == "0"; }));
  }
  std::string lives() const {
    return database.query("SELECT string_agg(life, ' ' ORDER BY life) FROM network.replica");
  }

  support::TestDatabase database;
  SystemClock clock;
  crypto::SystemRandom random;
  obs::Log log{catalogue(), obs::Level::error, clock};
  obs::Metrics metrics{catalogue()};
  std::unique_ptr<pg::Pool> pool;
  SiteId site;
};

/// One start of a replica. `settle`: of its lock.
struct Replica {
  Replica(House& house, const std::string& name, const std::string& life, std::chrono::milliseconds settle = 0ms)
      : lock(house.session(life), life, settle, house.log),
        book(
            *house.pool, {.replica = name, .life = life, .counts = 1h}, lock,
            [this](const SwitchRecord& record) -> Result<std::unique_ptr<SwitchAdapter>> {
              ++made;
              last = record;
              if (refuse) return failed_precondition("SWITCH_SECRET_MISSING", "none");
              return std::make_unique<Silent>(living);
            },
            [this](const SwitchId&, const PortEvent& event) {
              if (event.kind == PortEvent::Kind::station_on) ++told;
            },
            house.log, house.metrics) {}
  std::shared_ptr<Silent> find(const SwitchId& id) {
    const auto found = book.find(id);
    return found ? std::dynamic_pointer_cast<Silent>(*found) : nullptr;
  }

  std::atomic<int> living = 0, told = 0;
  int made = 0;
  bool refuse = false;
  SwitchRecord last;
  LifeLock lock;
  KeptAdapters book;
};

}  // namespace

TEST_CASE("adapters follow the registry: made, made anew, and ended") {
  House house;
  Replica replica(house, "network-1", "network-1/a");
  const auto first = house.add("sw1");
  CHECK_FALSE(replica.find(first));
  replica.book.turn();
  auto adapter = replica.find(first);
  REQUIRE(adapter);
  replica.book.turn();
  CHECK(replica.made == 1);
  CHECK(replica.find(first) == adapter);

  adapter->tell({.kind = PortEvent::Kind::station_on, .port = "p1"});
  CHECK(replica.told == 1);
  house.change(first, true);  // another version
  replica.book.turn();
  CHECK(replica.made == 2);
  CHECK(replica.find(first) != adapter);
  adapter->tell({.kind = PortEvent::Kind::station_on, .port = "p1"});
  CHECK(replica.told == 1);  // an ended one is not heard
  CHECK(replica.living == 2);
  adapter.reset();  // whoever still drove it
  CHECK(replica.living == 1);

  house.give_authenticator(first, "p1", "/run/hostapd/p1");
  replica.book.turn();
  CHECK(replica.made == 3);
  REQUIRE(replica.last.authenticators.size() == 1);
  CHECK(replica.last.authenticators[0].address == "/run/hostapd/p1");
  house.give_authenticator(first, "p2", "");
  replica.book.turn();
  CHECK(replica.made == 3);

  house.change(first, false);
  replica.book.turn();
  CHECK_FALSE(replica.find(first));
  CHECK(replica.living == 0);
  house.change(first, true);
  replica.book.turn();
  CHECK(replica.find(first));
}

TEST_CASE("an adapter that cannot be made is none, until its switch is changed") {
  House house;
  Replica replica(house, "network-1", "network-1/a");
  replica.refuse = true;
  const auto id = house.add("sw1");
  replica.book.turn();
  const auto none = replica.book.find(id);
  REQUIRE_FALSE(none);
  CHECK(none.error().reason == "SWITCH_SECRET_MISSING");
  CHECK(replica.book.find(SwitchId::make(house.clock, house.random)).error().reason == "SWITCH_UNREACHABLE");
  replica.refuse = false;
  house.change(id, true);
  replica.book.turn();
  CHECK(replica.find(id));
}

TEST_CASE("a switch is kept by one life at a time, and driven by none other") {
  House house;
  Replica one(house, "network-1", "network-1/a"), two(house, "network-2", "network-2/b");
  const auto id = house.add("sw1");
  CHECK_FALSE(house.lease("network-1/a"));  // it keeps nothing yet
  one.book.turn();
  two.book.turn();
  CHECK(one.find(id));
  CHECK_FALSE(two.find(id));
  CHECK_FALSE(house.lease("network-2/b"));
  const auto driving = house.lease("network-1/a");
  REQUIRE(driving);

  SECTION("one that is silent too long loses it") {
    house.database.execute("UPDATE network.replica SET until = '-infinity' WHERE name = 'network-1'");
    two.book.turn();
    CHECK(two.find(id));
    // What the old one drives is refused, and its next turn tells it.
    const auto held = house.pool->with(pg::within(20s), [&](pg::Tx& tx) { return hold_lease(tx, *driving); });
    REQUIRE_FALSE(held);
    CHECK(held.error().reason == "LEASE_LOST");
    const auto taken = house.lease("network-2/b");
    REQUIRE(taken);
    CHECK(taken->observe_due);
    one.book.turn();
    CHECK_FALSE(one.find(id));
    CHECK(one.living == 0);
  }
  SECTION("one that leaves gives it away at once") {
    one.book.leave();
    CHECK(one.living == 0);
    two.book.turn();
    CHECK(two.find(id));
  }
  SECTION("one that is started again has it at once") {
    Replica again(house, "network-1", "network-1/c");
    again.book.turn();
    CHECK(again.find(id));
    two.book.turn();
    CHECK_FALSE(two.find(id));
    one.book.leave();  // what is left of its former life takes nothing along
    two.book.turn();
    CHECK_FALSE(two.find(id));
  }
}

TEST_CASE("who was killed is ended at once, by whoever sees that its lock is free") {
  House house;
  Replica one(house, "network-1", "network-1/a"), two(house, "network-2", "network-2/b");
  const auto id = house.add("sw1");
  for (auto* const each : {&one, &two}) {
    CHECK(each->lock.look());
    CHECK(each->lock.held());
    each->book.turn();
    CHECK_FALSE(each->lock.look());
  }
  CHECK(one.find(id));
  const auto driving = house.lease("network-1/a");
  REQUIRE(driving);
  CHECK_FALSE(two.lock.look());  // as long as it lives
  CHECK(house.lives() == "network-1/a network-2/b");

  house.close_session("network-1/a");
  REQUIRE(until([&] { return two.lock.look(); }));
  CHECK(house.lives() == "network-2/b");
  two.book.turn();
  CHECK(two.find(id));
  const auto held = house.pool->with(pg::within(20s), [&](pg::Tx& tx) { return hold_lease(tx, *driving); });
  REQUIRE_FALSE(held);
  CHECK(held.error().reason == "LEASE_LOST");
  const auto taken = house.lease("network-2/b");
  REQUIRE(taken);
  CHECK(taken->observe_due);

  // It was no kill after all: it lives on, keeps nothing, and is one of them again.
  one.lock.look();
  one.book.turn();
  CHECK_FALSE(one.find(id));
  CHECK(one.living == 0);
  CHECK(house.lives() == "network-1/a network-2/b");
  CHECK(until([&] { return one.lock.look() || one.lock.held(); }));
  one.book.turn();
  CHECK_FALSE(two.lock.look());
  two.book.leave();
  one.book.turn();
  CHECK(one.find(id));
}

TEST_CASE("who may live is not ended by its lock") {
  House house;
  Replica one(house, "network-1", "network-1/a"), two(house, "network-2", "network-2/b");
  const auto id = house.add("sw1");
  SECTION("one that never had its lock") {
    one.book.turn();
    two.lock.look();
    CHECK_FALSE(two.lock.look());
  }
  SECTION("one that does not get it, since another session has it") {
    Replica twin(house, "network-1", "network-1/a");
    CHECK(twin.lock.look());
    CHECK_FALSE(one.lock.look());
    CHECK_FALSE(one.lock.held());
    one.book.turn();
    two.lock.look();
    house.close_session("network-1/a");
  }
  SECTION("one that takes it anew before the others look") {
    one.lock.look();
    one.book.turn();
    two.lock.look();
    house.close_session("network-1/a");
    REQUIRE(until([&] {
      one.lock.look();
      return one.lock.held();
    }));
    CHECK_FALSE(two.lock.look());
  }
  SECTION("one that lost its lock and said so") {
    one.lock.look();
    Replica twin(house, "network-1", "network-1/a");
    house.close_session("network-1/a");
    CHECK(until([&] { return twin.lock.look() || twin.lock.held(); }));
    CHECK(one.lock.look());
    CHECK_FALSE(one.lock.held());
    one.book.turn();
    two.lock.look();
    house.close_session("network-1/a");
  }
  CHECK_FALSE(two.lock.look());
  two.book.turn();
  CHECK_FALSE(two.find(id));
  CHECK(one.find(id));
}

TEST_CASE("who has not held its own lock for long ends nobody: a database that was started again has freed them all") {
  House house;
  Replica one(house, "network-1", "network-1/a"), young(house, "network-2", "network-2/b", 1h);
  const auto id = house.add("sw1");
  one.lock.look();
  one.book.turn();
  young.lock.look();
  house.close_session("network-1/a");
  CHECK_FALSE(young.lock.look());
  young.book.turn();
  CHECK_FALSE(young.find(id));
  CHECK(house.lives() == "network-1/a network-2/b");
}
