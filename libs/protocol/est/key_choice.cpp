// The keys of csrattrs.h: what was asked for, and what fits.
#include <algorithm>

#include "libs/protocol/est/algorithm_oids.h"
#include "libs/protocol/est/csrattrs.h"

namespace pratique::est {
namespace {

using crypto::KeyAlgorithm;
using crypto::KeyType;

std::string_view curve_of(KeyAlgorithm algorithm) {
  switch (algorithm) {
    case KeyAlgorithm::ec_p256: return oid::kP256;
    case KeyAlgorithm::ec_p384: return oid::kP384;
    case KeyAlgorithm::ec_p521: return oid::kP521;
    default: return "";
  }
}

bool fits(const crypto::PublicKey& key, const KeyRequest& wish) {
  if (wish.algorithm == oid::kRsaEncryption) return key.algorithm() == KeyAlgorithm::rsa && key.bits() >= wish.bits;
  if (wish.algorithm == oid::kEd25519) return key.algorithm() == KeyAlgorithm::ed25519;
  const auto curve = curve_of(key.algorithm());
  return wish.algorithm == oid::kEcPublicKey && !curve.empty() && (wish.curve.empty() || wish.curve == curve);
}

}  // namespace

KeyRequest key_request(KeyType type) {
  const std::string ec(oid::kEcPublicKey), rsa(oid::kRsaEncryption);
  switch (type) {
    case KeyType::ec_p256: return {ec, std::string(oid::kP256)};
    case KeyType::ec_p384: return {ec, std::string(oid::kP384)};
    case KeyType::ec_p521: return {ec, std::string(oid::kP521)};
    case KeyType::rsa_2048: return {rsa, "", 2048};
    case KeyType::rsa_3072: return {rsa, "", 3072};
    case KeyType::rsa_4096: return {rsa, "", 4096};
    case KeyType::ed25519: break;
  }
  return {std::string(oid::kEd25519)};
}

bool satisfies(const crypto::PublicKey& key, const std::vector<KeyRequest>& asked) {
  return asked.empty() || std::ranges::any_of(asked, [&key](const KeyRequest& wish) { return fits(key, wish); });
}

Result<KeyType> choose_key_type(const CsrAttrs& attrs) {
  if (attrs.keys.empty()) return KeyType::ec_p256;
  for (const auto& wish : attrs.keys) {
    if (wish.algorithm == oid::kEd25519) return KeyType::ed25519;
    if (wish.algorithm == oid::kEcPublicKey) {
      if (wish.curve.empty() || wish.curve == oid::kP256) return KeyType::ec_p256;
      if (wish.curve == oid::kP384) return KeyType::ec_p384;
      if (wish.curve == oid::kP521) return KeyType::ec_p521;
    }
    if (wish.algorithm == oid::kRsaEncryption) {
      if (wish.bits == 0) return KeyType::rsa_3072;
      if (wish.bits <= 2048) return KeyType::rsa_2048;
      if (wish.bits <= 3072) return KeyType::rsa_3072;
      if (wish.bits <= 4096) return KeyType::rsa_4096;
    }
  }
  return failed_precondition("EST_KEY_TYPE_UNSUPPORTED", "no kind of key that the server asks for can be made here");
}

}  // namespace pratique::est
