// Reading the audit log, and proving it whole.
#pragma once

#include <optional>
#include <vector>

#include "libs/base/call.h"
#include "libs/obs/log.h"
#include "libs/pg/pool.h"
#include "services/registrar/app/surroundings.h"
#include "services/registrar/storage/audit.h"

namespace pratique::registrar {

inline constexpr int kAuditVerifyPage = 500;  // entries in memory at once while a chain is verified

class AuditLog {
 public:
  /// The log outlives it.
  AuditLog(Surroundings surroundings, const obs::Log& log) : pool_(surroundings.pool), log_(log) {}

  Result<std::vector<AuditEntry>> list(const Call& call, const AuditFilter& filter, std::int64_t before, int limit);
  /// Recomputes the chain up to the head of this moment, in short transactions: appending goes on meanwhile.
  /// A chain that is broken is also logged, so that somebody is woken.
  Result<AuditChainVerdict> verify(const Call& call, std::optional<AuditHead> known);

 private:
  Result<AuditChainVerdict> walk(const Call& call, std::optional<AuditHead> known);

  pg::Pool& pool_;
  const obs::Log& log_;
};

}  // namespace pratique::registrar
