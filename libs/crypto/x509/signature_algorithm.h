// Internal to libs/crypto: the AlgorithmIdentifier of a signature (RFC 5280 section 4.1.1.2), read and written, for
// what is signed through Signer::sign and checked through PublicKey::verify without OpenSSL's own structures.
#pragma once

#include <optional>
#include <string>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/crypto/keys/public_key.h"

namespace pratique::crypto {

struct SignatureAlgorithm {
  std::string oid;
  bool has_parameters = false;  // other than none or NULL
};

/// `content`: what is inside the SEQUENCE. INVALID_ARGUMENT DER_INVALID.
Result<SignatureAlgorithm> parse_signature_algorithm(ByteView content);

/// The hash for PublicKey::verify: ECDSA or PKCS #1 v1.5 with SHA-2, and Ed25519 (which does without). None for every
/// other algorithm, and for one that is not of this key.
std::optional<Hash> hash_of_signature(const SignatureAlgorithm& algorithm, const PublicKey& key);

/// DER of the AlgorithmIdentifier of what Signer::sign makes with natural_hash(). UNIMPLEMENTED
/// SIGNATURE_KEY_UNSUPPORTED for a key of type `other`.
Result<Bytes> encode_signature_algorithm(const PublicKey& key);

}  // namespace pratique::crypto
