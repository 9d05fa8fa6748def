#include "libs/crypto/keys/key_policy.h"

namespace pratique::crypto {

Verdict judge_key(const PublicKey& key) {
  Verdict verdict;
  const Evidence seen = {{"key", key.description()}};
  if (key.algorithm() == KeyAlgorithm::other) {
    verdict.refuse("KEY_ALGORITHM_REFUSED", "keys are EC P-256, P-384 or P-521, RSA, or Ed25519", seen);
  } else if (key.algorithm() == KeyAlgorithm::rsa && key.bits() < kMinRsaBits) {
    verdict.refuse("KEY_TOO_SHORT", "RSA keys have 2048 bits or more", seen);
  } else if (key.algorithm() == KeyAlgorithm::rsa && key.bits() > kMaxRsaBits) {
    verdict.refuse("KEY_TOO_LONG", "RSA keys have 8192 bits or less", seen);
  }
  return verdict;
}

}  // namespace pratique::crypto
