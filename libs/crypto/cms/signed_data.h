// CMS SignedData (RFC 5652 section 5), DER, exactly one signer: the envelope of vouchers and voucher requests.
//
//   TRY(const auto cms, cms::SignedData::parse(body));
//   const auto verdict = cms.verify_signature();                       // who signed, and is the signature right?
//   if (verdict.accepted()) verify_chain(*verdict.signer, cms.certificates(), anchors, options);  // may they?
//
// Facts that a policy judges (content type, version, presence of signed attributes) are reported as they are: RFC 8995
// samples are id-data and version 1, RFC 8366bis wants id-ct-animaJSONVoucher, version 3 and signed attributes.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/base/verdict.h"
#include "libs/crypto/keys/signer.h"
#include "libs/crypto/x509/certificate.h"

namespace pratique::crypto::cms {

inline constexpr std::size_t kMaxSignedDataSize = 256 << 10;  // bytes of DER
inline constexpr std::size_t kMaxCertificates = 32;

inline constexpr std::string_view kIdData = "1.2.840.113549.1.7.1";
inline constexpr std::string_view kIdAnimaJsonVoucher = "1.2.840.113549.1.9.16.1.40";

/// Either issuer and serial, or the subject key identifier.
struct SignerId {
  Bytes issuer_der = {};
  std::string serial_hex = {};  // lower case, whole bytes
  Bytes subject_key_id = {};
  std::string text() const;  // for people
};

/// Codes:
///   CMS_SIGNER_UNKNOWN             no candidate is the one that the SignerIdentifier names
///   CMS_SIGNATURE_INVALID
///   CMS_DIGEST_MISMATCH            messageDigest is not that of the content
///   CMS_CONTENT_TYPE_MISMATCH      the signed attribute differs from eContentType
///   CMS_SIGNED_ATTRIBUTES_INVALID  a mandatory one is absent or there twice
///   CMS_KEY_REFUSED                see key_policy.h
///   CMS_DIGEST_REFUSED             a digest other than SHA-256, SHA-384, SHA-512
struct SignatureVerdict : Verdict {
  std::optional<Certificate> signer;  // the certificate whose key made the signature, when accepted
};

/// Cheap to copy, immutable, thread-safe.
class SignedData {
 public:
  /// INVALID_ARGUMENT CMS_INVALID (no ContentInfo, trailing bytes, other than one signer, no content inside),
  /// CMS_NOT_DER (lengths that are indefinite or longer than need be), CMS_NOT_SIGNED_DATA, CMS_TOO_LARGE; and those of
  /// Certificate::parse_der for the certificates inside.
  static Result<SignedData> parse(ByteView der);

  const Bytes& der() const;
  const Bytes& content() const;
  const std::string& content_type() const;  // OID
  int version() const;                      // of SignedData
  int signer_version() const;               // of SignerInfo
  bool has_signed_attributes() const;
  std::optional<Timestamp> signing_time() const;
  std::optional<Hash> digest_algorithm() const;  // none: one we do not accept
  const std::vector<Certificate>& certificates() const;
  const SignerId& signer() const;

  /// The certificate that the SignerIdentifier names, among those inside and then `also`; never by position.
  std::optional<Certificate> find_signer(std::span<const Certificate> also = {}) const;

  /// Signature, messageDigest and contentType; nothing about the chain. Candidates: those inside, then `also`.
  SignatureVerdict verify_signature(std::span<const Certificate> also = {}) const;

 private:
  struct State;
  explicit SignedData(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

struct SignOptions {
  /// The signingTime attribute; none: left to the machine's clock.
  std::optional<Timestamp> signing_time = {};
  /// none: natural_hash() of the key.
  std::optional<Hash> hash = {};
  bool include_signer_certificate = true;
  /// Name the signer by its subject key identifier (SignerInfo version 3) in place of issuer and serial.
  bool by_subject_key_id = false;
};

/// DER with signed attributes (contentType, signingTime, messageDigest); version 3 unless content_type is id-data.
/// INVALID_ARGUMENT CMS_SIGNER_MISMATCH when the certificate is not for the signer's key; UNIMPLEMENTED
/// CMS_KEY_UNSUPPORTED for keys other than EC and RSA.
Result<Bytes> sign(ByteView content, std::string_view content_type, const Certificate& signer_certificate,
                   const Signer& signer, std::span<const Certificate> extra_certificates = {},
                   const SignOptions& options = {});

}  // namespace pratique::crypto::cms
