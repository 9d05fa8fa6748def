#include "services/registrar/domain/current_authority.h"

#include <catch2/catch.hpp>

#include <functional>

#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/crypto/x509/issue.h"

using namespace pratique;
using namespace pratique::registrar;
using namespace std::chrono_literals;

namespace {

struct Named final : Authority {
  explicit Named(const std::string& name) {
    crypto::SystemRandom random;
    const auto key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
    certificates = {*crypto::issue_self_signed(
        crypto::CertificateProfile::root_ca({.common_name = name}, Timestamp{1'764'000'000s}, crypto::kNoExpiry), key,
        random)};
    signer = RevocationSigner{certificates.front(), std::make_shared<crypto::SoftwareKey>(key)};
  }
  Result<Issued> issue(const CertificateOrder&) override {
    if (meanwhile) meanwhile();
    return Issued(certificates.front());
  }
  std::vector<crypto::Certificate> chain() const override { return certificates; }
  std::optional<RevocationSigner> revocation_signer() const override { return signer; }

  std::vector<crypto::Certificate> certificates;
  std::optional<RevocationSigner> signer;
  std::function<void()> meanwhile;
};

CertificateOrder order() {
  return {.id = {}, .key = crypto::SoftwareKey::generate(crypto::KeyType::ec_p256)->public_key(), .names = {},
          .not_before = {}, .not_after = {}, .serial = {}};
}
std::string issuer_of(const Result<Issued>& issued) {
  return std::get<crypto::Certificate>(*issued).common_name().value_or("");
}

}  // namespace

TEST_CASE("another authority takes over for what comes after it") {
  const auto first = std::make_shared<Named>("first"), second = std::make_shared<Named>("second");
  CurrentAuthority authority(first);
  CHECK(issuer_of(authority.issue(order())) == "first");
  CHECK(authority.chain() == first->certificates);
  CHECK(authority.revocation_signer()->issuer == first->certificates.front());
  authority.replace(second);
  CHECK(issuer_of(authority.issue(order())) == "second");
  CHECK(authority.chain() == second->certificates);
  CHECK(authority.revocation_signer()->issuer == second->certificates.front());
}

TEST_CASE("an order is answered by the authority that it was given to, though that was replaced meanwhile") {
  auto first = std::make_shared<Named>("first");
  const std::weak_ptr<Named> watched = first;
  CurrentAuthority authority(first);
  first->meanwhile = [&] { authority.replace(std::make_shared<Named>("second")); };
  first.reset();
  CHECK(issuer_of(authority.issue(order())) == "first");
  CHECK(watched.expired());
  CHECK(issuer_of(authority.issue(order())) == "second");
}
