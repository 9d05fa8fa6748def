// Proving the audit log whole, part by part: a log of any length, in calls of a few seconds.
#pragma once

#include <functional>

#include <pratique/registrar/v1/audit.pb.h>

#include "libs/base/result.h"

namespace pratique::cli {

using AuditVerdict = pratique::registrar::v1::VerifyAuditResponse;
using AuditQuestion = pratique::registrar::v1::VerifyAuditRequest;

/// Asks until the log's end or its first bad entry, and gives the last answer. `told` is called with each answer that
/// is partial, before the next question; what it was told last is where to go on when a call fails. INTERNAL
/// AUDIT_PROOF_STUCK: an answer that came no further than the one before.
Result<AuditVerdict> prove_audit(AuditQuestion question,
                                 const std::function<Result<AuditVerdict>(const AuditQuestion&)>& ask,
                                 const std::function<void(const AuditVerdict&)>& told);

}  // namespace pratique::cli
