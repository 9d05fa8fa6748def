// How OCSP names a certificate: its issuer's name and key, hashed, and its serial number (RFC 6960 section 4.1.1).
#pragma once

#include <string>
#include <string_view>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/crypto/x509/certificate.h"

namespace pratique::crypto::ocsp {

/// RFC 5019 section 2.1.1 wants SHA-1 of everybody; nothing depends on its strength, it is only a name.
enum class CertIdHash { sha1, sha256 };

struct CertId {
  CertIdHash hash = CertIdHash::sha1;
  Bytes issuer_name_hash;
  Bytes issuer_key_hash;
  std::string serial_hex;  // as Certificate::serial_hex

  static CertId of(const Certificate& certificate, const Certificate& issuer, CertIdHash hash = CertIdHash::sha1);
  static CertId of_serial(std::string_view serial_hex, const Certificate& issuer, CertIdHash hash = CertIdHash::sha1);
  /// The hashes are those of this issuer's name and key.
  bool is_issued_by(const Certificate& issuer) const;
  friend bool operator==(const CertId&, const CertId&) = default;
};

// Internal to this room.
/// INVALID_ARGUMENT OCSP_ID_INVALID for a serial number that is none, or hashes of a wrong size.
Result<Bytes> encode_cert_id(const CertId& id);
/// INVALID_ARGUMENT DER_INVALID; OCSP_HASH_UNSUPPORTED for other hashes.
Result<CertId> parse_cert_id(ByteView content);

}  // namespace pratique::crypto::ocsp
