// Internal to libs/crypto and libs/net: owners for OpenSSL's objects and its error queue as an Error.
#pragma once

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

#include "libs/base/bytes.h"
#include "libs/base/error.h"
#include "libs/base/result.h"

namespace pratique::crypto {

template <auto Free>
struct OpensslFree {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
template <typename T, auto Free>
using OpensslPtr = std::unique_ptr<T, OpensslFree<Free>>;

inline void free_openssl_memory(void* memory) { OPENSSL_free(memory); }
inline void free_x509_stack(STACK_OF(X509) * stack) { sk_X509_pop_free(stack, X509_free); }
inline void free_extension_stack(STACK_OF(X509_EXTENSION) * stack) {
  sk_X509_EXTENSION_pop_free(stack, X509_EXTENSION_free);
}

using BioPtr = OpensslPtr<BIO, BIO_free_all>;
using BignumPtr = OpensslPtr<BIGNUM, BN_free>;
using EvpPkeyPtr = OpensslPtr<EVP_PKEY, EVP_PKEY_free>;
using EvpPkeyCtxPtr = OpensslPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using EvpMdCtxPtr = OpensslPtr<EVP_MD_CTX, EVP_MD_CTX_free>;
using EvpCipherCtxPtr = OpensslPtr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using X509Ptr = OpensslPtr<X509, X509_free>;
using X509ReqPtr = OpensslPtr<X509_REQ, X509_REQ_free>;
using X509NamePtr = OpensslPtr<X509_NAME, X509_NAME_free>;
using X509ExtensionPtr = OpensslPtr<X509_EXTENSION, X509_EXTENSION_free>;
using X509ExtensionsPtr = OpensslPtr<STACK_OF(X509_EXTENSION), free_extension_stack>;
using X509StorePtr = OpensslPtr<X509_STORE, X509_STORE_free>;
using X509StoreCtxPtr = OpensslPtr<X509_STORE_CTX, X509_STORE_CTX_free>;
using X509StackPtr = OpensslPtr<STACK_OF(X509), free_x509_stack>;
using GeneralNamesPtr = OpensslPtr<GENERAL_NAMES, GENERAL_NAMES_free>;
using Asn1ObjectPtr = OpensslPtr<ASN1_OBJECT, ASN1_OBJECT_free>;
using Asn1StringPtr = OpensslPtr<ASN1_STRING, ASN1_STRING_free>;
using Asn1TimePtr = OpensslPtr<ASN1_TIME, ASN1_TIME_free>;
using Asn1IntegerPtr = OpensslPtr<ASN1_INTEGER, ASN1_INTEGER_free>;
using OpensslBytesPtr = OpensslPtr<unsigned char, free_openssl_memory>;
using CmsPtr = OpensslPtr<CMS_ContentInfo, CMS_ContentInfo_free>;

/// `what`, followed by the last message of this thread's error queue, which is emptied.
Error openssl_error(ErrorCode code, std::string_view reason, std::string_view what);
inline Error openssl_failed(std::string_view what) {
  return openssl_error(ErrorCode::internal, "CRYPTO_FAILED", what);
}
/// The last message of this thread's error queue ("" if none); the queue is emptied.
std::string take_openssl_error();

/// A memory BIO that reads `bytes`, which must outlive it.
BioPtr reading_bio(ByteView bytes);
/// A copy of what was written to a memory BIO.
Bytes bio_bytes(BIO* bio);

/// DER of an object through its i2d function: to_der<i2d_X509>(x). Empty on failure.
template <auto Encode, typename T>
Bytes to_der(T* object) {
  unsigned char* raw = nullptr;
  const int size = Encode(object, &raw);
  if (size <= 0) return {};
  const OpensslBytesPtr owner(raw);
  return Bytes(raw, raw + size);
}

/// The object behind exactly these bytes through its d2i function; null where it fails or bytes are left over.
template <typename Ptr, auto Decode>
Ptr from_der(ByteView der) {
  const unsigned char* at = der.data();
  Ptr object(Decode(nullptr, &at, static_cast<long>(der.size())));
  if (object != nullptr && at != der.data() + der.size()) object.reset();
  return object;
}

}  // namespace pratique::crypto
