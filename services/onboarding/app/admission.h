// What this service asks of the registrar; implemented in peers/ over gRPC. All calls are safe to repeat.
//
// An Error means that the registrar could not answer (UNAVAILABLE, DEADLINE_EXCEEDED): the device is told to come
// again. A refusal is an answer.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/base/verdict.h"
#include "libs/crypto/x509/certificate.h"

namespace pratique::onboarding {

/// A finding as the registrar's catalogue completes it: what the device may be told.
struct Refusal {
  Finding finding;
  std::string safe_message;
};

struct ManufacturerFacts {
  std::string name;  // "manufacturers/<uuid>"
  std::string display_name;
  bool strict_wire = true;
  std::string masa_url;  // as the registry or the IDevID has it; may lack the path
  std::vector<crypto::Certificate> voucher_anchors;
  std::vector<crypto::Certificate> masa_tls_anchors;
};

struct JudgeQuestion {
  std::string protocol = {};
  std::vector<crypto::Certificate> idevid_chain = {};  // leaf first
  std::string session = {};
  std::string location = {};
  std::string remote_address = {};
};
struct Judgement {
  enum class Outcome { allow, deny, wait };
  Outcome outcome = Outcome::deny;
  std::string device;  // empty: manufacturer unknown
  std::string serial_number;
  std::vector<Refusal> refusals;  // why denied, or for what it waits
  std::chrono::seconds retry_after{60};
  ManufacturerFacts manufacturer;  // for allow
};

struct VoucherRecord {
  std::string device = {}, session = {};
  Bytes voucher = {};
  std::string serial_number = {}, assertion = {}, nonce = {}, signer = {}, pinned_fingerprint = {}, masa_url = {};
  std::optional<Timestamp> created_on = {}, expires_on = {};
};
struct RefusalRecord {
  std::string device = {}, session = {}, protocol = {}, serial_number = {}, remote_address = {};
  std::vector<Finding> findings = {};
};
struct TelemetryRecord {
  enum class Kind { voucher, enrolment };
  std::string device = {}, session = {};
  Kind kind = Kind::voucher;
  bool success = false;
  std::string reason = {}, reason_context = {};
  bool certificate_matched = false;
};
struct CredentialTemplate {
  std::string common_name, serial_number;
  std::vector<std::string> san_dns, san_uri, key_types;
};
struct IssueQuestion {
  std::string device = {}, session = {};
  Bytes csr = {};
  Bytes renewed_certificate = {};  // empty: the first one
};
struct IssueAnswer {
  std::optional<crypto::Certificate> certificate;
  std::vector<Refusal> refusals;  // set where there is no certificate
};
struct CredentialOwner {
  std::string device, credential;  // empty: not ours
  std::vector<Refusal> refusals;   // why it counts no more
  bool counts() const { return !device.empty() && refusals.empty(); }
};

class Admission {
 public:
  virtual ~Admission() = default;
  virtual Result<Judgement> judge(const JudgeQuestion& question) = 0;
  virtual Result<void> record_voucher(const VoucherRecord& record) = 0;
  virtual Result<void> record_refusal(const RefusalRecord& record) = 0;
  virtual Result<void> record_telemetry(const TelemetryRecord& record) = 0;
  virtual Result<CredentialTemplate> credential_template(const std::string& device) = 0;
  virtual Result<IssueAnswer> issue(const IssueQuestion& question) = 0;
  /// `in_use`: the device proved possession of its key on a connection of its own.
  virtual Result<CredentialOwner> identify(const crypto::Certificate& certificate, bool in_use) = 0;
  /// The local CA's chain, issuer first.
  virtual Result<std::vector<crypto::Certificate>> authority() = 0;
};

}  // namespace pratique::onboarding
