// The schema of this room in a real database: what its tests start from.
#pragma once

#include <catch2/catch.hpp>

#include <memory>

#include "libs/base/clock.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/pg/migrator.h"
#include "libs/pg/pool.h"
#include "services/registrar/storage/migrations.h"
#include "tests/support/postgres/test_database.h"

namespace pratique::registrar {

inline constexpr Timestamp kNow{std::chrono::seconds(1'764'000'000)};

struct MigratedStore {
  MigratedStore() {
    const pg::DatabaseConfig config{.conninfo = database.conninfo(), .schema = "registrar"};
    REQUIRE(pg::Migrator(config, migrations()).migrate());
    pool = *pg::Pool::open({.database = config, .size = 3});
  }
  template <typename F>
  auto with(F&& fn) {
    return pool->with(pg::within(std::chrono::seconds(5)), fn);
  }

  support::TestDatabase database;
  std::unique_ptr<pg::Pool> pool;
  FixedClock clock{kNow};
  crypto::SystemRandom random;
};

}  // namespace pratique::registrar
