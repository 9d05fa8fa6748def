#include "libs/crypto/x509/csr_outline.h"

#include <array>

#include "libs/codec/tlv/der.h"

namespace pratique::crypto {

Result<CsrOutline> outline_csr(ByteView der) {
  der::Reader outer(der);
  TRY(const auto request, outer.expect(der::kSequence, "CertificationRequest"));
  TRY_VOID(outer.finish("CertificationRequest"));
  der::Reader parts(request.content);
  TRY(const auto info, parts.expect(der::kSequence, "CertificationRequestInfo"));
  TRY(const auto algorithm, parts.expect(der::kSequence, "signatureAlgorithm"));
  TRY(const auto signature, parts.expect(der::kBitString, "signature"));
  TRY_VOID(parts.finish("signature"));

  CsrOutline out;
  out.info = info.whole;
  der::Reader inside(info.content);
  TRY(const auto version, inside.expect(der::kInteger, "version"));
  TRY_VOID(der::decode_integer(version.content));
  TRY(const auto subject, inside.expect(der::kSequence, "subject"));
  TRY(const auto spki, inside.expect(der::kSequence, "subjectPKInfo"));
  out.subject = subject.whole;
  out.spki = spki.whole;
  if (!inside.at_end()) {
    TRY(const auto attributes, inside.expect(der::context(0), "attributes"));
    for (der::Reader each(attributes.content); !each.at_end();) {
      TRY(const auto attribute, each.expect(der::kSequence, "an attribute"));
      out.attributes.push_back(attribute.whole);
    }
  }
  TRY_VOID(inside.finish("attributes"));

  der::Reader identifier(algorithm.content);
  TRY(const auto oid, identifier.expect(der::kOid, "signatureAlgorithm"));
  TRY(out.signature_algorithm, der::decode_oid(oid.content));
  if (!identifier.at_end()) {
    TRY(const auto parameters, identifier.next());
    TRY_VOID(identifier.finish("signatureAlgorithm"));
    out.signature_parameters = parameters.tag != der::kNull || !parameters.content.empty();
  }
  if (signature.content.empty() || signature.content[0] > 7)
    return invalid("DER_INVALID", "signature is no BIT STRING");
  if (signature.content[0] == 0) out.signature = signature.content.subspan(1);
  return out;
}

std::optional<Hash> hash_of_signature(const CsrOutline& outline, const PublicKey& key) {
  struct Known {
    std::string_view oid;
    bool rsa;
    Hash hash;
  };
  // RFC 5758 section 3.2, RFC 4055 section 5.
  static constexpr std::array<Known, 6> kKnown = {{{"1.2.840.10045.4.3.2", false, Hash::sha256},
                                                   {"1.2.840.10045.4.3.3", false, Hash::sha384},
                                                   {"1.2.840.10045.4.3.4", false, Hash::sha512},
                                                   {"1.2.840.113549.1.1.11", true, Hash::sha256},
                                                   {"1.2.840.113549.1.1.12", true, Hash::sha384},
                                                   {"1.2.840.113549.1.1.13", true, Hash::sha512}}};
  if (outline.signature_parameters || outline.signature.empty()) return std::nullopt;
  const auto algorithm = key.algorithm();
  const bool rsa = algorithm == KeyAlgorithm::rsa;
  if (!rsa && (algorithm == KeyAlgorithm::ed25519 || algorithm == KeyAlgorithm::other)) return std::nullopt;
  for (const auto& known : kKnown)
    if (known.oid == outline.signature_algorithm && known.rsa == rsa) return known.hash;
  return std::nullopt;
}

}  // namespace pratique::crypto
