// Forgetting what is old, a step at a time: at most kForgetBatch rows of a table in one transaction. Rows that somebody
// works with are passed over, so any number of replicas may forget at once.
//
// Whatever its age, this stays: the audit log; what the newest life of a device rests on (the decision that let it in,
// its credential, its newest voucher and that of its session); credentials that are not ended, and ended ones while
// their certificates are valid, since somebody may have to be told that they are revoked; approvals that a decision
// names or that are open; devices, retired ones too, since their rows keep them out.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "libs/pg/tx.h"

namespace pratique::registrar {

inline constexpr int kForgetBatch = 1000;
/// How long a certificate outlives its validity here at least: whoever lists what is revoked does so once more after it
/// (RFC 5280 section 3.3).
inline constexpr std::chrono::hours kKeepExpired{7 * 24};

enum class Memory {
  stranger_decisions,  // about who is no registered device
  stranger_refusals,
  decisions,
  refusals,
  telemetry,
  vouchers,
  approvals,    // after the decisions that name them
  credentials,  // with their orders; counted from the end of the certificate, or of its use if that is later
};
inline constexpr Memory kMemories[] = {Memory::stranger_decisions, Memory::stranger_refusals, Memory::decisions,
                                       Memory::refusals,           Memory::telemetry,         Memory::vouchers,
                                       Memory::approvals,          Memory::credentials};

struct ForgetStep {
  std::int64_t rows = 0;
  bool more = false;      // there may be
  std::string last = {};  // where the next step goes on
};
/// `after`: `last` of the step before, empty for the first. A step may find that all it looked at has to stay.
Result<ForgetStep> forget(pg::Tx& tx, Memory what, Timestamp before, std::string_view after);

/// All of the above of devices that were retired before then, less credentials that were valid within kKeepExpired of
/// `now`. The rows are the devices; one whose history is long takes several steps.
Result<ForgetStep> forget_retired(pg::Tx& tx, Timestamp before, Timestamp now);

}  // namespace pratique::registrar
