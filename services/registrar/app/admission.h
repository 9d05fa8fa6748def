// The use cases of a device at the door: judge it, keep what onboarding found, keep what the device said.
//
// judge() is on the path of every onboarding: one transaction, few statements, the rules from memory. Repeating it is
// safe: a wait or an answer that still stands is counted, not recorded again (decision.h). After a restart of
// everything a device that waits goes on waiting: nothing is kept in a process.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/call.h"
#include "libs/pg/pool.h"
#include "services/registrar/app/policies.h"
#include "services/registrar/app/surroundings.h"
#include "services/registrar/domain/decision.h"
#include "services/registrar/domain/manufacturer.h"

namespace pratique::registrar {

struct Knock {
  std::string protocol;
  std::vector<Bytes> idevid_chain;  // DER, leaf first, as the device presented it in TLS
  SessionId session;
  std::string location = {};
  std::string remote_address = {};
};

/// How to speak with a manufacturer about one device, now.
struct ManufacturerContact {
  ManufacturerId id = {};
  std::string display_name = {};
  WireProfile wire_profile = WireProfile::strict;
  std::string masa_url = {};  // of the registry, else of the IDevID as it stands there
  std::vector<crypto::Certificate> voucher_anchors = {};
  std::vector<crypto::Certificate> masa_tls_anchors = {};
};

struct Judgement {
  Decision decision = {};
  std::optional<std::chrono::seconds> retry_after = {};  // unset: allowed
  std::optional<ManufacturerContact> manufacturer = {};  // allowed alone
};

struct RefusalReport {
  DeviceId device = {};  // empty: none is known
  SessionId session = {};
  std::string protocol = {};
  std::string serial_number = {};  // as claimed or proven; may be empty
  std::vector<Finding> findings = {};
  std::string remote_address = {};
};

class AdmissionDesk {
 public:
  AdmissionDesk(Surroundings surroundings, PolicyCache& policies)
      : pool_(surroundings.pool), clock_(surroundings.clock), random_(surroundings.random), policies_(policies) {}

  /// INVALID_ARGUMENT FIELD_INVALID (an unknown protocol, texts out of their limits). A chain that cannot be read is
  /// a judgement, not an error.
  Result<Judgement> judge(const Call& call, const Knock& knock);
  /// At least one finding. NOT_FOUND DEVICE_UNKNOWN.
  Result<void> record_refusal(const Call& call, const RefusalReport& report);
  /// NOT_FOUND DEVICE_UNKNOWN. Texts are cut to their limits, not refused: a device wrote them.
  Result<void> record_telemetry(const Call& call, Telemetry telemetry);

 private:
  struct Standing;
  Result<Judgement> judge_read(pg::Tx& tx, const Call& call, const Knock& knock, const Idevid& idevid);
  Result<Judgement> refuse_unreadable(pg::Tx& tx, const Call& call, const Knock& knock, const Error& error);
  Result<Judgement> allow(pg::Tx& tx, const Call& call, Decision decision, Standing& standing);
  Result<Judgement> wait(pg::Tx& tx, const Call& call, Decision decision, Standing& standing);
  Result<Judgement> deny(pg::Tx& tx, const Call& call, Decision decision, Standing& standing);
  /// Moves the device (creates it, if it is new) by the event of the outcome.
  Result<void> move_device(pg::Tx& tx, Decision& decision, Standing& standing, DeviceEvent event);
  Result<void> record(pg::Tx& tx, const Call& call, Decision& decision);
  Decision make_decision(const Knock& knock, const Admission& admission, Timestamp now);
  Result<ManufacturerContact> contact(pg::Tx& tx, const Standing& standing, std::string_view protocol);

  pg::Pool& pool_;
  const Clock& clock_;
  Random& random_;
  PolicyCache& policies_;
};

}  // namespace pratique::registrar
