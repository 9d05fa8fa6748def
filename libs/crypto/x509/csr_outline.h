// Internal to this room: the outline of a certification request (RFC 2986 section 4), whose members are then read one
// by one. OpenSSL reads it whole, and with it the key by a decoder that takes twice the time of a signature check.
#pragma once

#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/crypto/x509/signature_algorithm.h"

namespace pratique::crypto {

/// Views into the request, which must outlive them. Each is a whole element but for `signature`.
struct CsrOutline {
  ByteView info;  // what is signed
  ByteView subject;
  ByteView spki;
  std::vector<ByteView> attributes;
  SignatureAlgorithm algorithm;
  ByteView signature;  // the bits; empty where they are no whole bytes
};

/// INVALID_ARGUMENT DER_INVALID.
Result<CsrOutline> outline_csr(ByteView der);

}  // namespace pratique::crypto
