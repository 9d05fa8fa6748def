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

// Null, and OpenSSL's error, where these bytes are no point of the curve.
EvpPkeyPtr key_of_point(const char* group, ByteView point) {
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
  EvpPkeyPtr key(raw);
  if (!made) key.reset();
  return key;
}

// The SubjectPublicKeyInfo of nearly every key: a curve of ours by name, and a point that is not compressed.
struct SpkiForm {
  KeyAlgorithm algorithm;
  const char* group;
  std::string_view prefix;  // all that stands before the point's coordinates
};
constexpr std::array<SpkiForm, 3> kSpkiForms = {{
    {KeyAlgorithm::ec_p256, SN_X9_62_prime256v1,
     {"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00\x04",
      27}},
    {KeyAlgorithm::ec_p384, SN_secp384r1,
     {"\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00\x04", 24}},
    {KeyAlgorithm::ec_p521, SN_secp521r1,
     {"\x30\x81\x9b\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23\x03\x81\x86\x00\x04",
      26}},
}};

const SpkiForm* find_form(ByteView spki) {
  for (const auto& form : kSpkiForms)
    if (spki.size() == form.prefix.size() + 2 * ecdsa_scalar_size(form.algorithm) &&
        as_text(spki).starts_with(form.prefix))
      return &form;
  return nullptr;
}

// DER of the key; OpenSSL's encoder costs as much as a signature check, so that it is left out where it can be.
Bytes spki_of(EVP_PKEY* key) {
  const auto algorithm = algorithm_of(key);
  for (const auto& form : kSpkiForms) {
    if (form.algorithm != algorithm) continue;
    const std::size_t coordinates = 2 * ecdsa_scalar_size(algorithm);
    Bytes out = to_bytes(form.prefix);
    out.resize(form.prefix.size() + coordinates);
    std::size_t size = 0;
    // The point, whose first byte (4: not compressed) is the last of the prefix.
    if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, out.data() + form.prefix.size() - 1,
                                        coordinates + 1, &size) == 1 &&
        size == coordinates + 1 && find_form(out) != nullptr)
      return out;
    take_openssl_error();
  }
  return to_der<i2d_PUBKEY>(key);
}

// The bits of subjectPublicKey.
Bytes key_bits(ByteView spki) {
  if (const auto* form = find_form(spki)) return to_bytes(spki.subspan(form->prefix.size() - 1));
  using X509PubkeyPtr = OpensslPtr<X509_PUBKEY, X509_PUBKEY_free>;
  const auto parsed = from_der<X509PubkeyPtr, d2i_X509_PUBKEY>(spki);
  const unsigned char* bits = nullptr;
  int size = 0;
  X509_PUBKEY_get0_param(nullptr, &bits, &size, nullptr, parsed.get());
  return to_bytes(ByteView(bits, static_cast<std::size_t>(size)));
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
  // OpenSSL's decoder costs twice a signature check; the usual form is read without it, with the same result.
  if (const auto* form = find_form(der)) {
    KeyHandle handle{key_of_point(form->group, der.subspan(form->prefix.size() - 1))};
    if (handle.key == nullptr) return public_key_invalid("not a point of " + std::string(to_string(form->algorithm)));
    return PublicKey(std::make_shared<State>(State{to_bytes(der), std::move(handle), form->algorithm}));
  }
  return from_decoded({from_der<EvpPkeyPtr, d2i_PUBKEY>(der)}, der);
}

Result<PublicKey> PublicKey::from_decoded(KeyHandle handle, ByteView der) {
  if (der.size() > kMaxSpkiSize) return invalid("PUBLIC_KEY_INVALID", "public key is larger than 8 KiB");
  if (handle.key == nullptr) return public_key_invalid("not a SubjectPublicKeyInfo");
  // A point with both coordinates is on its curve, or it is not read.
  if (const auto* form = find_form(der))
    return PublicKey(std::make_shared<State>(State{to_bytes(der), std::move(handle), form->algorithm}));
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
  return copy_public(handle);
}

Result<PublicKey> PublicKey::copy_public(const KeyHandle& handle) {
  const Bytes der = spki_of(handle.get());
  if (der.empty()) return public_key_invalid("key has no SubjectPublicKeyInfo");
  return parse_spki(der);
}

Result<PublicKey> PublicKey::from_ec_point(KeyAlgorithm curve, ByteView point) {
  const char* group = group_of(curve);
  if (group == nullptr) return invalid("PUBLIC_KEY_INVALID", "not a curve of P-256, P-384, P-521");
  KeyHandle handle{key_of_point(group, point)};
  if (handle.key == nullptr) return public_key_invalid("not a point of " + std::string(to_string(curve)));
  return copy_public(handle);
}

Result<PublicKey> PublicKey::from_ed25519(ByteView bytes) {
  KeyHandle handle{EvpPkeyPtr(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes.data(), bytes.size()))};
  if (handle.key == nullptr) return public_key_invalid("not an Ed25519 public key");
  return copy_public(handle);
}

const Bytes& PublicKey::spki() const { return state_->spki; }
KeyAlgorithm PublicKey::algorithm() const { return state_->algorithm; }
const KeyHandle& PublicKey::handle() const { return state_->handle; }
bool PublicKey::has_usual_form() const { return find_form(spki()) != nullptr; }
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

bool operator==(const PublicKey& a, const PublicKey& b) {
  if (equal(a.spki(), b.spki())) return true;
  if (a.algorithm() != b.algorithm() || (a.has_usual_form() && b.has_usual_form())) return false;
  const bool same = EVP_PKEY_eq(a.handle().get(), b.handle().get()) == 1;
  take_openssl_error();  // keys of different types
  return same;
}

Bytes PublicKey::fingerprint_sha256() const { return sha256(spki()); }

Bytes PublicKey::key_id_sha1() const { return sha1_for_key_id(key_bits(spki())); }
Bytes PublicKey::key_id_sha256() const { return sha256(key_bits(spki())); }

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
