#include "services/registrar/app/authority_watch.h"

#include <catch2/catch.hpp>

#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/crypto/x509/issue.h"
#include "services/registrar/app/catalogue.h"

using namespace pratique;
using namespace pratique::registrar;
using namespace std::chrono_literals;

namespace {

const Timestamp kNow{1'764'000'000s};
constexpr std::chrono::hours kDay{24};

struct Upstream final : Authority {
  Result<Issued> issue(const CertificateOrder&) override { return unavailable("TEST", "not asked"); }
  std::vector<crypto::Certificate> chain() const override { return certificates; }
  std::optional<RevocationSigner> revocation_signer() const override { return std::nullopt; }
  std::vector<crypto::Certificate> certificates;
};

struct Fixture {
  crypto::Certificate certificate(const std::string& name, Timestamp until) {
    return *crypto::issue_self_signed(crypto::CertificateProfile::root_ca({.common_name = name}, kNow - kDay, until),
                                      key, random);
  }
  bool shows(const std::string& line) const { return metrics.text().contains(line + "\n"); }

  crypto::SystemRandom random;
  crypto::SoftwareKey key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
  FixedClock clock{kNow};
  std::vector<std::string> logged;
  obs::Log log{catalogue(), obs::Level::warning, clock, [this](std::string_view line) { logged.emplace_back(line); }};
  obs::Metrics metrics{catalogue()};
  Upstream authority;
  AuthorityWatch watch{authority, clock, log, metrics};
};

constexpr const char* kIssuer = "pratique_registrar_authority_not_after_timestamp_seconds{certificate=\"issuer\"} ";
constexpr const char* kChain = "pratique_registrar_authority_not_after_timestamp_seconds{certificate=\"chain\"} ";

}  // namespace

TEST_CASE_METHOD(Fixture, "the ends of the issuer and of the whole chain are shown") {
  authority.certificates = {certificate("Issuing", kNow + kDay * 100), certificate("Root", kNow + kDay * 90)};
  watch.look();
  CHECK(shows(kIssuer + std::to_string(1'764'000'000 + 86'400 * 100)));
  CHECK(shows(kChain + std::to_string(1'764'000'000 + 86'400 * 90)));
  CHECK(logged.empty());
  authority.certificates = {certificate("Next", kNow + kDay * 200)};
  watch.look();
  CHECK(shows(kIssuer + std::to_string(1'764'000'000 + 86'400 * 200)));
  CHECK(shows(kChain + std::to_string(1'764'000'000 + 86'400 * 200)));
  authority.certificates.clear();  // an authority that is not reachable yet
  watch.look();
  CHECK(shows(kIssuer + std::to_string(1'764'000'000 + 86'400 * 200)));
}

TEST_CASE_METHOD(Fixture, "an end within thirty days is told once a day, until there is another") {
  authority.certificates = {certificate("Issuing", kNow + kDay * 31), certificate("Root", kNow + kDay * 400)};
  watch.look();
  CHECK(logged.empty());
  clock.set(kNow + kDay);
  watch.look();
  REQUIRE(logged.size() == 1);
  CHECK_THAT(logged.back(), Catch::Contains("authority_ends") && Catch::Contains("Issuing") &&
                                Catch::Contains("\"days_left\":30"));
  clock.advance(kDay - 1s);
  watch.look();
  CHECK(logged.size() == 1);
  clock.advance(1s);
  watch.look();
  REQUIRE(logged.size() == 2);
  CHECK_THAT(logged.back(), Catch::Contains("\"days_left\":29"));
  clock.set(kNow + kDay * 31 + 1s);
  watch.look();
  REQUIRE(logged.size() == 3);
  CHECK_THAT(logged.back(), Catch::Contains("\"days_left\":-1"));

  authority.certificates.front() = certificate("Next", clock.now() + kDay * 365);
  watch.look();
  CHECK(logged.size() == 3);
  // A root that ends sooner than the issuer ends it all.
  authority.certificates.back() = certificate("Old root", clock.now() + kDay * 2);
  watch.look();
  REQUIRE(logged.size() == 4);
  CHECK_THAT(logged.back(), Catch::Contains("Old root"));
}
