#include "libs/net/connection_book.h"

#include <catch2/catch.hpp>

#include <vector>

using namespace pratique::net;

namespace {

struct Counts {
  std::uint64_t accepted = 0, refused_total_limit = 0, refused_source_limit = 0;
  std::size_t open = 0;
};
using Book = ConnectionBook<Counts>;

}  // namespace

TEST_CASE("connections are admitted up to the limits, and again when others have ended", "[net][limits]") {
  Tally<Counts> tally;
  Book book({.in_all = 3, .per_source = 2}, tally, &Counts::open);
  std::vector<Book::Place> places;
  const auto enter = [&](const char* source) {
    auto place = book.admit(source);
    if (place) places.push_back(*std::move(place));
    return place.has_value();
  };
  CHECK(enter("192.0.2.1"));
  CHECK(enter("192.0.2.1"));
  CHECK_FALSE(enter("192.0.2.1"));
  CHECK(enter("192.0.2.2"));
  CHECK_FALSE(enter("192.0.2.3"));
  CHECK(tally.stats().accepted == 5);
  CHECK(tally.stats().refused_source_limit == 1);
  CHECK(tally.stats().refused_total_limit == 1);
  CHECK(tally.stats().open == 3);
  places.pop_back();
  CHECK_FALSE(enter("192.0.2.1"));
  CHECK(enter("192.0.2.3"));
  places.clear();
  CHECK(tally.stats().open == 0);
  CHECK(enter("192.0.2.1"));
}
