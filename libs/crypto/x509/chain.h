// Does a certificate lead to an anchor, and if not, why? (RFC 5280 section 6; no revocation.)
//
//   ChainOptions options(clock.now());
//   options.purpose = Purpose::tls_client;
//   const auto verdict = verify_chain(leaf, intermediates, anchors, options);
//   if (!verdict.accepted()) … verdict.first().code …            // "CHAIN_ISSUER_UNKNOWN"
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libs/base/timestamp.h"
#include "libs/base/verdict.h"
#include "libs/crypto/x509/certificate.h"

namespace pratique::crypto {

inline constexpr std::size_t kMaxIntermediates = 32;

/// `any` asks nothing of EKU and key usage of the leaf; CA certificates must be such with every purpose.
enum class Purpose { any, tls_server, tls_client };

struct ChainOptions {
  explicit ChainOptions(Timestamp now) : at(now) {}
  /// No certificate's validity is looked at: for a device without a clock, and for old test vectors.
  static ChainOptions ignoring_time() { return ChainOptions(); }

  std::optional<Timestamp> at = {};
  /// A leaf past its notAfter passes (IDevIDs are for the life of the device); CAs are still checked.
  bool ignore_leaf_not_after = false;
  /// A sub-CA or end entity among the anchors ends the chain; otherwise only a self-signed one does.
  bool partial_chain = false;
  Purpose purpose = Purpose::any;
  /// DNS name or IP address that the leaf must be for; "" = not asked.
  std::string host = {};
  /// CA certificates between leaf and anchor.
  int max_intermediates = 8;

 private:
  ChainOptions() = default;
};

/// Codes:
///   CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET_VALID, CERTIFICATE_SIGNATURE_INVALID, CERTIFICATE_KEY_WEAK,
///   CERTIFICATE_HASH_WEAK, CERTIFICATE_NOT_CA, CERTIFICATE_PURPOSE_REFUSED, CERTIFICATE_HOST_MISMATCH,
///   CERTIFICATE_EXTENSION_UNKNOWN (a critical one), CERTIFICATE_NAME_CONSTRAINT, CHAIN_ISSUER_UNKNOWN,
///   CHAIN_ANCHOR_UNKNOWN (ends in a self-signed certificate that is no anchor), CHAIN_PATH_LENGTH, CHAIN_TOO_LONG,
///   CHAIN_TOO_MANY_CERTIFICATES, CHAIN_REFUSED (anything else; see the message).
/// The message is OpenSSL's; the evidence of each finding: "depth" (0 = the leaf), "subject" (RFC 4514) of the
/// certificate at that depth.
struct ChainVerdict : Verdict {
  std::vector<Certificate> chain;  // leaf first, as far as it was built; the anchor last when accepted
};

/// SHA-1 signatures and keys under 112 bits of strength never pass.
ChainVerdict verify_chain(const Certificate& leaf, std::span<const Certificate> intermediates,
                          std::span<const Certificate> anchors, const ChainOptions& options);

}  // namespace pratique::crypto
