// The audit log: one chain, appended to in the transaction of the decision that it records.
//
// Lock order of every writing transaction: the rows of the change, then append_audit, then append_event. Each of the
// two locks a head row until the commit; taking them last keeps that brief and free of deadlocks. Both are queued
// (libs/pg/tx.h), so nobody holds such a lock across a round trip.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "libs/pg/tx.h"
#include "services/registrar/domain/audit_chain.h"

namespace pratique::registrar {

/// Queued. The record is stored as storable() makes it; `now` is cut to microseconds by its type.
/// A row that is inserted later in the same transaction reads its number from audit_head.
Result<void> append_audit(pg::Tx& tx, const AuditRecord& record, Timestamp now);

Result<AuditHead> load_audit_head(pg::Tx& tx);
/// The head and the number of the last entry, of one moment; they differ only where somebody altered one of them.
struct AuditEnd {
  AuditHead head;
  std::int64_t last_entry = 0;
};
/// One statement.
Result<AuditEnd> load_audit_end(pg::Tx& tx);
/// Entries after `sequence`, oldest first, as they stand in the table: for verification. One statement.
Result<std::vector<AuditEntry>> load_audit_after(pg::Tx& tx, std::int64_t sequence, int limit);

/// Empty texts match everything.
struct AuditFilter {
  std::string subject = {};
  std::string actor = {};
};
inline constexpr std::int64_t kNewestAudit = std::numeric_limits<std::int64_t>::max();
/// Newest first, entries with a sequence below `before`.
Result<std::vector<AuditEntry>> list_audit(pg::Tx& tx, const AuditFilter& filter, std::int64_t before, int limit);

}  // namespace pratique::registrar
