#include "libs/crypto/keys/public_key.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <array>
#include <utility>

#include "libs/crypto/keys/ecdsa_signature.h"
#include "libs/crypto/keys/key_handle.h"

namespace pratique::crypto {
namespace {

KeyAlgorithm algorithm_of(EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA")) return KeyAlgorithm::rsa;
  if (EVP_PKEY_is_a(key, "ED25519")) return KeyAlgorithm::ed25519;
  if (!EVP_PKEY_is_a(key, "EC")) return KeyAlgorithm::other;
  // Explicit curve parameters are the door of CVE-2020-0601: such a key is none of ours, whatever curve it spells out.
  int is_explicit = 0;
  if (EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &is_explicit) == 1 && is_explicit)
    return KeyAlgorithm::other;
  std::array<char, 64> group{};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) != 1) return KeyAlgorithm::other;
  const std::string_view name(group.data(), size);
  if (name == SN_X9_62_prime256v1) return KeyAlgorithm::ec_p256;
  if (name == SN_secp384r1) return KeyAlgorithm::ec_p384;
  if (name == SN_secp521r1) return KeyAlgorithm::ec_p521;
  return KeyAlgorithm::other;
}

Error public_key_invalid(std::string_view what) {
  return openssl_error(ErrorCode::invalid_argument, "PUBLIC_KEY_INVALID", what);
}

// Without it, OpenSSL asks at the terminal for the passphrase of a text that claims to be encrypted.
int no_passphrase(char*, int, int, void*) { return -1; }

const char* group_of(KeyAlgorithm curve) {
  switch (curve) {
    case KeyAlgorithm::ec_p256: return SN_X9_62_prime256v1;
    case KeyAlgorithm::ec_p384: return SN_secp384r1;
    case KeyAlgorithm::ec_p521: return SN_secp521r1;
    default: return nullptr;
  }
}

}  // namespace

struct PublicKey::State {
  Bytes spki;
  KeyHandle handle;
  KeyAlgorithm algorithm;
};

std::string_view to_string(KeyAlgorithm algorithm) {
  switch (algorithm) {
    case KeyAlgorithm::ec_p256: return "EC P-256";
    case KeyAlgorithm::ec_p384: return "EC P-384";
    case KeyAlgorithm::ec_p521: return "EC P-521";
    case KeyAlgorithm::rsa: return "RSA";
    case KeyAlgorithm::ed25519: return "Ed25519";
    case KeyAlgorithm::other: return "other";
  }
  return "other";
}

Result<PublicKey> PublicKey::parse_spki(ByteView der) {
  if (der.size() > kMaxSpkiSize) return invalid("PUBLIC_KEY_INVALID", "public key is larger than 8 KiB");
  KeyHandle handle{from_der<EvpPkeyPtr, d2i_PUBKEY>(der)};
  if (handle.key == nullptr) return public_key_invalid("not a SubjectPublicKeyInfo");
  const auto algorithm = algorithm_of(handle.get());
  // OpenSSL reads the point at infinity as a key; anyone can sign for that one.
  if (EVP_PKEY_is_a(handle.get(), "EC")) {
    const EvpPkeyCtxPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, handle.get(), nullptr));
    if (context == nullptr || EVP_PKEY_public_check_quick(context.get()) != 1)
      return public_key_invalid("not a point of its curve");
  }
  return PublicKey(std::make_shared<State>(State{to_bytes(der), std::move(handle), algorithm}));
}

Result<PublicKey> PublicKey::parse_pem(std::string_view pem) {
  if (pem.size() > 2 * kMaxSpkiSize) return invalid("PUBLIC_KEY_INVALID", "public key is larger than 8 KiB");
  const auto bio = reading_bio(as_bytes(pem));
  KeyHandle handle{EvpPkeyPtr(PEM_read_bio_PUBKEY(bio.get(), nullptr, no_passphrase, nullptr))};
  if (handle.key == nullptr) return public_key_invalid("not a PEM public key");
  return from_handle(std::move(handle));
}

Result<PublicKey> PublicKey::from_handle(KeyHandle handle) {
  const Bytes der = to_der<i2d_PUBKEY>(handle.get());
  if (der.empty()) return public_key_invalid("key has no SubjectPublicKeyInfo");
  return parse_spki(der);
}

Result<PublicKey> PublicKey::from_ec_point(KeyAlgorithm curve, ByteView point) {
  const char* group = group_of(curve);
  if (group == nullptr) return invalid("PUBLIC_KEY_INVALID", "not a curve of P-256, P-384, P-521");
  // OSSL_PARAM takes its input as non-const and does not write to it.
  const std::array<OSSL_PARAM, 3> parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, const_cast<char*>(group), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, const_cast<unsigned char*>(point.data()),
                                        point.size()),
      OSSL_PARAM_construct_end()};
  const EvpPkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* raw = nullptr;
  const bool made = !point.empty() && context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1 &&
                    EVP_PKEY_fromdata(context.get(), &raw, EVP_PKEY_PUBLIC_KEY,
                                      const_cast<OSSL_PARAM*>(parameters.data())) == 1;
  KeyHandle handle{EvpPkeyPtr(raw)};
  if (!made) return public_key_invalid("not a point of " + std::string(to_string(curve)));
  return from_handle(std::move(handle));
}

Result<PublicKey> PublicKey::from_ed25519(ByteView bytes) {
  KeyHandle handle{EvpPkeyPtr(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes.data(), bytes.size()))};
  if (handle.key == nullptr) return public_key_invalid("not an Ed25519 public key");
  return from_handle(std::move(handle));
}

const Bytes& PublicKey::spki() const { return state_->spki; }
KeyAlgorithm PublicKey::algorithm() const { return state_->algorithm; }
const KeyHandle& PublicKey::handle() const { return state_->handle; }
int PublicKey::bits() const { return EVP_PKEY_get_bits(state_->handle.get()); }

std::string PublicKey::description() const {
  if (algorithm() == KeyAlgorithm::rsa) return "RSA-" + std::to_string(bits());
  if (algorithm() != KeyAlgorithm::other) return std::string(to_string(algorithm()));
  const char* name = EVP_PKEY_get0_type_name(state_->handle.get());
  return "other (" + std::string(name == nullptr ? "unnamed" : name) + ", " + std::to_string(bits()) + " bits)";
}

std::string PublicKey::pem() const {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  PEM_write_bio(bio.get(), PEM_STRING_PUBLIC, "", spki().data(), static_cast<long>(spki().size()));
  return to_string(bio_bytes(bio.get()));
}

Bytes PublicKey::fingerprint_sha256() const { return sha256(spki()); }

Bytes PublicKey::key_id_sha1() const {
  using X509PubkeyPtr = OpensslPtr<X509_PUBKEY, X509_PUBKEY_free>;
  const auto parsed = from_der<X509PubkeyPtr, d2i_X509_PUBKEY>(spki());
  const unsigned char* bits = nullptr;
  int size = 0;
  X509_PUBKEY_get0_param(nullptr, &bits, &size, nullptr, parsed.get());
  return sha1_for_key_id({bits, static_cast<std::size_t>(size)});
}

Result<Bytes> PublicKey::ec_point() const {
  const std::size_t size = ecdsa_scalar_size(algorithm());
  if (size == 0) return failed_precondition("KEY_NOT_EC", "a key of type " + description() + " has no point");
  Bytes out(1 + 2 * size);
  out[0] = POINT_CONVERSION_UNCOMPRESSED;
  const std::array coordinates = {std::pair{OSSL_PKEY_PARAM_EC_PUB_X, out.data() + 1},
                                  std::pair{OSSL_PKEY_PARAM_EC_PUB_Y, out.data() + 1 + size}};
  for (const auto& [name, at] : coordinates) {
    BIGNUM* raw = nullptr;
    if (EVP_PKEY_get_bn_param(state_->handle.get(), name, &raw) != 1) return openssl_failed("EC point");
    const BignumPtr number(raw);
    if (BN_bn2binpad(raw, at, static_cast<int>(size)) != static_cast<int>(size)) return openssl_failed("EC point");
  }
  return out;
}

Result<void> PublicKey::verify(ByteView message, ByteView signature, Hash hash) const {
  if (algorithm() == KeyAlgorithm::other)
    return failed_precondition("KEY_ALGORITHM_REFUSED", "no signature is taken from a key of type " + description());
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  if (context == nullptr || EVP_DigestVerifyInit(context.get(), nullptr, evp_md_for(*this, hash), nullptr,
                                                 state_->handle.get()) != 1)
    return openssl_failed("signature check");
  if (EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1)
    return {};
  take_openssl_error();
  return Error{.code = ErrorCode::unauthenticated,
               .reason = "SIGNATURE_INVALID",
               .message = "the signature is not made by this " + description() + " key over these bytes"};
}

}  // namespace pratique::crypto
