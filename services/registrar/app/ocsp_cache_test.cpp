#include "services/registrar/app/ocsp_cache.h"

#include <catch2/catch.hpp>

#include "services/registrar/app/rate_limit.h"

using namespace pratique;
using namespace pratique::registrar;
using namespace std::chrono_literals;
using crypto::ocsp::CertId;
using crypto::ocsp::CertIdHash;

namespace {

const Timestamp kNow{1'764'000'000s};

CertId id(const std::string& serial, CertIdHash hash = CertIdHash::sha1) { return {hash, {}, {}, serial}; }
std::shared_ptr<const KeptAnswer> answer(Timestamp until = kNow + 1h) {
  return std::make_shared<KeptAnswer>(KeptAnswer{.der = {1}, .keep_until = until});
}

}  // namespace

TEST_CASE("an answer is kept until its time, by hash and serial number") {
  OcspCache cache;
  const auto kept = answer();
  cache.keep(id("0a"), kept, cache.generation());
  CHECK(cache.find(id("0a"), kNow) == kept);
  CHECK_FALSE(cache.find(id("0a", CertIdHash::sha256), kNow));
  CHECK_FALSE(cache.find(id("0b"), kNow));
  CHECK_FALSE(cache.find(id("0a"), kNow + 1h));
  const auto newer = answer(kNow + 2h);
  cache.keep(id("0a"), newer, cache.generation());
  CHECK(cache.find(id("0a"), kNow + 1h) == newer);
  CHECK(cache.size() == 1);
}

TEST_CASE("what was forgotten while an answer was made is not kept") {
  OcspCache cache;
  const auto since = cache.generation();
  cache.forget("0a");  // between looking and keeping
  cache.keep(id("0a"), answer(), since);
  CHECK_FALSE(cache.find(id("0a"), kNow));
  cache.keep(id("0a"), answer(), cache.generation());
  cache.keep(id("0a", CertIdHash::sha256), answer(), cache.generation());
  cache.keep(id("0b"), answer(), cache.generation());
  cache.forget("0a");
  CHECK_FALSE(cache.find(id("0a"), kNow));
  CHECK_FALSE(cache.find(id("0a", CertIdHash::sha256), kNow));
  CHECK(cache.find(id("0b"), kNow));
  cache.forget_all();
  CHECK(cache.size() == 0);
}

TEST_CASE("the oldest answer goes when there are too many") {
  OcspCache cache(2);
  for (const auto* serial : {"0a", "0b", "0a", "0c"}) cache.keep(id(serial), answer(), cache.generation());
  CHECK(cache.size() == 2);
  CHECK(cache.find(id("0a"), kNow));  // made anew after 0b
  CHECK_FALSE(cache.find(id("0b"), kNow));
  CHECK(cache.find(id("0c"), kNow));
}

TEST_CASE("a rate is kept over time, and a second's worth may come at once") {
  RateLimit limit(10);
  auto now = std::chrono::steady_clock::now();
  for (int i = 0; i < 10; ++i) CHECK(limit.take(now));
  CHECK_FALSE(limit.take(now));
  now += 100ms;
  CHECK(limit.take(now));
  CHECK_FALSE(limit.take(now));
  now += 1h;
  for (int i = 0; i < 10; ++i) CHECK(limit.take(now));
  CHECK_FALSE(limit.take(now));
}
