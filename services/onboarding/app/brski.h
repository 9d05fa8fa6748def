// BRSKI as this service lives it (RFC 8995): a voucher request becomes a session, the registrar decides, the MASA
// vouches, the device says what it thinks of it. Nothing is kept in memory between two requests: any replica can
// serve the next one, and everything may be killed at any point.
//
//   request_voucher   POST requestvoucher     granted: the MASA's voucher byte for byte; wait: 202; refused
//   voucher_status    POST voucher_status     on the same connection
//   enroll_status     POST enrollstatus       on a new connection with the new certificate
//
// An Error means that we failed (the registrar or the database is away): 503 with Retry-After. Refusals are recorded at
// the registrar, so that an operator sees them.
#pragma once

#include <string>

#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/crypto/primitives/envelope.h"
#include "libs/pg/pool.h"
#include "libs/protocol/brski/registrar.h"
#include "services/onboarding/app/admission.h"
#include "services/onboarding/app/answer.h"
#include "services/onboarding/app/device_caller.h"
#include "services/onboarding/app/memory.h"
#include "services/onboarding/app/masa.h"
#include "services/onboarding/app/registrar_identity.h"
#include "services/onboarding/app/replicas.h"
#include "services/onboarding/domain/session.h"
#include "services/onboarding/storage/sessions.h"

namespace pratique::onboarding {

/// RFC 8995 section 5.6 leaves the judgement of a voucher to the device. `enforce` judges it here too and withholds a
/// wrong one; `record` forwards it whatever it says and records the finding: for networks that must not stand between
/// a manufacturer and its device.
enum class VoucherCheck { enforce, record };

struct BrskiConfig {
  std::string location;  // the site that this replica serves
  VoucherCheck voucher_check = VoucherCheck::enforce;
};

class Brski {
 public:
  struct Surroundings {
    pg::Pool& pool;
    Admission& admission;
    Masa& masa;
    Replicas& replicas;
    Manufacturers& manufacturers;
    const CurrentIdentity& identity;
    const crypto::Envelope& envelope;
    const Clock& clock;
    Random& random;
  };
  Brski(BrskiConfig config, Surroundings around) : config_(std::move(config)), around_(around) {}

  Result<Answer> request_voucher(const DeviceCaller& caller, ByteView body);
  Result<Answer> voucher_status(const DeviceCaller& caller, ByteView body);
  Result<Answer> enroll_status(const DeviceCaller& caller, ByteView body);

 private:
  brski::PledgeRequestJudgement judge_request(const DeviceCaller& caller, ByteView body, voucher::WireProfile profile);
  Result<Session> open_session(const brski::PledgeRequestFacts& facts, const DeviceCaller& caller);
  Result<Answer> decide(Session session, const brski::PledgeRequestFacts& facts, const DeviceCaller& caller, bool lenient);
  Result<Answer> ask_masa(Session session, const brski::PledgeRequestFacts& facts, const ManufacturerFacts& maker);
  Result<Answer> judge_answer(Session session, const brski::PledgeRequestFacts& facts, const ManufacturerFacts& maker,
                              MasaAnswer answer, Bytes voucher_request);
  Result<Answer> give_voucher(Session session, SessionPapers papers, std::vector<Finding> notes);
  Result<Answer> give_again(const Session& session);
  Result<Answer> hand_out(const Session& session, Bytes voucher);

  /// Takes the step in the table and writes the session; the one written by another replica meanwhile wins.
  Result<void> step(Session& session, SessionEvent event, std::vector<Finding> findings);
  Result<Answer> refuse(Session session, std::vector<Refusal> why);
  Result<Answer> wait(Session session, SessionEvent event, std::chrono::seconds time, std::vector<Refusal> why);
  Result<void> record_refusal(const Session& session, const std::vector<Finding>& findings);

  BrskiConfig config_;
  Surroundings around_;
};

}  // namespace pratique::onboarding
