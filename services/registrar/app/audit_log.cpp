#include "services/registrar/app/audit_log.h"

#include "services/registrar/app/catalogue.h"

namespace pratique::registrar {

Result<std::vector<AuditEntry>> AuditLog::list(const Call& call, const AuditFilter& filter, std::int64_t before,
                                               int limit) {
  return pool_.read(call.deadline, [&](pg::Tx& tx) { return list_audit(tx, filter, before, limit); });
}

Result<AuditChainVerdict> AuditLog::verify(const Call& call, std::optional<AuditHead> known) {
  TRY(auto verdict, walk(call, std::move(known)));
  if (!verdict.intact())
    log_.write(kAuditBroken, {{"sequence", verdict.broken_sequence}, {"problem", verdict.problem}});
  return verdict;
}

Result<AuditChainVerdict> AuditLog::walk(const Call& call, std::optional<AuditHead> known) {
  TRY(const auto head, pool_.read(call.deadline, [](pg::Tx& tx) { return load_audit_head(tx); }));
  AuditChainCheck check({head, std::move(known)});
  for (std::int64_t after = 0;;) {
    TRY(const auto page,
        pool_.read(call.deadline, [&](pg::Tx& tx) { return load_audit_after(tx, after, kAuditVerifyPage); }));
    for (const auto& entry : page) {
      // What was appended since the head was read is left to the next proof.
      if (entry.sequence > head.sequence || !check.take(entry)) return check.finish();
      after = entry.sequence;
    }
    if (page.empty()) return check.finish();
  }
}

}  // namespace pratique::registrar
