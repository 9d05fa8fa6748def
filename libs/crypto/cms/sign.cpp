#include <algorithm>
#include <utility>

#include "libs/crypto/cms/signed_data.h"
#include "libs/crypto/keys/key_handle.h"
#include "libs/crypto/x509/asn1_text.h"
#include "libs/crypto/x509/certificate_handle.h"

namespace pratique::crypto::cms {

Result<Bytes> sign(ByteView content, std::string_view content_type, const Certificate& signer_certificate,
                   const Signer& signer, std::span<const Certificate> extra_certificates, const SignOptions& options) {
  if (!(signer_certificate.public_key() == signer.public_key()))
    return invalid("CMS_SIGNER_MISMATCH", "'" + signer_certificate.subject() + "' is not for the signer's key");
  const auto algorithm = signer.public_key().algorithm();
  if (algorithm == KeyAlgorithm::ed25519 || algorithm == KeyAlgorithm::other)
    return Error{.code = ErrorCode::unimplemented,
                 .reason = "CMS_KEY_UNSUPPORTED",
                 .message = "CMS is signed by EC and RSA keys, not by " + signer.public_key().description()};
  const auto type = oid_object(content_type);
  if (type == nullptr) return invalid("CMS_INVALID", "content type is no OID");

  constexpr unsigned kFlags = CMS_BINARY | CMS_NOSMIMECAP | CMS_PARTIAL;
  const CmsPtr cms(CMS_sign(nullptr, nullptr, nullptr, nullptr, kFlags));
  if (cms == nullptr || CMS_set1_eContentType(cms.get(), type.get()) != 1) return openssl_failed("CMS");
  unsigned signer_flags = kFlags;
  if (!options.include_signer_certificate) signer_flags |= CMS_NOCERTS;
  if (options.by_subject_key_id) signer_flags |= CMS_USE_KEYID;
  const auto hash = options.hash.value_or(natural_hash(signer.public_key()));
  CMS_SignerInfo* info = CMS_add1_signer(cms.get(), signer_certificate.handle().get(), signer.handle().get(),
                                         evp_md(hash), signer_flags);
  if (info == nullptr) return openssl_failed("CMS signer");
  if (options.signing_time) {
    const auto time = asn1_time(*options.signing_time);
    if (time == nullptr ||
        CMS_signed_add1_attr_by_NID(info, NID_pkcs9_signingTime, ASN1_STRING_type(time.get()), time.get(), -1) != 1)
      return openssl_failed("CMS signing time");
  }
  std::vector<Certificate> added;
  if (options.include_signer_certificate) added.push_back(signer_certificate);
  for (const auto& certificate : extra_certificates) {
    if (std::ranges::find(added, certificate) != added.end()) continue;
    if (CMS_add1_cert(cms.get(), certificate.handle().get()) != 1) return openssl_failed("CMS certificate");
    added.push_back(certificate);
  }
  const auto input = reading_bio(content);
  if (input == nullptr || CMS_final(cms.get(), input.get(), nullptr, kFlags) != 1) return openssl_failed("signing CMS");
  Bytes out = to_der<i2d_CMS_ContentInfo>(cms.get());
  if (out.empty()) return openssl_failed("CMS");
  return out;
}

}  // namespace pratique::crypto::cms
