// Reading the audit log, and proving it whole.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "libs/base/call.h"
#include "libs/obs/log.h"
#include "libs/pg/pool.h"
#include "services/registrar/app/surroundings.h"
#include "services/registrar/storage/audit.h"

namespace pratique::registrar {

inline constexpr int kAuditVerifyPage = 500;  // entries in memory at once while a chain is verified
/// After this, and after half of the time that its caller has, a proof that may stop does.
inline constexpr std::chrono::milliseconds kAuditVerifyTime{4'000};

/// What is to be proven of the log.
struct AuditQuestion {
  std::optional<AuditHead> known = {};  // a head that the caller saw
  AuditHead from = {};                  // what is proven already; known is not before it
  std::optional<std::chrono::milliseconds> stop_after = {};  // none: the whole log in this call
};
struct AuditProof {
  AuditChainVerdict verdict;
  std::int64_t log_entries = 0;  // when the proof began
  bool stopped = false;          // before the end: go on from the verdict's entries and head_hash
};

class AuditLog {
 public:
  /// The log outlives it.
  AuditLog(Surroundings surroundings, const obs::Log& log) : pool_(surroundings.pool), log_(log) {}

  Result<std::vector<AuditEntry>> list(const Call& call, const AuditFilter& filter, std::int64_t before, int limit);
  /// Recomputes the chain up to the head of this moment, page by page, each read by itself: appending goes on, and no
  /// snapshot is held. At least one page, however little time there is. A chain that is broken is also logged, so that
  /// somebody is woken.
  Result<AuditProof> verify(const Call& call, const AuditQuestion& question);

 private:
  Result<AuditProof> walk(const Call& call, const AuditQuestion& question);

  pg::Pool& pool_;
  const obs::Log& log_;
};

}  // namespace pratique::registrar
