#include "libs/crypto/keys/signer.h"

#include <cstdlib>

#include "libs/crypto/keys/key_handle.h"

namespace pratique::crypto {

Hash natural_hash(const PublicKey& key) {
  switch (key.algorithm()) {
    case KeyAlgorithm::ec_p384: return Hash::sha384;
    case KeyAlgorithm::ec_p521: return Hash::sha512;
    default: return Hash::sha256;
  }
}

const EVP_MD* evp_md(Hash hash) {
  switch (hash) {
    case Hash::sha256: return EVP_sha256();
    case Hash::sha384: return EVP_sha384();
    case Hash::sha512: return EVP_sha512();
  }
  std::abort();
}

const EVP_MD* evp_md_for(const PublicKey& key, Hash hash) {
  return key.algorithm() == KeyAlgorithm::ed25519 ? nullptr : evp_md(hash);
}

}  // namespace pratique::crypto
