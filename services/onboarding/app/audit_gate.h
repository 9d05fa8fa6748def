// No certificate before the manufacturer's audit log of the device spoke for us (RFC 8995 section 5.8): is our voucher
// in it, and does nobody else hold one that could take the device away?
#pragma once

#include "libs/base/clock.h"
#include "libs/crypto/primitives/envelope.h"
#include "libs/pg/pool.h"
#include "libs/protocol/brski/audit_log.h"
#include "services/onboarding/app/admission.h"
#include "services/onboarding/app/answer.h"
#include "services/onboarding/app/device_caller.h"
#include "services/onboarding/app/memory.h"
#include "services/onboarding/app/masa.h"
#include "services/onboarding/app/registrar_identity.h"
#include "services/onboarding/domain/session.h"

namespace pratique::onboarding {

class AuditGate {
 public:
  struct Surroundings {
    pg::Pool& pool;
    Admission& admission;
    Masa& masa;
    Manufacturers& manufacturers;
    const CurrentIdentity& identity;
    const crypto::Envelope& envelope;
    const Clock& clock;
  };
  AuditGate(brski::AuditLogPolicy policy, std::string location, Surroundings around)
      : policy_(std::move(policy)), location_(std::move(location)), around_(around) {}

  /// Granted where the log was read and spoke for us, now or earlier in this session. Then session.audit_checked is
  /// set, for the caller to store with what it does next; a refusal is stored here.
  Result<Answer> pass(Session& session, const DeviceCaller& caller);

 private:
  /// Nothing where the device is not wanted any more: `why`.
  Result<std::optional<ManufacturerFacts>> manufacturer_of(const Session& session, const DeviceCaller& caller,
                                                           std::vector<Refusal>& why);
  Result<Answer> judge(Session& session, const MasaAnswer& answer);
  Result<Answer> refuse(Session& session, std::vector<Refusal> why);

  brski::AuditLogPolicy policy_;
  std::string location_;
  Surroundings around_;
};

}  // namespace pratique::onboarding
