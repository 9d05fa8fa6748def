#include "services/onboarding/app/certificate_wishes.h"

#include <algorithm>
#include <array>

#include "libs/codec/tlv/der.h"
#include "libs/crypto/x509/oids.h"

namespace pratique::onboarding {

namespace {

constexpr std::array<std::pair<std::string_view, crypto::KeyType>, 7> kKeyTypes{{
    {"P-256", crypto::KeyType::ec_p256},
    {"P-384", crypto::KeyType::ec_p384},
    {"P-521", crypto::KeyType::ec_p521},
    {"RSA-2048", crypto::KeyType::rsa_2048},
    {"RSA-3072", crypto::KeyType::rsa_3072},
    {"RSA-4096", crypto::KeyType::rsa_4096},
    {"Ed25519", crypto::KeyType::ed25519},
}};

// GeneralName (RFC 5280 section 4.2.1.6): implicit, primitive.
constexpr std::uint8_t kDnsName = 0x82, kUri = 0x86;

crypto::Extension alt_names(const CredentialTemplate& wanted) {
  std::vector<Bytes> names;
  for (const auto& name : wanted.san_dns) names.push_back(der::element(kDnsName, as_bytes(name)));
  for (const auto& name : wanted.san_uri) names.push_back(der::element(kUri, as_bytes(name)));
  return {std::string(crypto::oid::kSubjectAltName), false, der::element_of(der::kSequence, names)};
}

}  // namespace

Result<est::CsrAttrs> certificate_wishes(const CredentialTemplate& wanted) {
  est::CsrAttrs out;
  out.challenge_password = true;
  for (const auto& word : wanted.key_types) {
    const auto* found = std::ranges::find(kKeyTypes, word, [](const auto& pair) { return std::string_view(pair.first); });
    if (found == kKeyTypes.end()) return internal("KEY_TYPE_UNKNOWN", "the registrar names a key type that is not known here: " + word);
    out.keys.push_back(est::key_request(found->second));
  }
  if (!wanted.san_dns.empty() || !wanted.san_uri.empty()) out.extensions.push_back(alt_names(wanted));
  return out;
}

}  // namespace pratique::onboarding
