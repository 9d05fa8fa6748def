#include "libs/pg/event_feed.h"

#include <catch2/catch.hpp>

#include "libs/pg/migrator.h"
#include "tests/support/postgres/test_database.h"

using namespace pratique;
using namespace std::chrono_literals;
using support::TestDatabase;

namespace {

using Words = std::vector<std::string>;

struct House {
  House() {
    const std::vector<pg::Migration> migrations = {{1, "events", "--@ outbox_v1", "aa"}};
    const pg::DatabaseConfig config{.conninfo = database.conninfo(), .schema = "registrar"};
    REQUIRE(pg::Migrator(config, migrations).migrate());
    pool = *pg::Pool::open({.database = config, .size = 1});
  }
  template <typename F>
  auto with(F&& fn) -> std::invoke_result_t<F&, pg::Tx&> {
    return pool->with(pg::within(10s), fn);
  }
  void tell(const std::string& type, int times = 1) {
    REQUIRE(with([&](pg::Tx& tx) -> Result<void> {
      for (int i = 0; i < times; ++i)
        TRY_VOID(pg::append_event(tx, type, "devices/1", {{"n", std::to_string(i)}, {"silent", ""}}));
      return {};
    }));
  }
  pg::EventFeed open(std::string_view after, std::vector<std::string> types = {}) {
    auto feed = pg::EventFeed::open(*pool, after, std::move(types));
    REQUIRE(feed);
    return *std::move(feed);
  }

  TestDatabase database;
  std::unique_ptr<pg::Pool> pool;
};

Words types_of(pg::EventFeed& feed) {
  Words out;
  const auto page = feed.next();
  REQUIRE(page);
  for (const auto& event : *page) out.push_back(event.type);
  return out;
}

}  // namespace

TEST_CASE("an event comes with its facts, if its change was committed", "[pg]") {
  House house;
  const pg::Facts facts = {{"serial_number", "S \"1\" \xC3\xA4"}, {"segment", ""}};
  CHECK_FALSE(house.with([&](pg::Tx& tx) -> Result<void> {
    TRY_VOID(pg::append_event(tx, "device.retired", "devices/0", facts));
    return internal("TEST", "the change failed");
  }));
  REQUIRE(house.with([&](pg::Tx& tx) { return pg::append_event(tx, "device.admitted", "devices/1", facts); }));
  auto feed = house.open("");
  const auto events = feed.next();
  REQUIRE(events);
  REQUIRE(events->size() == 1);
  CHECK(events->front().type == "device.admitted");
  CHECK(events->front().subject == "devices/1");
  CHECK(events->front().facts == pg::Facts{{"serial_number", "S \"1\" \xC3\xA4"}});  // an empty fact is none
}

TEST_CASE("a reader gets all there is, then what comes, and goes on where it was", "[pg]") {
  House house;
  house.tell("a");
  house.tell("b");
  auto feed = house.open("");
  const auto page = feed.next();
  REQUIRE(page);
  REQUIRE(page->size() == 2);
  CHECK(page->front().type == "a");
  CHECK(page->front().facts == pg::Facts{{"n", "0"}});
  CHECK(page->front().time <= page->back().time);
  CHECK(types_of(feed).empty());
  house.tell("c");
  CHECK(types_of(feed) == Words{"c"});

  auto later = house.open(page->front().cursor);
  CHECK(types_of(later) == Words{"b", "c"});
  auto now = house.open("now");
  CHECK(types_of(now).empty());
  house.tell("d");
  CHECK(types_of(now) == Words{"d"});
}

TEST_CASE("a reader gets the types that it asked for, however rare", "[pg]") {
  House house;
  house.tell("common", 3 * pg::kEventPage);
  house.tell("rare");
  house.tell("common", 5);
  house.tell("other");
  auto feed = house.open("", {"rare", "other"});
  CHECK(types_of(feed) == Words{"rare", "other"});
  CHECK(types_of(feed).empty());
}

TEST_CASE("a reader that is too late is told so, one that starts anew begins at the oldest that is kept", "[pg]") {
  House house;
  house.tell("old", 3);
  CHECK(*house.with([](pg::Tx& tx) { return pg::outbox::trim(tx, *parse_rfc3339("9999-01-01T00:00:00Z"), 9); }) == 3);
  house.tell("new");
  auto anew = house.open("");
  CHECK(types_of(anew) == Words{"new"});
  auto late = house.open("1");
  CHECK(late.next().error().reason == "EVENT_CURSOR_TRIMMED");
  auto ahead = house.open("99");
  CHECK(ahead.next().error().reason == "EVENT_CURSOR_AHEAD");
}

TEST_CASE("an event whose facts cannot be read is a loss of data, not an event without facts", "[pg]") {
  House house;
  REQUIRE(house.with([](pg::Tx& tx) { return pg::outbox::append(tx, {"odd", "devices/1", to_bytes("[]")}); }));
  auto feed = house.open("");
  CHECK(feed.next().error().reason == "FACTS_MALFORMED");
}

TEST_CASE("a cursor that is none is refused", "[pg]") {
  House house;
  for (const std::string_view cursor : {"x", "-1", "1x", " 1", "18446744073709551616", "NOW"})
    CHECK(pg::EventFeed::open(*house.pool, cursor, {}).error().reason == "EVENT_CURSOR_INVALID");
  CHECK(pg::EventFeed::open(*house.pool, "", Words(pg::kMaxEventTypes + 1, "a")).error().reason == "FIELD_INVALID");
}
