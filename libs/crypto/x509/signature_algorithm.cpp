#include "libs/crypto/x509/signature_algorithm.h"

#include <array>
#include <string_view>

#include "libs/codec/tlv/der.h"
#include "libs/crypto/keys/signer.h"

namespace pratique::crypto {
namespace {

enum class Kind { ecdsa, rsa, ed25519 };

struct Known {
  std::string_view oid;
  Kind kind;
  Hash hash;
};
// RFC 5758 section 3.2, RFC 4055 section 5, RFC 8410 section 3.
constexpr std::array<Known, 7> kKnown = {{{"1.2.840.10045.4.3.2", Kind::ecdsa, Hash::sha256},
                                          {"1.2.840.10045.4.3.3", Kind::ecdsa, Hash::sha384},
                                          {"1.2.840.10045.4.3.4", Kind::ecdsa, Hash::sha512},
                                          {"1.2.840.113549.1.1.11", Kind::rsa, Hash::sha256},
                                          {"1.2.840.113549.1.1.12", Kind::rsa, Hash::sha384},
                                          {"1.2.840.113549.1.1.13", Kind::rsa, Hash::sha512},
                                          {"1.3.101.112", Kind::ed25519, Hash::sha256}}};

std::optional<Kind> kind_of(const PublicKey& key) {
  switch (key.algorithm()) {
    case KeyAlgorithm::ec_p256:
    case KeyAlgorithm::ec_p384:
    case KeyAlgorithm::ec_p521: return Kind::ecdsa;
    case KeyAlgorithm::rsa: return Kind::rsa;
    case KeyAlgorithm::ed25519: return Kind::ed25519;
    case KeyAlgorithm::other: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

Result<SignatureAlgorithm> parse_signature_algorithm(ByteView content) {
  der::Reader identifier(content);
  TRY(const auto oid, identifier.expect(der::kOid, "signatureAlgorithm"));
  SignatureAlgorithm out;
  TRY(out.oid, der::decode_oid(oid.content));
  if (identifier.at_end()) return out;
  TRY(const auto parameters, identifier.next());
  TRY_VOID(identifier.finish("signatureAlgorithm"));
  out.has_parameters = parameters.tag != der::kNull || !parameters.content.empty();
  return out;
}

std::optional<Hash> hash_of_signature(const SignatureAlgorithm& algorithm, const PublicKey& key) {
  const auto kind = kind_of(key);
  if (algorithm.has_parameters || !kind) return std::nullopt;
  for (const auto& known : kKnown)
    if (known.oid == algorithm.oid && known.kind == *kind) return known.hash;
  return std::nullopt;
}

Result<Bytes> encode_signature_algorithm(const PublicKey& key) {
  const auto kind = kind_of(key);
  if (!kind)
    return Error{.code = ErrorCode::unimplemented,
                 .reason = "SIGNATURE_KEY_UNSUPPORTED",
                 .message = "nothing is signed by a key of type " + key.description()};
  const Hash hash = natural_hash(key);
  for (const auto& known : kKnown) {
    if (known.kind != *kind || known.hash != hash) continue;
    TRY(Bytes oid, der::oid(known.oid));
    std::vector<Bytes> parts{std::move(oid)};
    if (*kind == Kind::rsa) parts.push_back(der::element(der::kNull, {}));  // RFC 4055 section 5
    return der::element_of(der::kSequence, parts);
  }
  return internal("CRYPTO_FAILED", "no signature algorithm for a key of type " + key.description());
}

}  // namespace pratique::crypto
