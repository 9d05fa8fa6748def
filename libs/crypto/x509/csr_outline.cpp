#include "libs/crypto/x509/csr_outline.h"

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

  TRY(out.algorithm, parse_signature_algorithm(algorithm.content));
  if (signature.content.empty() || signature.content[0] > 7)
    return invalid("DER_INVALID", "signature is no BIT STRING");
  if (signature.content[0] == 0) out.signature = signature.content.subspan(1);
  return out;
}

}  // namespace pratique::crypto
