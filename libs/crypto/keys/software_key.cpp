#include "libs/crypto/keys/software_key.h"

#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <utility>

#include "libs/crypto/keys/key_handle.h"

namespace pratique::crypto {
namespace {

using Pkcs8Ptr = OpensslPtr<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;
using X509SigPtr = OpensslPtr<X509_SIG, X509_SIG_free>;
using X509AlgorPtr = OpensslPtr<X509_ALGOR, X509_ALGOR_free>;

Error key_invalid(std::string_view what) {
  return openssl_error(ErrorCode::invalid_argument, "KEY_INVALID", what);
}

// OpenSSL's own callback asks at the terminal; a service must never.
int no_passphrase(char*, int, int, void*) { return -1; }

BioPtr wiped_bio() { return BioPtr(BIO_new(BIO_s_secmem())); }

}  // namespace

struct SoftwareKey::State {
  KeyHandle handle;
  PublicKey public_key;
};

Result<SoftwareKey> SoftwareKey::from_handle(KeyHandle handle) {
  // A key of its own, without the private half: a public key may outlive the private one.
  TRY(auto public_key, PublicKey::copy_public(handle));
  return SoftwareKey(std::make_shared<State>(State{std::move(handle), std::move(public_key)}));
}

Result<SoftwareKey> SoftwareKey::generate(KeyType type) {
  EVP_PKEY* key = nullptr;
  switch (type) {
    case KeyType::ec_p256: key = EVP_EC_gen("P-256"); break;
    case KeyType::ec_p384: key = EVP_EC_gen("P-384"); break;
    case KeyType::ec_p521: key = EVP_EC_gen("P-521"); break;
    case KeyType::rsa_2048: key = EVP_RSA_gen(2048); break;
    case KeyType::rsa_3072: key = EVP_RSA_gen(3072); break;
    case KeyType::rsa_4096: key = EVP_RSA_gen(4096); break;
    case KeyType::ed25519: key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"); break;
  }
  KeyHandle handle{EvpPkeyPtr(key)};
  if (key == nullptr) return openssl_failed("key generation");
  return from_handle(std::move(handle));
}

Result<SoftwareKey> SoftwareKey::load_encrypted(std::string_view pem, const Secret& passphrase) {
  if (pem.size() > kMaxKeyFile) return invalid("KEY_INVALID", "key file is larger than 64 KiB");
  if (!pem.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----")) {
    if (pem.contains("PRIVATE KEY-----"))
      return invalid("KEY_NOT_ENCRYPTED", "key file is not an encrypted PKCS #8 key");
    return invalid("KEY_INVALID", "not a PEM private key");
  }
  const auto bio = reading_bio(as_bytes(pem));
  const X509SigPtr sealed(PEM_read_bio_PKCS8(bio.get(), nullptr, no_passphrase, nullptr));
  if (sealed == nullptr) return key_invalid("not an encrypted PKCS #8 key");
  const auto secret = passphrase.reveal();
  const Pkcs8Ptr plain(PKCS8_decrypt(sealed.get(), reinterpret_cast<const char*>(secret.data()),
                                     static_cast<int>(secret.size())));
  if (plain == nullptr)
    return openssl_error(ErrorCode::unauthenticated, "KEY_PASSPHRASE_WRONG", "the passphrase does not open the key");
  KeyHandle handle{EvpPkeyPtr(EVP_PKCS82PKEY(plain.get()))};
  if (handle.key == nullptr) return key_invalid("the decrypted key cannot be read");
  return from_handle(std::move(handle));
}

Result<SoftwareKey> SoftwareKey::parse_plaintext(ByteView bytes) {
  if (bytes.size() > kMaxKeyFile) return invalid("KEY_INVALID", "key is larger than 64 KiB");
  KeyHandle handle;
  if (as_text(bytes).contains("-----BEGIN")) {
    const auto bio = reading_bio(bytes);
    handle.key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  } else {
    const unsigned char* at = bytes.data();
    handle.key.reset(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(bytes.size())));
    if (handle.key != nullptr && at != bytes.data() + bytes.size()) return key_invalid("bytes follow the private key");
  }
  if (handle.key == nullptr) return key_invalid("not a plaintext private key");
  return from_handle(std::move(handle));
}

Result<std::string> SoftwareKey::save_encrypted(const Secret& passphrase, KeyEncryption cost) const {
  if (passphrase.empty()) return invalid("KEY_PASSPHRASE_EMPTY", "a key is stored under a passphrase");
  if (cost.pbkdf2_iterations < kMinPbkdf2Iterations)
    return invalid("KEY_COST_TOO_LOW", "PBKDF2 takes 100000 iterations or more");
  const Pkcs8Ptr plain(EVP_PKEY2PKCS8(state_->handle.get()));
  // Null salt and IV: OpenSSL draws them.
  X509AlgorPtr algorithm(PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), cost.pbkdf2_iterations, nullptr, 16, nullptr,
                                           NID_hmacWithSHA256));
  if (plain == nullptr || algorithm == nullptr) return openssl_failed("PKCS #8");
  const auto secret = passphrase.reveal();
  const X509SigPtr sealed(PKCS8_set0_pbe(reinterpret_cast<const char*>(secret.data()),
                                         static_cast<int>(secret.size()), plain.get(), algorithm.get()));
  if (sealed == nullptr) return openssl_failed("PKCS #8");
  static_cast<void>(algorithm.release());  // now the sealed key's
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_PKCS8(bio.get(), sealed.get()) != 1) return openssl_failed("PEM");
  return to_string(bio_bytes(bio.get()));
}

Result<Secret> SoftwareKey::plaintext_der() const {
  const auto bio = wiped_bio();
  if (i2d_PKCS8PrivateKey_bio(bio.get(), state_->handle.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return openssl_failed("PKCS #8");
  return Secret(bio_bytes(bio.get()));
}

Result<Secret> SoftwareKey::plaintext_pem() const {
  const auto bio = wiped_bio();
  if (PEM_write_bio_PKCS8PrivateKey(bio.get(), state_->handle.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return openssl_failed("PKCS #8");
  return Secret(bio_bytes(bio.get()));
}

const PublicKey& SoftwareKey::public_key() const { return state_->public_key; }
const KeyHandle& SoftwareKey::handle() const { return state_->handle; }
std::string SoftwareKey::description() const { return "software key " + public_key().description(); }

Result<Bytes> SoftwareKey::sign(ByteView message, Hash hash) const {
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  if (context == nullptr ||
      EVP_DigestSignInit(context.get(), nullptr, evp_md_for(public_key(), hash), nullptr, state_->handle.get()) != 1)
    return openssl_failed("signature");
  std::size_t size = 0;
  if (EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) != 1)
    return openssl_failed("signature");
  Bytes out(size);
  if (EVP_DigestSign(context.get(), out.data(), &size, message.data(), message.size()) != 1)
    return openssl_failed("signature");
  out.resize(size);
  return out;
}

}  // namespace pratique::crypto
