#include "services/registrar/domain/local_authority.h"

#include <catch2/catch.hpp>

#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/crypto/x509/chain.h"
#include "libs/crypto/x509/issue.h"
#include "libs/crypto/x509/oids.h"

using namespace pratique;
using namespace pratique::registrar;
using namespace std::chrono_literals;

namespace {

const Timestamp kNow{1'764'000'000s};

struct Pki {
  FixedClock clock{kNow};
  crypto::SystemRandom random;
  crypto::SoftwareKey root_key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p384);
  crypto::SoftwareKey key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
  crypto::Certificate root = *crypto::issue_self_signed(
      crypto::CertificateProfile::root_ca({.common_name = "Root"}, kNow - 24h, kNow + 24h * 3650), root_key, random);
  crypto::Certificate issuing = *crypto::issue_certificate(
      crypto::CertificateProfile::sub_ca({.common_name = "Issuing"}, kNow - 24h, kNow + 24h * 365), key.public_key(),
      root, root_key, random);

  Result<std::unique_ptr<LocalAuthority>> authority() {
    return LocalAuthority::make({issuing, root}, std::make_shared<crypto::SoftwareKey>(key), clock, random);
  }
};

CertificateOrder order_for(const crypto::PublicKey& key, std::chrono::seconds validity) {
  return {.id = *CredentialId::parse("01932f4e-0000-7000-8000-000000000001"),
          .key = key,
          .names = {{.organization = "Plant", .common_name = "lamp 1", .serial_number = "S-1"},
                    {.uri = {"spiffe://x/device/1"}}},
          .not_before = kNow - 5min,
          .not_after = kNow + validity,
          .serial = {0x01, 0x02, 0x03}};
}

crypto::Certificate issued(Authority& authority, const CertificateOrder& order) {
  auto answer = authority.issue(order);
  REQUIRE(answer);
  REQUIRE(std::holds_alternative<crypto::Certificate>(*answer));
  return std::get<crypto::Certificate>(*answer);
}

}  // namespace

TEST_CASE("the local authority issues what was ordered and no more") {
  Pki pki;
  auto authority = pki.authority();
  REQUIRE(authority);
  const auto device_key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
  const auto order = order_for(device_key.public_key(), 24h * 30);
  const auto certificate = issued(**authority, order);
  CHECK(check_answer(order, certificate));
  CHECK(certificate.serial_hex() == "010203");
  CHECK(certificate.subject_serial_number() == "S-1");
  CHECK(certificate.not_before() == kNow - 5min);
  CHECK(certificate.not_after() == kNow + 24h * 30);
  CHECK(certificate.ekus() == std::vector<std::string>{std::string(crypto::oid::kClientAuth)});
  CHECK(certificate.key_usage() == crypto::key_usage::kDigitalSignature);
  CHECK_FALSE(certificate.is_ca());
  crypto::ChainOptions options(kNow);
  options.purpose = crypto::Purpose::tls_client;
  CHECK(crypto::verify_chain(certificate, std::vector{pki.issuing}, std::vector{pki.root}, options).accepted());
  CHECK((*authority)->chain() == std::vector{pki.issuing, pki.root});
}

TEST_CASE("what is issued says where its revocation is told, where that is published") {
  Pki pki;
  const auto device_key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
  const auto order = order_for(device_key.public_key(), 24h);
  const auto quiet = issued(**pki.authority(), order);
  CHECK(quiet.crl_urls().empty());
  CHECK(quiet.ocsp_urls().empty());

  const auto signer = std::make_shared<crypto::SoftwareKey>(pki.key);
  auto telling =
      LocalAuthority::make({pki.issuing, pki.root}, signer, pki.clock, pki.random, "http://pki.plant.example.com");
  REQUIRE(telling);
  const auto urls = revocation_urls("http://pki.plant.example.com", pki.issuing);
  const auto certificate = issued(**telling, order);
  CHECK(certificate.crl_urls() == std::vector{urls.crl});
  CHECK(certificate.ocsp_urls() == std::vector{urls.ocsp});
  CHECK((*telling)->revocation_signer()->issuer == pki.issuing);
  CHECK((*telling)->revocation_signer()->key == signer);
}

TEST_CASE("a credential does not outlive its issuer") {
  Pki pki;
  auto authority = pki.authority();
  REQUIRE(authority);
  const auto device_key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
  CHECK(issued(**authority, order_for(device_key.public_key(), 24h * 1000)).not_after() == pki.issuing.not_after());
  pki.clock.set(pki.issuing.not_after() + 1s);
  CHECK((*authority)->issue(order_for(device_key.public_key(), 24h * 1000)).error().reason == "AUTHORITY_EXPIRED");
}

TEST_CASE("a local authority is not made of parts that do not fit") {
  Pki pki;
  const auto signer = std::make_shared<crypto::SoftwareKey>(pki.key);
  const auto reason = [](const auto& made) { return made ? std::string() : made.error().reason; };
  CHECK(reason(LocalAuthority::make({}, signer, pki.clock, pki.random)) == "AUTHORITY_INVALID");
  CHECK(reason(LocalAuthority::make({pki.root}, signer, pki.clock, pki.random)) == "AUTHORITY_INVALID");
  const auto other_root = *crypto::issue_self_signed(
      crypto::CertificateProfile::root_ca({.common_name = "Root"}, kNow - 24h, kNow + 24h), pki.key, pki.random);
  CHECK(reason(LocalAuthority::make({pki.issuing, other_root}, signer, pki.clock, pki.random)) == "AUTHORITY_INVALID");
  const auto leaf =
      *crypto::issue_certificate(crypto::CertificateProfile::tls({.common_name = "leaf"}, {}, kNow - 24h, kNow + 24h),
                                 pki.key.public_key(), pki.root, pki.root_key, pki.random);
  CHECK(reason(LocalAuthority::make({leaf, pki.root}, signer, pki.clock, pki.random)) == "AUTHORITY_INVALID");
  pki.clock.set(pki.issuing.not_after() + 1s);
  CHECK(reason(pki.authority()) == "AUTHORITY_INVALID");
}

TEST_CASE("an authority's answer is held against the order") {
  Pki pki;
  auto authority = pki.authority();
  REQUIRE(authority);
  const auto key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
  const auto other = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
  const auto order = order_for(key.public_key(), 24h);
  const auto certificate = issued(**authority, order);
  const auto wrong = [&](CertificateOrder changed) {
    const auto checked = check_answer(changed, certificate);
    return !checked && checked.error().reason == "AUTHORITY_ANSWER_WRONG";
  };
  CHECK_FALSE(wrong(order));
  CHECK(wrong(order_for(other.public_key(), 24h)));
  CHECK(wrong(order_for(key.public_key(), 23h)));
  auto changed = order;
  changed.names.subject.serial_number = "S-2";
  CHECK(wrong(changed));
  changed = order;
  changed.names.subject.common_name = "lamp 2";
  CHECK(wrong(changed));
  changed = order;
  changed.names.alt_names.uri.push_back("spiffe://x/device/2");
  CHECK(wrong(changed));
}
