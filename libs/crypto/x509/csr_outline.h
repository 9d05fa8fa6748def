// Internal to this room: the outline of a certification request (RFC 2986 section 4), whose members are then read one
// by one. OpenSSL reads it whole, and with it the key by a decoder that takes twice the time of a signature check.
#pragma once

#include <optional>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/crypto/keys/public_key.h"

namespace pratique::crypto {

/// Views into the request, which must outlive them. Each is a whole element but for `signature`.
struct CsrOutline {
  ByteView info;  // what is signed
  ByteView subject;
  ByteView spki;
  std::vector<ByteView> attributes;
  std::string signature_algorithm;  // OID
  bool signature_parameters = false;  // other than none or NULL
  ByteView signature;                 // the bits; empty where they are no whole bytes
};

/// INVALID_ARGUMENT DER_INVALID.
Result<CsrOutline> outline_csr(ByteView der);

/// The hash of a signature that PublicKey::verify can check with this key: ECDSA or PKCS #1 v1.5 with SHA-2; none for
/// every other.
std::optional<Hash> hash_of_signature(const CsrOutline& outline, const PublicKey& key);

}  // namespace pratique::crypto
