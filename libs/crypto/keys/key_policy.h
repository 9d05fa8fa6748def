// Which public keys this house trusts to be strong enough: P-256, P-384, P-521, RSA of 2048 bits or more, Ed25519.
#pragma once

#include <string>

#include "libs/crypto/keys/public_key.h"

namespace pratique::crypto {

inline constexpr int kMinRsaBits = 2048;
inline constexpr int kMaxRsaBits = 8192;  // larger ones cost the verifier, not the attacker

/// reason is "" when ok, else KEY_ALGORITHM_REFUSED, KEY_TOO_SHORT or KEY_TOO_LONG.
struct KeyVerdict {
  bool ok = false;
  std::string reason;
  std::string text;
};

KeyVerdict judge_key(const PublicKey& key);

}  // namespace pratique::crypto
