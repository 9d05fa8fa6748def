#include <catch2/catch.hpp>

#include "libs/base/hex.h"
#include "libs/crypto/cms/certs_only.h"
#include "libs/crypto/cms/signed_data.h"
#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/crypto/x509/issue.h"

using namespace pratique;
using namespace pratique::crypto;

namespace {

Certificate make(std::string_view name) {
  SystemRandom random;
  const auto key = *SoftwareKey::generate(KeyType::ec_p256);
  const auto from = *parse_rfc3339("2026-01-01T00:00:00Z");
  return *issue_self_signed(CertificateProfile::root_ca({.common_name = std::string(name)}, from, kNoExpiry), key,
                            random);
}

}  // namespace

TEST_CASE("certificates travel in their order", "[crypto][cms]") {
  const std::vector certificates = {make("zulu, much longer than the others"), make("alpha"), make("mike")};
  const auto der = cms::encode_certs_only(certificates);
  REQUIRE(der.has_value());
  CHECK(*cms::parse_certs_only(*der) == certificates);
  CHECK(*cms::parse_certs_only(*cms::encode_certs_only({{certificates[1]}})) == std::vector{certificates[1]});
  // It is no signed message.
  CHECK(cms::SignedData::parse(*der).error().reason == "CMS_INVALID");

  const auto reason = [](ByteView bytes) { return cms::parse_certs_only(bytes).error().reason; };
  Bytes trailing = *der;
  trailing.push_back(0);
  CHECK(reason(trailing) == "CERTS_ONLY_INVALID");
  for (std::size_t size = 0; size < der->size(); ++size)
    REQUIRE(reason(ByteView(*der).first(size)) == "CERTS_ONLY_INVALID");
  CHECK(reason(*cms::encode_certs_only({})) == "CERTS_ONLY_INVALID");
  CHECK(reason(certificates[0].der()) == "CERTS_ONLY_INVALID");
  CHECK(reason(*hex_decode("300f06092a864886f70d010701a0020400")) == "CERTS_ONLY_INVALID");
  CHECK(reason(*hex_decode("300b06092a864886f70d010702")) == "CERTS_ONLY_INVALID");
  CHECK(reason(Bytes(cms::kMaxCertsOnlySize + 1)) == "CERTS_ONLY_TOO_LARGE");
  CHECK(reason(*cms::encode_certs_only(std::vector(cms::kMaxCertificates + 1, certificates[1]))) ==
        "CERTS_ONLY_INVALID");
}
