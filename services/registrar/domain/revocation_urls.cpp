#include "services/registrar/domain/revocation_urls.h"

#include "libs/base/hex.h"

namespace pratique::registrar {

std::string issuer_key_id(const crypto::Certificate& issuer) {
  const auto written = issuer.subject_key_id();
  return hex_encode(written ? *written : issuer.public_key().key_id_sha1());
}

RevocationUrls revocation_urls(std::string_view public_url, const crypto::Certificate& issuer) {
  if (public_url.empty()) return {};
  const std::string base(public_url);
  return {.crl = base + std::string(kCrlFolder) + issuer_key_id(issuer) + std::string(kCrlSuffix),
          .ocsp = base + std::string(kOcspPath)};
}

}  // namespace pratique::registrar
