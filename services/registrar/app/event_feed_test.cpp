#include "services/registrar/app/event_feed.h"

#include "services/registrar/app/onboarded_registry_test.h"
#include "services/registrar/storage/events.h"

using namespace pratique;
using namespace pratique::registrar;

namespace {

using Words = std::vector<std::string>;

struct House : OnboardedRegistry {
  void tell(const std::string& type, int times = 1) {
    REQUIRE(with([&](pg::Tx& tx) -> Result<void> {
      for (int i = 0; i < times; ++i) TRY_VOID(append_event(tx, type, "devices/1", {{"n", std::to_string(i)}}));
      return {};
    }));
  }
  EventFeed open(std::string_view after, std::vector<std::string> types = {}) {
    auto feed = EventFeed::open(*pool, after, std::move(types));
    REQUIRE(feed);
    return *std::move(feed);
  }
};

Words types_of(EventFeed& feed) {
  Words out;
  const auto page = feed.next();
  REQUIRE(page);
  for (const auto& event : *page) out.push_back(event.type);
  return out;
}

}  // namespace

TEST_CASE("a reader gets all there is, then what comes, and goes on where it was") {
  House house;
  house.tell("a");
  house.tell("b");
  auto feed = house.open("");
  const auto page = feed.next();
  REQUIRE(page);
  REQUIRE(page->size() == 2);
  CHECK(page->front().type == "a");
  CHECK(page->front().subject == "devices/1");
  CHECK(page->front().facts == Facts{{"n", "0"}});
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

TEST_CASE("a reader gets the types that it asked for, however rare") {
  House house;
  house.tell("common", 3 * kEventPage);
  house.tell("rare");
  house.tell("common", 5);
  house.tell("other");
  auto feed = house.open("", {"rare", "other"});
  CHECK(types_of(feed) == Words{"rare", "other"});
  CHECK(types_of(feed).empty());
}

TEST_CASE("a reader that is too late is told so, one that starts anew begins at the oldest that is kept") {
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

TEST_CASE("a cursor that is none is refused") {
  House house;
  for (const std::string_view cursor : {"x", "-1", "1x", " 1", "18446744073709551616", "NOW"})
    CHECK(EventFeed::open(*house.pool, cursor, {}).error().reason == "EVENT_CURSOR_INVALID");
  CHECK(EventFeed::open(*house.pool, "", Words(kMaxEventTypes + 1, "a")).error().reason == "FIELD_INVALID");
}
