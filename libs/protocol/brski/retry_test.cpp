#include "libs/protocol/brski/retry.h"

#include <catch2/catch.hpp>

using namespace pratique;
using namespace pratique::brski;
using namespace std::chrono_literals;

namespace {

const Timestamp kNow = *parse_rfc3339("2026-06-01T12:00:00Z");

RetryDecision decide(VoucherAnswer answer, RetryState state = {}) {
  if (answer.requested_url.empty())
    answer.requested_url = "https://registrar.example.com:8443/.well-known/brski/requestvoucher";
  return decide_retry(answer, state, kNow);
}

}  // namespace

TEST_CASE("retry: 202 waits as told, at most a minute, at most four days", "[protocol][brski]") {
  CHECK(decide({.status = 200}).step == NextStep::judge);
  CHECK(decide({.status = 202}).wait == kDefaultRetryWait);
  CHECK(decide({.status = 202, .retry_after = "5"}).wait == 5s);
  CHECK(decide({.status = 202, .retry_after = "3600"}).wait == 60s);
  CHECK(decide({.status = 202, .retry_after = "0"}).wait == 1s);
  CHECK(decide({.status = 202, .retry_after = "soon"}).wait == kDefaultRetryWait);
  CHECK(decide({.status = 202, .retry_after = "Mon, 01 Jun 2026 12:00:30 GMT"}).wait == 30s);
  CHECK(decide({.status = 202, .retry_after = "Mon, 01 Jun 2026 11:00:30 GMT"}).wait == 1s);
  CHECK(decide({.status = 202}, {.since_first = 95h}).step == NextStep::wait);
  CHECK(decide({.status = 202}, {.since_first = 96h}).step == NextStep::next_registrar);
}

TEST_CASE("retry: failures back off and end", "[protocol][brski]") {
  for (const int status : {0, 429, 500, 502, 503, 504}) {
    INFO(status);
    CHECK(decide({.status = status}).wait == 1s);
    CHECK(decide({.status = status}, {.failures = 3}).wait == 8s);
    CHECK(decide({.status = status}, {.failures = 7}).wait == 60s);
    CHECK(decide({.status = status}, {.failures = kMaxFailures}).step == NextStep::next_registrar);
    CHECK(decide({.status = status, .retry_after = "20"}).wait == 20s);
    CHECK(decide({.status = status, .retry_after = "99999"}).wait == 60s);
  }
  for (const int status : {201, 204, 303, 400, 401, 403, 404, 406, 415, 501, 505, 999}) {
    INFO(status);
    CHECK(decide({.status = status}).step == NextStep::next_registrar);
  }
}

TEST_CASE("retry: redirects", "[protocol][brski]") {
  const auto here = decide({.status = 307, .location = "/other"});
  CHECK(here.step == NextStep::redirect);
  CHECK(here.location == "https://registrar.example.com:8443/other");
  CHECK(decide({.status = 308, .location = "https://registrar.example.com:8443/x"}).step == NextStep::redirect);
  CHECK(decide({.status = 307, .location = "/x"}, {.redirects = kMaxRedirects}).step == NextStep::next_registrar);

  const auto there = decide({.status = 307, .location = "https://cloud.example.net/x"});
  CHECK(there.step == NextStep::renew);
  CHECK(there.crosses_origin);
  CHECK(decide({.status = 307, .location = "https://registrar.example.com/x"}).step ==
        NextStep::renew);  // another port
  CHECK(decide({.status = 307, .location = "https://cloud.example.net/x"}, {.crossed_origin = true}).step ==
        NextStep::next_registrar);
  for (const auto* bad :
       {"", "http://registrar.example.com:8443/x", "//evil.example.net/x", "https://", "x", "javascript:x"})
    CHECK(decide({.status = 302, .location = bad}).step == NextStep::next_registrar);
}

TEST_CASE("retry: Retry-After", "[protocol][brski]") {
  CHECK(parse_retry_after(" 120 ", std::nullopt) == 120s);
  CHECK(parse_retry_after("Mon, 01 Jun 2026 12:01:00 GMT", kNow) == 60s);
  CHECK_FALSE(parse_retry_after("Mon, 01 Jun 2026 12:01:00 GMT", std::nullopt));
  for (const auto* bad :
       {"", "-1", "1.5", "1e3", "99999999999999999999", "Mon, 31 Feb 2026 12:01:00 GMT",
        "Mon, 01 Jun 2026 24:01:00 GMT", "Mon, 01 Jun 2026 12:01:00 CET", "Mon, 01-Jun-2026 12:01:00 GMT"}) {
    INFO(bad);
    CHECK_FALSE(parse_retry_after(bad, kNow));
  }
}
