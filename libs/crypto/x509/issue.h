// Making certificates: a profile says what is in it, a Signer signs.
//
//   auto root = issue_self_signed(CertificateProfile::root_ca({.common_name = "Example Root"}, from, until),
//                                 ca_key, random);
//   auto idevid = issue_certificate(CertificateProfile::idevid({.serial_number = "00-D0-E5-F2-00-02"}, now,
//                                   "masa.example.com:9443"), device_key, *root, ca_key, random);
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/random.h"
#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/crypto/keys/signer.h"
#include "libs/crypto/x509/certificate.h"
#include "libs/crypto/x509/names.h"

namespace pratique::crypto {

/// 9999-12-31T23:59:59Z: no well-defined expiry (RFC 5280 section 4.1.2.5, IEEE 802.1AR section 8.7).
inline constexpr Timestamp kNoExpiry{std::chrono::seconds{253402300799}};

/// Every extension that is not asked for is left out; subject key identifier and (unless self-signed) authority key
/// identifier are always written.
struct CertificateProfile {
  Name subject = {};
  Bytes subject_der = {};  // the subject as it is (from a CSR), in place of `subject`
  SubjectAltNames alt_names = {};
  Timestamp not_before = {};
  Timestamp not_after = {};
  Bytes serial = {};  // 1 to 20 bytes, big-endian, positive; empty: make_serial()
  bool ca = false;
  std::optional<int> path_len = {};  // with ca alone
  std::uint16_t key_usage = 0;       // 0: no such extension
  std::vector<std::string> ekus = {};
  bool critical_eku = false;
  std::string masa_url = {};
  std::string mud_url = {};
  std::string crl_url = {};
  std::string ocsp_url = {};
  std::vector<Extension> extra = {};  // raw; none may repeat one of the above

  static CertificateProfile root_ca(Name subject, Timestamp not_before, Timestamp not_after);
  static CertificateProfile sub_ca(Name subject, Timestamp not_before, Timestamp not_after, int path_len = 0);
  /// serverAuth and clientAuth.
  static CertificateProfile tls(Name subject, SubjectAltNames names, Timestamp not_before, Timestamp not_after);
  /// IEEE 802.1AR: never expires, digitalSignature; the MASA URL and MUD URL where not empty.
  static CertificateProfile idevid(Name subject, Timestamp not_before, std::string masa_url, std::string mud_url = {});
  /// A delegated OCSP responder (RFC 6960 section 4.2.2.2), not itself to be checked for revocation: let it be short.
  static CertificateProfile ocsp_responder(Name subject, Timestamp not_before, Timestamp not_after);
};

/// 16 random bytes, the first bit 0 and the number not 0 (RFC 5280 section 4.1.2.2).
Bytes make_serial(Random& random);

/// INVALID_ARGUMENT PROFILE_INVALID names the field; FAILED_PRECONDITION ISSUER_KEY_MISMATCH when the signer's key is
/// not that of the issuer's certificate, ISSUER_NOT_CA. Whether the subject's key is strong enough: key_policy.h.
Result<Certificate> issue_certificate(const CertificateProfile& profile, const PublicKey& subject_key,
                                      const Certificate& issuer, const Signer& issuer_key, Random& random);
Result<Certificate> issue_self_signed(const CertificateProfile& profile, const Signer& key, Random& random);

}  // namespace pratique::crypto
