// Reading the audit log, and proving it whole.
#pragma once

#include <optional>
#include <vector>

#include "services/registrar/app/call.h"
#include "services/registrar/app/surroundings.h"
#include "services/registrar/storage/audit.h"

namespace pratique::registrar {

inline constexpr int kAuditVerifyPage = 500;  // entries in memory at once while a chain is verified

class AuditLog {
 public:
  explicit AuditLog(Surroundings surroundings) : pool_(surroundings.pool) {}

  Result<std::vector<AuditEntry>> list(const Call& call, const AuditFilter& filter, std::int64_t before, int limit);
  /// Recomputes the chain up to the head of this moment, in short transactions: appending goes on meanwhile.
  Result<AuditChainVerdict> verify(const Call& call, std::optional<AuditHead> known);

 private:
  pg::Pool& pool_;
};

}  // namespace pratique::registrar
