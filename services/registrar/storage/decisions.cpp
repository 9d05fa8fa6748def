#include "services/registrar/storage/decisions.h"

#include "services/registrar/storage/findings.h"

namespace pratique::registrar {
namespace {

// Columns by name: an added one must not change what a prepared statement gives.
#define PRATIQUE_DECISION_COLUMNS \
  "id, subject_key, device, manufacturer, serial_number, protocol, session, outcome, findings, decided_by, rule, " \
  "approval, segment, credential_profile, location, remote_address, audit_sequence, count, create_time, last_time"
constexpr pg::Statement kInsert{"decision_insert", R"(
  INSERT INTO decision (id, subject_key, device, manufacturer, serial_number, protocol, session, outcome, code,
                        findings, decided_by, rule, approval, segment, credential_profile, location, remote_address,
                        audit_sequence, count, create_time, last_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
          (SELECT sequence FROM audit_head), 1, $18, $18))"};
constexpr pg::Statement kFind{"decision_find", "SELECT " PRATIQUE_DECISION_COLUMNS " FROM decision WHERE id = $1"};
constexpr pg::Statement kFindSame{"decision_find_same", "SELECT " PRATIQUE_DECISION_COLUMNS R"( FROM decision
  WHERE subject_key = $1 AND outcome = $2 AND code = $3 AND create_time > $4 AND decided_by = $5
    AND approval IS NOT DISTINCT FROM $6
  ORDER BY create_time DESC LIMIT 1)"};
constexpr pg::Statement kCount{"decision_count",
                               "UPDATE decision SET count = count + 1, session = $2, last_time = $3 WHERE id = $1"};
constexpr pg::Statement kCountUnproven{"decision_count_unproven", R"(
  SELECT count(*) AS count FROM (SELECT 1 FROM decision WHERE manufacturer IS NULL AND create_time > $1 LIMIT $2)
  AS few)"};
constexpr pg::Statement kListOfDevice{"decision_list_of_device",
                                      "SELECT " PRATIQUE_DECISION_COLUMNS
                                      " FROM decision WHERE device = $1 ORDER BY id DESC LIMIT $2"};
constexpr pg::Statement kListOfSerial{"decision_list_of_serial",
                                      "SELECT " PRATIQUE_DECISION_COLUMNS
                                      " FROM decision WHERE serial_number = $1 ORDER BY id DESC LIMIT $2"};
#undef PRATIQUE_DECISION_COLUMNS

Result<Decision> read(const pg::Row& row) {
  Decision d;
  d.id = row.id<DecisionId>("id");
  d.subject_key = row.text("subject_key");
  d.device = row.optional_id<DeviceId>("device");
  d.manufacturer = row.optional_id<ManufacturerId>("manufacturer");
  d.serial_number = row.text("serial_number");
  d.protocol = row.text("protocol");
  d.session = row.optional_id<SessionId>("session");
  const auto outcome = parse_outcome(row.text("outcome"));
  if (!outcome) return internal("DECISION_ROW_DEFECT", "unknown outcome '" + row.text("outcome") + "'");
  d.outcome = *outcome;
  TRY(d.findings, parse_findings(row.text("findings")));
  d.decided_by = row.text("decided_by");
  d.rule = row.text("rule");
  d.approval = row.optional_id<ApprovalId>("approval");
  d.segment = row.text("segment");
  d.credential_profile = row.text("credential_profile");
  d.location = row.text("location");
  d.remote_address = row.text("remote_address");
  d.audit_sequence = row.integer("audit_sequence");
  d.count = row.integer("count");
  d.create_time = row.timestamp("create_time");
  d.last_time = row.timestamp("last_time");
  return d;
}

Result<std::optional<Decision>> read_optional(const std::optional<pg::Row>& row) {
  if (!row) return std::optional<Decision>{};
  TRY(auto decision, read(*row));
  return std::optional<Decision>{std::move(decision)};
}

}  // namespace

Result<void> insert_decision(pg::Tx& tx, const Decision& d) {
  return tx.queue(kInsert, d.id, d.subject_key, d.device, d.manufacturer, d.serial_number, d.protocol, d.session,
                  to_string(d.outcome), d.code(), encode_findings(d.findings), d.decided_by, d.rule, d.approval,
                  d.segment, d.credential_profile, d.location, d.remote_address, d.create_time);
}

Result<std::optional<Decision>> find_decision(pg::Tx& tx, const DecisionId& id) {
  TRY(const auto row, tx.find(kFind, id));
  return read_optional(row);
}

Result<std::optional<Decision>> find_same_decision(pg::Tx& tx, const Decision& like, Timestamp since) {
  TRY(const auto row, tx.find(kFindSame, like.subject_key, to_string(like.outcome), like.code(), since, like.decided_by,
                              like.approval));
  return read_optional(row);
}

Result<void> count_decision(pg::Tx& tx, const DecisionId& id, const SessionId& session, Timestamp now) {
  return tx.queue(kCount, id, session, now);
}

Result<std::int64_t> count_unproven(pg::Tx& tx, Timestamp since) {
  TRY(const auto row, tx.run_one(kCountUnproven, since, kMaxUnprovenSubjects));
  return row.integer("count");
}

Result<std::vector<Decision>> list_decisions(pg::Tx& tx, const DeviceId& device, std::string_view serial_number,
                                             int limit) {
  const auto rows = device.empty() ? tx.run(kListOfSerial, serial_number, limit) : tx.run(kListOfDevice, device, limit);
  if (!rows) return rows.error();
  std::vector<Decision> out;
  for (const pg::Row row : *rows) {
    TRY(auto decision, read(row));
    out.push_back(std::move(decision));
  }
  return out;
}

}  // namespace pratique::registrar
