#include "libs/crypto/primitives/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdlib>

namespace pratique::crypto {
namespace {

const EVP_MD* md(Hash hash) {
  switch (hash) {
    case Hash::sha256: return EVP_sha256();
    case Hash::sha384: return EVP_sha384();
    case Hash::sha512: return EVP_sha512();
  }
  std::abort();
}

// A hash of the default provider fails only when memory does.
void must(bool done) {
  if (!done) std::abort();
}

Bytes digest_with(const EVP_MD* type, ByteView data) {
  Bytes out(static_cast<std::size_t>(EVP_MD_get_size(type)));
  must(EVP_Digest(data.data(), data.size(), out.data(), nullptr, type, nullptr) == 1);
  return out;
}

}  // namespace

std::string_view to_string(Hash hash) {
  switch (hash) {
    case Hash::sha256: return "SHA-256";
    case Hash::sha384: return "SHA-384";
    case Hash::sha512: return "SHA-512";
  }
  std::abort();
}

std::size_t digest_size(Hash hash) { return static_cast<std::size_t>(EVP_MD_get_size(md(hash))); }
Bytes digest(Hash hash, ByteView data) { return digest_with(md(hash), data); }
Bytes sha256(ByteView data) { return digest(Hash::sha256, data); }
Bytes sha1_for_key_id(ByteView data) { return digest_with(EVP_sha1(), data); }

Bytes hmac(Hash hash, const Secret& key, ByteView data) {
  Bytes out(digest_size(hash));
  // HMAC() takes a null key for "the key of before", so an empty key needs an address.
  const unsigned char empty = 0;
  const auto bytes = key.reveal();
  must(HMAC(md(hash), bytes.empty() ? &empty : bytes.data(), static_cast<int>(bytes.size()), data.data(), data.size(),
            out.data(), nullptr) != nullptr);
  return out;
}
Bytes hmac_sha256(const Secret& key, ByteView data) { return hmac(Hash::sha256, key, data); }

struct Sha256::Context {
  EVP_MD_CTX* md = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(md); }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  must(EVP_DigestInit_ex(context_->md, EVP_sha256(), nullptr) == 1);
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::update(ByteView data) {
  must(EVP_DigestUpdate(context_->md, data.data(), data.size()) == 1);
  return *this;
}

Bytes Sha256::finish() {
  Bytes out(32);
  must(EVP_DigestFinal_ex(context_->md, out.data(), nullptr) == 1);
  return out;
}

}  // namespace pratique::crypto
