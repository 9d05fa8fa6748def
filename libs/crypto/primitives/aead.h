// AES-256-GCM (NIST SP 800-38D).
#pragma once

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/base/secret.h"

namespace pratique::crypto {

inline constexpr std::size_t kAes256KeySize = 32;
inline constexpr std::size_t kGcmNonceSize = 12;
inline constexpr std::size_t kGcmTagSize = 16;

/// Ciphertext followed by the tag. A nonce must never be used twice with one key: whoever calls takes care.
/// INTERNAL AEAD_PARAMETER_SIZE for a key or nonce of another size.
Result<Bytes> aes256gcm_seal(const Secret& key, ByteView nonce, ByteView aad, ByteView plaintext);

/// DATA_LOSS AEAD_TAG_MISMATCH when key, nonce, aad or any bit of the data differ from what was sealed.
Result<Secret> aes256gcm_open(const Secret& key, ByteView nonce, ByteView aad, ByteView sealed);

}  // namespace pratique::crypto
