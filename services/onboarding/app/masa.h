// What this service asks of a manufacturer (RFC 8995 section 5.4 to 5.8); implemented in peers/ over HTTPS.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/crypto/x509/certificate.h"

namespace pratique::onboarding {

struct MasaQuestion {
  std::string base_url;  // "https://masa.example.com:9443/.well-known/brski"
  Bytes voucher_request;  // the registrar's, signed
  std::vector<crypto::Certificate> tls_anchors;
};
/// Any HTTP status is an answer.
struct MasaAnswer {
  int status = 0;
  std::string content_type;
  Bytes body;
  std::optional<std::chrono::seconds> retry_after;
};

class Masa {
 public:
  virtual ~Masa() = default;
  /// Errors: UNAVAILABLE (cannot be reached; reason names why), UNAUTHENTICATED (its TLS certificate does not verify),
  /// DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED MASA_CIRCUIT_OPEN (it failed so often lately that it is left alone).
  virtual Result<MasaAnswer> request_voucher(const MasaQuestion& question) = 0;
  virtual Result<MasaAnswer> request_audit_log(const MasaQuestion& question) = 0;
};

}  // namespace pratique::onboarding
