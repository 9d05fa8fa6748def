#include "tools/pratique/audit_proof.h"

namespace pratique::cli {

Result<AuditVerdict> prove_audit(AuditQuestion question,
                                 const std::function<Result<AuditVerdict>(const AuditQuestion&)>& ask,
                                 const std::function<void(const AuditVerdict&)>& told) {
  question.set_allow_partial(true);
  for (;;) {
    TRY(auto verdict, ask(question));
    if (!verdict.partial() || !verdict.intact()) return verdict;
    if (verdict.entries() <= question.after_sequence())
      return internal("AUDIT_PROOF_STUCK", "the registrar's proof of the audit log does not advance")
          .with("entries", std::to_string(verdict.entries()));
    told(verdict);
    question.set_after_sequence(verdict.entries());
    question.set_after_hash(verdict.head_hash());
    if (question.known_sequence() > verdict.entries()) continue;
    question.clear_known_sequence();  // it was compared
    question.clear_known_hash();
  }
}

}  // namespace pratique::cli
