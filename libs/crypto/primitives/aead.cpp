#include "libs/crypto/primitives/aead.h"

#include <climits>

#include "libs/crypto/primitives/openssl.h"

namespace pratique::crypto {
namespace {

Result<void> check_sizes(const Secret& key, ByteView nonce, ByteView aad, ByteView data) {
  if (key.size() != kAes256KeySize) return internal("AEAD_PARAMETER_SIZE", "an AES-256 key has 32 bytes");
  if (nonce.size() != kGcmNonceSize) return internal("AEAD_PARAMETER_SIZE", "a GCM nonce has 12 bytes");
  if (aad.size() > INT_MAX || data.size() > INT_MAX - kGcmTagSize)
    return internal("AEAD_PARAMETER_SIZE", "more than 2 GiB in one call");
  return {};
}

// EVP_CipherUpdate with a null output takes additional data.
bool update(EVP_CIPHER_CTX* context, unsigned char* out, ByteView in) {
  int written = 0;
  return in.empty() || EVP_CipherUpdate(context, out, &written, in.data(), static_cast<int>(in.size())) == 1;
}

}  // namespace

Result<Bytes> aes256gcm_seal(const Secret& key, ByteView nonce, ByteView aad, ByteView plaintext) {
  TRY_VOID(check_sizes(key, nonce, aad, plaintext));
  const EvpCipherCtxPtr context(EVP_CIPHER_CTX_new());
  Bytes out(plaintext.size() + kGcmTagSize);
  unsigned char* tag = out.data() + plaintext.size();
  int written = 0;
  if (context == nullptr ||
      EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.reveal().data(), nonce.data()) != 1 ||
      !update(context.get(), nullptr, aad) || !update(context.get(), out.data(), plaintext) ||
      EVP_EncryptFinal_ex(context.get(), tag, &written) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(kGcmTagSize), tag) != 1)
    return openssl_failed("AES-256-GCM");
  return out;
}

Result<Secret> aes256gcm_open(const Secret& key, ByteView nonce, ByteView aad, ByteView sealed) {
  TRY_VOID(check_sizes(key, nonce, aad, sealed));
  const auto mismatch = [] {
    take_openssl_error();
    return Error{.code = ErrorCode::data_loss, .reason = "AEAD_TAG_MISMATCH", .message = "sealed data does not verify"};
  };
  if (sealed.size() < kGcmTagSize) return mismatch();
  const auto ciphertext = sealed.first(sealed.size() - kGcmTagSize);
  Bytes tag = to_bytes(sealed.last(kGcmTagSize));
  const EvpCipherCtxPtr context(EVP_CIPHER_CTX_new());
  if (context == nullptr ||
      EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.reveal().data(), nonce.data()) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(kGcmTagSize), tag.data()) != 1 ||
      !update(context.get(), nullptr, aad))
    return openssl_failed("AES-256-GCM");
  Bytes out(ciphertext.size());
  unsigned char rest[kGcmTagSize];
  int written = 0;
  const bool good = update(context.get(), out.data(), ciphertext) &&
                    EVP_DecryptFinal_ex(context.get(), rest, &written) == 1;
  Secret plaintext(std::move(out));  // wiped on the way out, whatever it holds
  if (!good) return mismatch();
  return plaintext;
}

}  // namespace pratique::crypto
