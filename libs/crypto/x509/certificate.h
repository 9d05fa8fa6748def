// An X.509 certificate (RFC 5280) as a value. Reading one says nothing about whether to trust it: see chain.h.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/crypto/keys/public_key.h"
#include "libs/crypto/x509/names.h"

namespace pratique::crypto {

inline constexpr std::size_t kMaxCertificateSize = 64 << 10;     // bytes of DER
inline constexpr std::size_t kMaxCertificatesInBundle = 256;
inline constexpr std::size_t kMaxBundleSize = 4 << 20;           // bytes of PEM

struct CertificateHandle;  // OpenSSL's X509, see certificate_handle.h

/// Cheap to copy, immutable, thread-safe. Equal when the DER is. Reading costs twice a signature check, except where
/// this process read the same bytes not long ago (interned_certificates.h).
class Certificate {
 public:
  /// The whole of `der` must be one certificate. INVALID_ARGUMENT CERTIFICATE_INVALID, CERTIFICATE_TOO_LARGE.
  static Result<Certificate> parse_der(ByteView der);
  /// The one certificate in the text.
  static Result<Certificate> parse_pem(std::string_view pem);
  /// All certificates in the text, one at least; text between them is skipped.
  static Result<std::vector<Certificate>> parse_pem_bundle(std::string_view pem);

  const Bytes& der() const;
  std::string pem() const;

  /// RFC 4514 text, for people: "serialNumber=00-D0-E5-F2-00-02,CN=…". Compare names by their DER.
  std::string subject() const;
  std::string issuer() const;
  const Bytes& subject_der() const;
  const Bytes& issuer_der() const;
  /// Subject equals issuer (says nothing about the signature).
  bool is_self_issued() const;
  /// The first X.520 serialNumber (2.5.4.5) of the subject: the device's serial number in an IDevID.
  std::optional<std::string> subject_serial_number() const;
  std::optional<std::string> common_name() const;
  /// The certificate's serial number: lower-case hex, whole bytes, as FreeRADIUS and OpenSSL write it.
  std::string serial_hex() const;
  Timestamp not_before() const;
  Timestamp not_after() const;
  const PublicKey& public_key() const;

  /// The keyid bytes; none where the extension is absent (or, for authority, has no keyid).
  std::optional<Bytes> subject_key_id() const;
  std::optional<Bytes> authority_key_id() const;
  /// The whole extnValue with its OCTET STRING header, 04 18 30 16 80 14 …, as a voucher's idevid-issuer wants it
  /// (RFC 8995 section 5.5 with erratum 7263). Where the certificate has no AKI, it is generated from the SHA-1 of
  /// the key of `issuer`; none when that is not given either.
  std::optional<Bytes> authority_key_id_extension(const Certificate* issuer = nullptr) const;

  SubjectAltNames subject_alt_names() const;
  /// OIDs of the extended key usage; empty where absent.
  std::vector<std::string> ekus() const;
  bool has_eku(std::string_view oid) const;
  /// Bits of key_usage::; none where the extension is absent (every use is then allowed).
  std::optional<std::uint16_t> key_usage() const;
  bool is_ca() const;
  std::optional<int> path_len() const;
  /// As written in the extension: a MASA URL is often host[:port] alone.
  std::optional<std::string> masa_url() const;
  std::optional<std::string> mud_url() const;
  /// Where its issuer's CRLs and OCSP responders are: URIs of the CRL distribution points and of the authority
  /// information access, in order; empty where absent.
  std::vector<std::string> crl_urls() const;
  std::vector<std::string> ocsp_urls() const;
  std::optional<Extension> extension(std::string_view oid) const;

  /// Of the DER.
  Bytes fingerprint_sha256() const;

  friend bool operator==(const Certificate& a, const Certificate& b) { return equal(a.der(), b.der()); }

  // Internal to libs/crypto and libs/net (certificate_handle.h).
  const CertificateHandle& handle() const;
  /// It says that it issued itself and its key did not sign it. Checked at the first call.
  bool has_wrong_self_signature() const;
  /// Nobody may change the X509 afterwards.
  static Result<Certificate> from_handle(CertificateHandle handle);

 private:
  struct State;
  static Result<Certificate> read(CertificateHandle handle, ByteView der);
  explicit Certificate(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

}  // namespace pratique::crypto
