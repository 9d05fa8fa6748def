// A public key: a value over its SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/crypto/primitives/digest.h"

namespace pratique::crypto {

inline constexpr std::size_t kMaxSpkiSize = 8 << 10;  // bytes; RSA-16384 needs 2 KiB

/// `other`: readable, but nothing this house signs or verifies with (other curves, DSA, X25519).
enum class KeyAlgorithm { ec_p256, ec_p384, ec_p521, rsa, ed25519, other };
std::string_view to_string(KeyAlgorithm algorithm);  // "EC P-256", …, "RSA", "Ed25519", "other"

struct KeyHandle;  // OpenSSL's EVP_PKEY, see key_handle.h

/// Cheap to copy, immutable, thread-safe.
class PublicKey {
 public:
  /// The whole of `der` must be one SubjectPublicKeyInfo. INVALID_ARGUMENT PUBLIC_KEY_INVALID.
  static Result<PublicKey> parse_spki(ByteView der);
  /// "-----BEGIN PUBLIC KEY-----".
  static Result<PublicKey> parse_pem(std::string_view pem);
  /// SEC 1 point, compressed or not, on an EC curve of ours (DPP, COSE and JOSE keys).
  static Result<PublicKey> from_ec_point(KeyAlgorithm curve, ByteView point);
  /// The 32 bytes of RFC 8032.
  static Result<PublicKey> from_ed25519(ByteView raw);

  const Bytes& spki() const;
  std::string pem() const;
  KeyAlgorithm algorithm() const;
  /// Of the modulus or the field.
  int bits() const;
  /// "EC P-256", "RSA-3072".
  std::string description() const;
  /// SHA-256 of the SPKI: BRSKI's domainID, DPP's bootstrapping key hash.
  Bytes fingerprint_sha256() const;
  /// SHA-1 of the subjectPublicKey bits (RFC 5280 section 4.2.1.2, method 1).
  Bytes key_id_sha1() const;
  /// SHA-256 of the same bits, as OCSP may name an issuer's key (RFC 6960 section 4.1.1).
  Bytes key_id_sha256() const;
  /// Uncompressed SEC 1 point (0x04 | x | y); FAILED_PRECONDITION KEY_NOT_EC for other keys.
  Result<Bytes> ec_point() const;

  /// Checks a signature: DER ECDSA-Sig-Value, PKCS #1 v1.5, or Ed25519 (`hash` is then unused).
  /// UNAUTHENTICATED SIGNATURE_INVALID when it is not this key's over `message`.
  Result<void> verify(ByteView message, ByteView signature, Hash hash = Hash::sha256) const;

  /// The same key, however it is spelled: a compressed point is its uncompressed one, RSA without parameters is RSA with
  /// NULL. A curve whose parameters are spelled out is never one of ours (CVE-2020-0601). Fingerprints and key ids are
  /// of the bytes, so those of equal keys may differ.
  friend bool operator==(const PublicKey& a, const PublicKey& b);

  // Internal to libs/crypto and libs/net (key_handle.h).
  const KeyHandle& handle() const;
  /// The SPKI is that of a point, not compressed, on a curve of ours by name: the one spelling of such a key.
  bool has_usual_form() const;
  /// The public half of `handle`; the key itself is not kept.
  static Result<PublicKey> copy_public(const KeyHandle& handle);
  /// `handle` is what OpenSSL decoded from `spki` within a larger structure: it is not decoded a second time.
  static Result<PublicKey> from_decoded(KeyHandle handle, ByteView spki);

 private:
  struct State;
  explicit PublicKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

}  // namespace pratique::crypto
