#include "services/registrar/storage/events.h"

#include <catch2/catch.hpp>

#include "libs/pg/migrator.h"
#include "libs/pg/pool.h"
#include "services/registrar/storage/facts.h"
#include "services/registrar/storage/migrations.h"
#include "tests/support/postgres/test_database.h"

using namespace pratique;
using namespace pratique::registrar;
using namespace std::chrono_literals;

TEST_CASE("an event is read from the outbox with its facts, if its change was committed") {
  support::TestDatabase database;
  const pg::DatabaseConfig config{.conninfo = database.conninfo(), .schema = "registrar"};
  REQUIRE(pg::Migrator(config, migrations()).migrate());
  const auto pool = *pg::Pool::open({.database = config, .size = 1});
  const Facts facts = {{"serial_number", "S \"1\" \xC3\xA4"}, {"segment", ""}};
  CHECK_FALSE(pool->with(pg::within(5s), [&](pg::Tx& tx) -> Result<void> {
    TRY_VOID(append_event(tx, "device.retired", "devices/0", facts));
    return internal("TEST", "the change failed");
  }));
  REQUIRE(
      pool->with(pg::within(5s), [&](pg::Tx& tx) { return append_event(tx, "device.admitted", "devices/1", facts); }));
  const auto events = pool->read(pg::within(5s), [](pg::Tx& tx) { return pg::outbox::read(tx, 0, 10); });
  REQUIRE(events);
  REQUIRE(events->size() == 1);
  CHECK(events->front().type == "device.admitted");
  CHECK(events->front().subject == "devices/1");
  CHECK(*parse_event_facts(events->front().payload) == facts);
}

TEST_CASE("facts that are no facts are a loss of data") {
  CHECK(parse_facts("{}")->empty());
  for (const std::string_view text :
       {"", "[]", "{\"a\":1}", "{\"a\":null}", "{", "{\"a\":\"b\"} x", "{\"a\":\"b\",\"a\":\"c\"}"}) {
    INFO(text);
    CHECK(parse_facts(text).error().reason == "FACTS_MALFORMED");
  }
}
