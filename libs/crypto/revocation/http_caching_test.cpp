#include <catch2/catch.hpp>

#include "libs/base/hex.h"
#include "libs/crypto/primitives/digest.h"
#include "libs/crypto/revocation/http_caching.h"

using namespace pratique;
using namespace pratique::crypto;
using namespace std::chrono_literals;

TEST_CASE("an answer is kept until its next update and not a second longer", "[crypto][ocsp]") {
  const Bytes body = {1, 2, 3};
  const auto from = *parse_rfc3339("2026-11-24T06:38:27Z"), until = from + 1h;
  const auto facts = cache_facts(body, from, until, from + 10min);
  CHECK(facts.max_age == 50min);
  CHECK(facts.cache_control == "max-age=3000,public,no-transform,must-revalidate");
  CHECK(facts.etag == "\"" + hex_encode(sha256(body)) + "\"");
  CHECK(facts.last_modified == from);
  CHECK(facts.expires == until);

  CHECK(cache_facts(body, from, until, until - 1s).max_age == 1s);
  CHECK(cache_facts(body, from, until, until - 1s + 1us).max_age == 0s);  // never rounded up
  CHECK(cache_facts(body, from, until, until).max_age == 0s);
  CHECK(cache_facts(body, from, until, until + 24h).max_age == 0s);
  CHECK(cache_facts(body, from, until, from, 5min).max_age == 5min);
  CHECK(cache_facts(body, from, until, until - 1min, 5min).max_age == 1min);
  CHECK(cache_facts({}, from, until, from).etag != facts.etag);
}

TEST_CASE("a date of HTTP", "[crypto][ocsp]") {
  CHECK(http_date(*parse_rfc3339("2026-11-24T06:38:27.9Z")) == "Tue, 24 Nov 2026 06:38:27 GMT");
  CHECK(http_date(*parse_rfc3339("1994-11-06T08:49:37Z")) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(http_date(*parse_rfc3339("2050-01-01T00:00:00Z")) == "Sat, 01 Jan 2050 00:00:00 GMT");
}
