#include "services/registrar/app/audit_log.h"

#include <algorithm>

#include "services/registrar/app/catalogue.h"

namespace pratique::registrar {

Result<std::vector<AuditEntry>> AuditLog::list(const Call& call, const AuditFilter& filter, std::int64_t before,
                                               int limit) {
  return pool_.look(call.deadline, [&](pg::Tx& tx) { return list_audit(tx, filter, before, limit); });
}

Result<AuditProof> AuditLog::verify(const Call& call, const AuditQuestion& question) {
  TRY(auto proof, walk(call, question));
  const auto& verdict = proof.verdict;
  if (!verdict.intact())
    log_.write(kAuditBroken, {{"sequence", verdict.broken_sequence}, {"problem", verdict.problem}});
  return proof;
}

Result<AuditProof> AuditLog::walk(const Call& call, const AuditQuestion& question) {
  using std::chrono::steady_clock;
  const auto begun = steady_clock::now();
  auto until = steady_clock::time_point::max();
  if (question.stop_after)
    until = begun + std::min<steady_clock::duration>(*question.stop_after, (call.deadline - begun) / 2);
  TRY(const auto end, pool_.look(call.deadline, [](pg::Tx& tx) { return load_audit_end(tx); }));
  AuditProof proof{.verdict = {}, .log_entries = end.head.sequence};
  AuditChainCheck check({end.head, question.known, question.from});
  bool more = true;
  for (std::int64_t after = question.from.sequence; more;) {
    TRY(const auto page,
        pool_.look(call.deadline, [&](pg::Tx& tx) { return load_audit_after(tx, after, kAuditVerifyPage); }));
    for (const auto& entry : page) {
      // What was appended since the head was read is left to the next proof.
      more = entry.sequence <= end.last_entry && check.take(entry);
      if (!more) break;
      after = entry.sequence;
    }
    more = more && !page.empty() && after < end.last_entry;
    if (more && steady_clock::now() >= until) {
      proof.verdict = check.so_far();
      proof.stopped = true;
      return proof;
    }
  }
  proof.verdict = check.finish();
  return proof;
}

}  // namespace pratique::registrar
