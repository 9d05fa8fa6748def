#include "libs/rpc/event.h"

#include <catch2/catch.hpp>

using namespace pratique;

namespace {

struct Told {
  std::string cursor;
  Timestamp time;
  std::string type;
  std::string subject;
  std::map<std::string, std::string> facts;
};

struct Book {
  std::vector<std::vector<Told>> pages;
  Result<std::vector<Told>> next() {
    if (pages.empty()) return Error{ErrorCode::out_of_range, "EVENT_CURSOR_TRIMMED", "too late"};
    auto page = pages.front();
    pages.erase(pages.begin());
    return page;
  }
};

}  // namespace

TEST_CASE("a page of events goes onto the wire as it was told", "[rpc]") {
  const auto time = *parse_rfc3339("2026-05-01T10:00:00.25Z");
  auto pull = rpc::pull_events(Book{{{{"7", time, "device.admitted", "devices/1", {{"segment", "cameras"}, {"n", "1"}}},
                                      {"8", time, "device.reset", "devices/2", {}}},
                                     {}}});
  const auto page = pull();
  REQUIRE(page);
  REQUIRE(page->size() == 2);
  const auto& first = page->front();
  CHECK(first.cursor() == "7");
  CHECK(first.time().nanos() == 250'000'000);
  CHECK(first.type() == "device.admitted");
  CHECK(first.subject() == "devices/1");
  REQUIRE(first.facts().size() == 2);
  CHECK(first.facts().at("segment") == "cameras");
  CHECK(first.facts().at("n") == "1");
  CHECK(page->back().cursor() == "8");
  CHECK(page->back().facts().empty());

  SECTION("nothing yet is no event, and what fails is told") {
    const auto nothing = pull();
    REQUIRE(nothing);
    CHECK(nothing->empty());
    const auto late = pull();
    REQUIRE_FALSE(late);
    CHECK(late.error().reason == "EVENT_CURSOR_TRIMMED");
  }
}
