// CSR attributes: what a server asks of a request (RFC 7030 section 4.5.2, clarified by RFC 9908).
//
// The wire form is a SEQUENCE of bare OIDs and attributes in any mixture; this is what they mean:
//   challengePassword                      prove possession over this TLS connection
//   id-ecPublicKey {curve}, rsaEncryption {bits}, or the bare OID     the kind of key
//   a signature algorithm                  the request's signature
//   extensionRequest {{extension…}}        extensions with their values; the client copies them as they are
//   extensionRequest {oid…}                extensions by name (the examples of RFC 7030); the client may fill them in
//   anything else                          kept, not acted upon
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/crypto/keys/public_key.h"
#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/x509/csr.h"
#include "libs/crypto/x509/names.h"

namespace pratique::est {

inline constexpr std::size_t kMaxCsrAttrsDer = 16 << 10;  // bytes
inline constexpr std::size_t kMaxCsrAttrs = 64;           // entries
inline constexpr std::size_t kMaxAttributeValues = 32;    // of one attribute, and extensions of one request

/// A kind of key. `curve` is "" where any will do, `bits` 0 likewise.
struct KeyRequest {
  std::string algorithm;  // OID
  std::string curve = {};
  int bits = 0;
  friend bool operator==(const KeyRequest&, const KeyRequest&) = default;
};

struct CsrAttrs {
  bool challenge_password = false;
  std::vector<KeyRequest> keys = {};                    // any of them
  std::vector<std::string> signature_algorithms = {};   // OIDs, any of them
  std::vector<crypto::Extension> extensions = {};       // to be in the request exactly so
  std::vector<std::string> named_extensions = {};       // OIDs
  std::vector<crypto::CsrAttribute> others = {};        // without values: a bare OID

  bool empty() const;
};

/// Bounded; the whole of `der`. INVALID_ARGUMENT EST_CSRATTRS_INVALID (names the place), EST_CSRATTRS_TOO_LARGE.
Result<CsrAttrs> parse_csrattrs(ByteView der);
/// One extensionRequest that holds all extensions with their values (RFC 9908 section 3.2). INVALID_ARGUMENT
/// EST_CSRATTRS_INVALID for an OID that is none, and for named_extensions: RFC 9908 forbids to send such.
Result<Bytes> encode_csrattrs(const CsrAttrs& attrs);

/// What this house makes and checks, as a request: key_request(KeyType::ec_p256).
KeyRequest key_request(crypto::KeyType type);
/// True if nothing was asked, or one of the wishes fits the key. A larger RSA key than asked fits.
bool satisfies(const crypto::PublicKey& key, const std::vector<KeyRequest>& asked);
/// The kind of key that a client should make: the first wish that it can fulfil, EC P-256 when nothing was asked.
/// FAILED_PRECONDITION EST_KEY_TYPE_UNSUPPORTED when it can fulfil none.
Result<crypto::KeyType> choose_key_type(const CsrAttrs& attrs);

}  // namespace pratique::est
