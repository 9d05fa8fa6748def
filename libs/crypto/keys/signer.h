// Whoever can sign: a software key today, a key in an HSM, TPM or smart card alike. Callers hold a Signer and
// never a private key.
//
// The common denominator is OpenSSL's EVP_PKEY behind KeyHandle (key_handle.h): a key behind PKCS #11 or a TPM joins
// as another subclass whose handle is an EVP_PKEY loaded through an OpenSSL provider ("pkcs11:…", OSSL_STORE). Then
// certificates, CSRs, CMS and TLS contexts work with it unchanged.
#pragma once

#include <string>

#include "libs/base/result.h"
#include "libs/crypto/keys/public_key.h"

namespace pratique::crypto {

/// Thread-safe.
class Signer {
 public:
  virtual ~Signer() = default;

  virtual const PublicKey& public_key() const = 0;
  /// DER ECDSA-Sig-Value, PKCS #1 v1.5, or Ed25519 (`hash` is then unused) over the whole message.
  /// UNAVAILABLE SIGNER_UNAVAILABLE when the device that keeps the key does not answer.
  virtual Result<Bytes> sign(ByteView message, Hash hash = Hash::sha256) const = 0;
  /// For logs: "software key EC P-256". Never a secret.
  virtual std::string description() const = 0;

  // Internal to libs/crypto and libs/net (key_handle.h).
  virtual const KeyHandle& handle() const = 0;
};

/// The hash that goes with a key: SHA-384 for P-384, SHA-512 for P-521, else SHA-256.
Hash natural_hash(const PublicKey& key);

}  // namespace pratique::crypto
