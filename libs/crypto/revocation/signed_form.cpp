#include "libs/crypto/revocation/signed_form.h"

#include <string>

#include "libs/crypto/x509/signature_algorithm.h"

namespace pratique::crypto {

Result<SignedForm> read_signed_form(der::Reader& parts, std::string_view what) {
  SignedForm out;
  TRY(out.part, parts.expect(der::kSequence, what));
  TRY(out.algorithm, parts.expect(der::kSequence, "signatureAlgorithm"));
  TRY_VOID(parse_signature_algorithm(out.algorithm.content));
  TRY(const auto bits, parts.expect(der::kBitString, "signature"));
  if (bits.content.size() < 2 || bits.content[0] != 0)
    return invalid("DER_INVALID", "signature is no BIT STRING of whole octets");
  out.signature = bits.content.subspan(1);
  return out;
}

Result<Bytes> encode_signed_form(const Bytes& part, const Signer& key, const std::vector<Bytes>& behind) {
  TRY(Bytes algorithm, encode_signature_algorithm(key.public_key()));
  TRY(Bytes signature, key.sign(part, natural_hash(key.public_key())));
  signature.insert(signature.begin(), std::uint8_t{0});  // no unused bits
  std::vector<Bytes> parts{part, std::move(algorithm), der::element(der::kBitString, signature)};
  parts.insert(parts.end(), behind.begin(), behind.end());
  return der::element_of(der::kSequence, parts);
}

Verdict judge_signature(ByteView part, ByteView algorithm, ByteView signature, const PublicKey& key,
                        std::string_view prefix) {
  Verdict verdict;
  const auto read = parse_signature_algorithm(algorithm);
  const auto hash = read ? hash_of_signature(*read, key) : std::nullopt;
  if (!hash) {
    verdict.refuse(std::string(prefix) + "_SIGNATURE_REFUSED",
                   "an algorithm that is not taken, or not of the signer's key",
                   {{"algorithm", read ? read->oid : ""}, {"key", key.description()}});
  } else if (!key.verify(part, signature, *hash)) {
    verdict.refuse(std::string(prefix) + "_SIGNATURE_INVALID", "not signed by the signer's key",
                   {{"key", key.description()}});
  }
  return verdict;
}

}  // namespace pratique::crypto
