#include "libs/pg/facts.h"
#include "services/registrar/storage/audit.h"


namespace pratique::registrar {
namespace {

constexpr pg::Statement kLoadHead{"audit_load_head", "SELECT sequence, hash FROM audit_head"};
constexpr pg::Statement kLoadEnd{"audit_load_end",
    "SELECT sequence, hash, coalesce((SELECT max(sequence) FROM audit_entry), 0) AS last_entry FROM audit_head"};
// The update takes the head's lock, and what it then finds there is the newest. The hash is that of domain/audit_entry.h.
constexpr pg::Statement kAppend{"audit_append", R"sql(
WITH head AS (
  UPDATE audit_head SET sequence = sequence + 1, previous_hash = hash,
         hash = sha256(hash || $7::bytea || int8send(sequence + 1) || $8::bytea)
  RETURNING sequence, previous_hash, hash)
INSERT INTO audit_entry (sequence, time, actor, action, subject, reason, facts, previous_hash, hash)
SELECT sequence, $1, $2, $3, $4, $5, $6, previous_hash, hash FROM head)sql"};
constexpr pg::Statement kLoadAfter{"audit_load_after",
    "SELECT * FROM audit_entry WHERE sequence > $1 ORDER BY sequence LIMIT $2"};
// Four statements, so that each has a plan that walks one index backwards and stops at the limit.
constexpr pg::Statement kListAll{"audit_list_all",
    "SELECT * FROM audit_entry WHERE sequence < $1 ORDER BY sequence DESC LIMIT $2"};
constexpr pg::Statement kListSubject{"audit_list_subject",
    "SELECT * FROM audit_entry WHERE sequence < $1 AND subject = $3 ORDER BY sequence DESC LIMIT $2"};
constexpr pg::Statement kListActor{"audit_list_actor",
    "SELECT * FROM audit_entry WHERE sequence < $1 AND actor = $3 ORDER BY sequence DESC LIMIT $2"};
constexpr pg::Statement kListBoth{"audit_list_both",
    "SELECT * FROM audit_entry WHERE sequence < $1 AND subject = $3 AND actor = $4 ORDER BY sequence DESC LIMIT $2"};

AuditHead head_of(const pg::Row& row) { return {row.integer("sequence"), row.bytes("hash")}; }

// Facts that are no facts any more were altered: kept as they stand, so that the hash shows it.
Facts facts_of(const std::string& text) { return pg::parse_facts(text).value_or({{"", text}}); }

std::vector<AuditEntry> entries_of(const pg::Rows& rows) {
  std::vector<AuditEntry> out;
  out.reserve(rows.size());
  for (const pg::Row row : rows) {
    AuditEntry entry;
    entry.sequence = row.integer("sequence");
    entry.time = row.timestamp("time");
    entry.record = {row.text("actor"), row.text("action"), row.text("subject"), row.text("reason"),
                    facts_of(row.text("facts"))};
    entry.previous_hash = row.bytes("previous_hash");
    entry.hash = row.bytes("hash");
    out.push_back(std::move(entry));
  }
  return out;
}

}  // namespace

Result<void> append_audit(pg::Tx& tx, const AuditRecord& record, Timestamp now) {
  const AuditRecord stored = storable(record);
  const AuditForm form = audit_form(stored, now);
  return tx.queue(kAppend, now, stored.actor, stored.action, stored.subject, stored.reason,
                  pg::encode_facts(stored.facts), form.before, form.after);
}

Result<AuditHead> load_audit_head(pg::Tx& tx) {
  TRY(const auto row, tx.run_one(kLoadHead));
  return head_of(row);
}

Result<AuditEnd> load_audit_end(pg::Tx& tx) {
  TRY(const auto row, tx.run_one(kLoadEnd));
  return AuditEnd{head_of(row), row.integer("last_entry")};
}

Result<std::vector<AuditEntry>> load_audit_after(pg::Tx& tx, std::int64_t sequence, int limit) {
  TRY(const auto rows, tx.run(kLoadAfter, sequence, limit));
  return entries_of(rows);
}

Result<std::vector<AuditEntry>> list_audit(pg::Tx& tx, const AuditFilter& filter, std::int64_t before, int limit) {
  const auto list = [&]() -> Result<pg::Rows> {
    if (filter.subject.empty() && filter.actor.empty()) return tx.run(kListAll, before, limit);
    if (filter.actor.empty()) return tx.run(kListSubject, before, limit, filter.subject);
    if (filter.subject.empty()) return tx.run(kListActor, before, limit, filter.actor);
    return tx.run(kListBoth, before, limit, filter.subject, filter.actor);
  };
  TRY(const auto rows, list());
  return entries_of(rows);
}

}  // namespace pratique::registrar
