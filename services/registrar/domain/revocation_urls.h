// Where the registrar publishes what it revoked: the places that stand in credentials (RFC 5280 sections 4.2.1.13 and
// 4.2.2.1) and that the front answers at.
#pragma once

#include <string>
#include <string_view>

#include "libs/crypto/x509/certificate.h"

namespace pratique::registrar {

inline constexpr std::string_view kCrlFolder = "/crl/";
inline constexpr std::string_view kCrlSuffix = ".crl";
inline constexpr std::string_view kOcspPath = "/ocsp";

/// How an issuer's certificates name it (their authority key identifier), lower-case hex. Stays where a CA's certificate
/// is renewed for the same key.
std::string issuer_key_id(const crypto::Certificate& issuer);

struct RevocationUrls {
  std::string crl = {};
  std::string ocsp = {};
};
/// `public_url` without a slash at its end; "" gives none.
RevocationUrls revocation_urls(std::string_view public_url, const crypto::Certificate& issuer);

}  // namespace pratique::registrar
