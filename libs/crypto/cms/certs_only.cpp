#include "libs/crypto/cms/certs_only.h"

#include "libs/crypto/cms/signed_data.h"
#include "libs/crypto/x509/certificate_handle.h"

namespace pratique::crypto::cms {
namespace {

using Pkcs7Ptr = OpensslPtr<PKCS7, PKCS7_free>;

}  // namespace

Result<Bytes> encode_certs_only(std::span<const Certificate> certificates) {
  // The PKCS #7 encoder keeps the order of the certificates, the CMS one sorts them.
  const Pkcs7Ptr pkcs7(PKCS7_new());
  PKCS7_SIGNED* data = PKCS7_SIGNED_new();
  pkcs7->type = OBJ_nid2obj(NID_pkcs7_signed);
  pkcs7->d.sign = data;
  data->contents->type = OBJ_nid2obj(NID_pkcs7_data);
  if (ASN1_INTEGER_set(data->version, 1) != 1) return openssl_failed("certs-only");
  data->cert = x509_stack(certificates).release();
  Bytes out = to_der<i2d_PKCS7>(pkcs7.get());
  if (out.empty()) return openssl_failed("certs-only");
  return out;
}

Result<std::vector<Certificate>> parse_certs_only(ByteView der) {
  if (der.size() > kMaxCertsOnlySize) return invalid("CERTS_ONLY_TOO_LARGE", "certs-only is limited to 256 KiB");
  const auto pkcs7 = from_der<Pkcs7Ptr, d2i_PKCS7>(der);
  if (pkcs7 == nullptr)
    return openssl_error(ErrorCode::invalid_argument, "CERTS_ONLY_INVALID", "not PKCS #7, or bytes follow it");
  if (!PKCS7_type_is_signed(pkcs7.get()) || pkcs7->d.sign == nullptr || sk_X509_num(pkcs7->d.sign->cert) < 1)
    return invalid("CERTS_ONLY_INVALID", "not SignedData with certificates");
  if (sk_X509_num(pkcs7->d.sign->cert) > static_cast<int>(kMaxCertificates))
    return invalid("CERTS_ONLY_INVALID", "more than " + std::to_string(kMaxCertificates) + " certificates");
  return certificates_of(pkcs7->d.sign->cert).with_context("in certs-only");
}

}  // namespace pratique::crypto::cms
