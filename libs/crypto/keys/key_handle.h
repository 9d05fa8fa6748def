// Internal to libs/crypto and libs/net: the EVP_PKEY of a PublicKey or a Signer.
//
//   SSL_CTX_use_PrivateKey(ctx, signer.handle().get());      // takes its own reference
//   X509_set_pubkey(x, key.handle().get());
#pragma once

#include "libs/crypto/keys/public_key.h"
#include "libs/crypto/keys/signer.h"
#include "libs/crypto/primitives/openssl.h"

namespace pratique::crypto {

/// An EVP_PKEY is reference-counted and, once built, may be used by many threads; OpenSSL takes it as non-const.
struct KeyHandle {
  EvpPkeyPtr key;
  EVP_PKEY* get() const { return key.get(); }
};

const EVP_MD* evp_md(Hash hash);
/// The digest that EVP_DigestSign and X509_sign want for a key: null for Ed25519.
const EVP_MD* evp_md_for(const PublicKey& key, Hash hash);

}  // namespace pratique::crypto
