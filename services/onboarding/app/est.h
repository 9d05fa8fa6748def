// Enrolment over secure transport (RFC 7030, 8951, 9908) as this service lives it: who may have a certificate, and
// that the request is good. What the certificate says, and its signature, are the registrar's.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "libs/base/clock.h"
#include "libs/pg/pool.h"
#include "libs/protocol/est/csrattrs.h"
#include "services/onboarding/app/admission.h"
#include "services/onboarding/app/answer.h"
#include "services/onboarding/app/audit_gate.h"
#include "services/onboarding/app/device_caller.h"

namespace pratique::onboarding {

struct EstConfig {
  /// Refuse requests that are not bound to their TLS connection.
  bool channel_binding_required = false;
};

class Est {
 public:
  struct Surroundings {
    pg::Pool& pool;
    Admission& admission;
    AuditGate& gate;
    CredentialTemplates& templates;
    const Clock& clock;
  };
  Est(EstConfig config, Surroundings around) : config_(config), around_(around) {}

  /// Bodies are those of EST: base64 text. Anybody may ask.
  Result<Answer> cacerts();
  /// What this device's request must look like.
  Result<Answer> csrattrs(const DeviceCaller& caller);
  /// With the IDevID, after the voucher was accepted and the audit log spoke for us.
  Result<Answer> simpleenroll(const DeviceCaller& caller, std::string_view body);
  /// With the certificate that is to be renewed. With the IDevID it is simpleenroll: strongSwan's `pki --est` asks so.
  Result<Answer> simplereenroll(const DeviceCaller& caller, std::string_view body);

 private:
  struct Applicant {
    std::string device;
    std::optional<Session> session;  // none: a renewal
  };
  /// Whose connection this is, or why it may not enrol.
  Result<std::optional<Applicant>> find_applicant(const DeviceCaller& caller, std::vector<Refusal>& why);
  Result<void> record_refusal(const Applicant& applicant, const DeviceCaller& caller, const std::vector<Refusal>& why);
  Result<est::CsrAttrs> attributes_for(const std::string& device);
  Result<Answer> enroll(Applicant& applicant, const DeviceCaller& caller, std::string_view body);
  Result<Answer> issue(const Applicant& applicant, const DeviceCaller& caller, std::string_view body);

  EstConfig config_;
  Surroundings around_;
  std::mutex mutex_;
  std::string cacerts_;  // the body, while it is fresh
  Timestamp cacerts_until_{};
};

}  // namespace pratique::onboarding
