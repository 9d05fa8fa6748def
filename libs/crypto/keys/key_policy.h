// Which public keys this house trusts to be strong enough: P-256, P-384, P-521, RSA of 2048 bits or more, Ed25519.
#pragma once

#include "libs/base/verdict.h"
#include "libs/crypto/keys/public_key.h"

namespace pratique::crypto {

inline constexpr int kMinRsaBits = 2048;
inline constexpr int kMaxRsaBits = 8192;  // larger ones cost the verifier, not the attacker

/// Codes: KEY_ALGORITHM_REFUSED, KEY_TOO_SHORT, KEY_TOO_LONG.
Verdict judge_key(const PublicKey& key);

}  // namespace pratique::crypto
