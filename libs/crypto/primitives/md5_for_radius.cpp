#include "libs/crypto/primitives/md5_for_radius.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdlib>

#include "libs/crypto/primitives/openssl.h"

namespace pratique::crypto {
namespace {

// A hash of the default provider fails only when memory does.
void must(bool done) {
  if (!done) std::abort();
}

}  // namespace

Bytes md5_for_radius(std::initializer_list<ByteView> parts) {
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  must(context != nullptr && EVP_DigestInit_ex(context.get(), EVP_md5(), nullptr) == 1);
  for (const auto part : parts) must(EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1);
  Bytes out(kMd5ForRadiusSize);
  must(EVP_DigestFinal_ex(context.get(), out.data(), nullptr) == 1);
  return out;
}

Bytes hmac_md5_for_radius(const Secret& key, ByteView data) {
  Bytes out(kMd5ForRadiusSize);
  // HMAC() takes a null key for "the key of before", so an empty key needs an address.
  const unsigned char empty = 0;
  const auto bytes = key.reveal();
  must(HMAC(EVP_md5(), bytes.empty() ? &empty : bytes.data(), static_cast<int>(bytes.size()), data.data(), data.size(),
            out.data(), nullptr) != nullptr);
  return out;
}

}  // namespace pratique::crypto
