// A certificate revocation list (RFC 5280 section 5) as a value. Reading one says nothing about whether to believe it:
// see crl_verdict.h. Making one: crl_build.h.
//
//   TRY(const auto crl, Crl::parse_der(body));
//   const auto verdict = verify_crl(crl, issuer, clock.now());
//   if (verdict.accepted()) … crl.find(certificate.serial_hex()) …
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/crypto/revocation/revocation_reason.h"

namespace pratique::crypto {

inline constexpr std::string_view kCrlMediaType = "application/pkix-crl";  // of the DER (RFC 2585 section 4.2)

inline constexpr std::size_t kMaxCrlSize = 32 << 20;       // bytes of DER
inline constexpr std::size_t kMaxCrlEntries = 500'000;
inline constexpr std::size_t kMaxCrlExtensions = 16;       // of the list
inline constexpr std::size_t kMaxCrlEntryExtensions = 8;   // of each entry
inline constexpr std::size_t kMaxCrlUrls = 16;             // of its distribution point

/// `serial_hex` as Certificate::serial_hex writes it: lower case, whole bytes.
struct CrlEntry {
  std::string serial_hex;
  Revocation revocation = {};
  friend bool operator==(const CrlEntry&, const CrlEntry&) = default;
};

/// The issuing distribution point (RFC 5280 section 5.2.5): for which certificates the list speaks. All of the issuer's
/// where everything is empty and false.
struct CrlScope {
  bool names_distribution_point = false;
  std::vector<std::string> urls = {};  // of the distribution point; empty where it is named otherwise
  bool only_user_certificates = false;
  bool only_ca_certificates = false;
  bool only_attribute_certificates = false;
  bool only_some_reasons = false;
  bool indirect = false;  // entries of other issuers as well
  friend bool operator==(const CrlScope&, const CrlScope&) = default;
};

/// Cheap to copy, immutable, thread-safe. Keeps the DER, and 32 bytes for each entry.
class Crl {
 public:
  /// The whole of `der` must be one list, version 1 or 2. INVALID_ARGUMENT CRL_INVALID, CRL_TOO_LARGE.
  static Result<Crl> parse_der(ByteView der);
  /// One list, as pem() writes it; text before it is passed over.
  static Result<Crl> parse_pem(std::string_view pem);

  const Bytes& der() const;
  /// PEM, "X509 CRL" (RFC 7468 section 6).
  std::string pem() const;
  ByteView issuer_der() const;
  Timestamp this_update() const;
  /// None where the list does not say, which RFC 5280 does not allow; verify_crl refuses it.
  std::optional<Timestamp> next_update() const;
  /// The CRL number, lower-case hex of whole bytes; none where absent.
  std::optional<std::string> number_hex() const;
  std::optional<Bytes> authority_key_id() const;
  const CrlScope& scope() const;
  /// OIDs of critical extensions, of the list or of an entry, that this room does not know; each once, the first 16.
  const std::vector<std::string>& unknown_critical_extensions() const;

  std::size_t size() const;
  /// By serial number, in time that grows with the logarithm of the size. None: not listed.
  std::optional<Revocation> find(std::string_view serial_hex) const;
  /// Sorted by serial number.
  std::vector<CrlEntry> entries() const;

  // Internal to this room: what is signed, by which algorithm (the content of the AlgorithmIdentifier), and how.
  ByteView signed_part() const;
  ByteView signature_algorithm() const;
  ByteView signature() const;

 private:
  struct State;
  explicit Crl(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

}  // namespace pratique::crypto
