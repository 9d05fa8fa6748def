#include "services/registrar/domain/revocation_urls.h"

#include <catch2/catch.hpp>

#include "libs/base/hex.h"
#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/crypto/x509/issue.h"

using namespace pratique;
using namespace pratique::registrar;
using namespace std::chrono_literals;

TEST_CASE("an issuer is named by what its certificates name it by, and keeps its list when it is renewed") {
  const Timestamp now{1'764'000'000s};
  crypto::SystemRandom random;
  const auto key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
  const auto make = [&](Timestamp until) {
    return *crypto::issue_self_signed(crypto::CertificateProfile::root_ca({.common_name = "CA"}, now, until), key,
                                      random);
  };
  const auto ca = make(now + 24h);
  const auto id = issuer_key_id(ca);
  CHECK(id == hex_encode(*ca.subject_key_id()));
  CHECK(id == issuer_key_id(make(now + 48h)));
  const auto other = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
  const auto stranger =
      *crypto::issue_self_signed(crypto::CertificateProfile::root_ca({.common_name = "CA"}, now, now + 24h), other, random);
  CHECK(id != issuer_key_id(stranger));

  const auto urls = revocation_urls("http://pki.plant.example.com:8080", ca);
  CHECK(urls.crl == "http://pki.plant.example.com:8080/crl/" + id + ".crl");
  CHECK(urls.ocsp == "http://pki.plant.example.com:8080/ocsp");
  CHECK(revocation_urls("", ca).crl.empty());
  CHECK(revocation_urls("", ca).ocsp.empty());
}
