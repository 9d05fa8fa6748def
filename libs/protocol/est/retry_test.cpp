#include "libs/protocol/est/retry.h"

#include <catch2/catch.hpp>

using namespace pratique;
using namespace pratique::est;
using namespace std::chrono_literals;

namespace {
const Timestamp kNow = *parse_rfc3339("2026-11-24T06:38:27Z");
}

TEST_CASE("Retry-After is read as seconds and as a date", "[protocol][est]") {
  CHECK(*parse_retry_after("120", kNow) == 120s);
  CHECK(*parse_retry_after("0", kNow) == 0s);
  CHECK(*parse_retry_after("99999999999999999999", kNow) > 24h);
  CHECK(*parse_retry_after("Tue, 24 Nov 2026 06:39:27 GMT", kNow) == 60s);
  CHECK(*parse_retry_after("Wed, 25 Nov 2026 06:38:27 GMT", kNow) == 24h);
  CHECK(*parse_retry_after("Tue, 24 Nov 2020 06:39:27 GMT", kNow) == 0s);
  for (const std::string_view bad :
       {"", "-5", "1.5", " 5", "soon", "Tue, 24 Nov 2026 06:39:27 CET", "Tue, 31 Feb 2026 06:39:27 GMT",
        "Tue, 24 Nox 2026 06:39:27 GMT", "Tue, 24 Nov 2026 24:39:27 GMT", "Tue, 24 Nov 2026 +6:39:27 GMT",
        "Tuesday, 24-Nov-26 06:39:27 GMT"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_retry_after(bad, kNow));
  }
}

TEST_CASE("the next step follows from the status", "[protocol][est]") {
  CHECK(next_step(200, "", kNow, 0s).next == Next::read_answer);
  const Step wait = next_step(202, "10", kNow, 0s);
  CHECK(wait.next == Next::wait);
  CHECK(wait.wait == 10s);
  CHECK(next_step(503, "Tue, 24 Nov 2026 06:38:57 GMT", kNow, 0s).wait == 30s);
  CHECK(next_step(202, "", kNow, 0s).wait == 60s);
  CHECK(next_step(202, "soon", kNow, 0s).wait == 60s);
  CHECK(next_step(202, "0", kNow, 0s).wait == 1s);          // never a busy loop
  CHECK(next_step(202, "999999999", kNow, 0s).wait == 1h);  // never asleep for years
  for (const int status : {204, 301, 400, 401, 403, 404, 500})
    CHECK(next_step(status, "5", kNow, 0s).next == Next::give_up);
  CHECK(next_step(202, "5", kNow, 96h).next == Next::give_up);
  CHECK(next_step(202, "60", kNow, 96h - 5s).wait == 5s);
}
