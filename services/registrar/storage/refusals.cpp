#include "services/registrar/storage/refusals.h"

#include "services/registrar/storage/findings.h"

namespace pratique::registrar {
namespace {

// Columns by name: an added one must not change what a prepared statement gives.
#define PRATIQUE_REFUSAL_COLUMNS \
  "id, subject_key, device, session, protocol, serial_number, findings, remote_address, audit_sequence, count, " \
  "create_time, last_time"
constexpr pg::Statement kInsert{"refusal_insert", R"(
  INSERT INTO refusal (id, subject_key, device, session, protocol, serial_number, code, findings, remote_address,
                       audit_sequence, count, create_time, last_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, (SELECT sequence FROM audit_head), 1, $10, $10))"};
constexpr pg::Statement kFindSame{
    "refusal_find_same",
    "SELECT " PRATIQUE_REFUSAL_COLUMNS
    R"( FROM refusal WHERE subject_key = $1 AND code = $2 AND create_time > $3 ORDER BY create_time DESC LIMIT 1)"};
constexpr pg::Statement kCount{"refusal_count",
                               "UPDATE refusal SET count = count + 1, session = $2, last_time = $3 WHERE id = $1"};
constexpr pg::Statement kCountUnregistered{"refusal_count_unregistered", R"(
  SELECT count(*) AS count FROM (SELECT 1 FROM refusal WHERE device IS NULL AND create_time > $1 LIMIT $2) AS few)"};
constexpr pg::Statement kListOfDevice{"refusal_list_of_device",
                                      "SELECT " PRATIQUE_REFUSAL_COLUMNS
                                      " FROM refusal WHERE device = $1 ORDER BY id DESC LIMIT $2"};
constexpr pg::Statement kListOfSerial{"refusal_list_of_serial",
                                      "SELECT " PRATIQUE_REFUSAL_COLUMNS
                                      " FROM refusal WHERE serial_number = $1 ORDER BY id DESC LIMIT $2"};

constexpr pg::Statement kPutTelemetry{"telemetry_put", R"(
  INSERT INTO telemetry (session, kind, device, success, reason, reason_context, certificate_matched, time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (session, kind) DO UPDATE SET device = excluded.device, success = excluded.success,
    reason = excluded.reason, reason_context = excluded.reason_context,
    certificate_matched = excluded.certificate_matched, time = excluded.time)"};
#define PRATIQUE_TELEMETRY_COLUMNS "session, kind, device, success, reason, reason_context, certificate_matched, time"
constexpr pg::Statement kListTelemetry{"telemetry_list", "SELECT " PRATIQUE_TELEMETRY_COLUMNS
                                       " FROM telemetry WHERE device = $1 ORDER BY time DESC LIMIT $2"};
constexpr pg::Statement kFindTelemetry{"telemetry_find", "SELECT " PRATIQUE_TELEMETRY_COLUMNS
                                       " FROM telemetry WHERE session = $1 AND kind = $2 FOR NO KEY UPDATE"};
#undef PRATIQUE_TELEMETRY_COLUMNS
#undef PRATIQUE_REFUSAL_COLUMNS

Result<Refusal> read(const pg::Row& row) {
  Refusal r;
  r.id = row.text("id");
  r.subject_key = row.text("subject_key");
  r.device = row.optional_id<DeviceId>("device");
  r.session = row.optional_id<SessionId>("session");
  r.protocol = row.text("protocol");
  r.serial_number = row.text("serial_number");
  TRY(r.findings, parse_findings(row.text("findings")));
  r.remote_address = row.text("remote_address");
  r.audit_sequence = row.integer("audit_sequence");
  r.count = row.integer("count");
  r.create_time = row.timestamp("create_time");
  r.last_time = row.timestamp("last_time");
  return r;
}

Telemetry read_telemetry(const pg::Row& row) {
  return {.device = row.id<DeviceId>("device"),
          .session = row.id<SessionId>("session"),
          .kind = row.text("kind") == "voucher" ? TelemetryKind::voucher : TelemetryKind::enrolment,
          .success = row.boolean("success"),
          .reason = row.text("reason"),
          .reason_context = row.text("reason_context"),
          .certificate_matched = row.boolean("certificate_matched"),
          .time = row.timestamp("time")};
}

}  // namespace

Result<void> insert_refusal(pg::Tx& tx, const Refusal& r) {
  return tx.queue(kInsert, r.id, r.subject_key, r.device, r.session, r.protocol, r.serial_number, r.code(),
                  encode_findings(r.findings), r.remote_address, r.create_time);
}

Result<std::optional<Refusal>> find_same_refusal(pg::Tx& tx, const Refusal& like, Timestamp since) {
  TRY(const auto row, tx.find(kFindSame, like.subject_key, like.code(), since));
  if (!row) return std::optional<Refusal>{};
  TRY(auto refusal, read(*row));
  return std::optional<Refusal>{std::move(refusal)};
}

Result<void> count_refusal(pg::Tx& tx, std::string_view id, const SessionId& session, Timestamp now) {
  return tx.queue(kCount, id, session, now);
}

Result<std::int64_t> count_unregistered_refusals(pg::Tx& tx, Timestamp since) {
  TRY(const auto row, tx.run_one(kCountUnregistered, since, kMaxUnprovenSubjects));
  return row.integer("count");
}

Result<std::vector<Refusal>> list_refusals(pg::Tx& tx, const DeviceId& device, std::string_view serial_number,
                                           int limit) {
  const auto rows = device.empty() ? tx.run(kListOfSerial, serial_number, limit) : tx.run(kListOfDevice, device, limit);
  if (!rows) return rows.error();
  std::vector<Refusal> out;
  for (const pg::Row row : *rows) {
    TRY(auto refusal, read(row));
    out.push_back(std::move(refusal));
  }
  return out;
}

Result<void> put_telemetry(pg::Tx& tx, const Telemetry& t) {
  return tx.queue(kPutTelemetry, t.session, to_string(t.kind), t.device, t.success, t.reason, t.reason_context,
                  t.certificate_matched, t.time);
}

Result<std::optional<Telemetry>> find_telemetry(pg::Tx& tx, const SessionId& session, TelemetryKind kind) {
  TRY(const auto row, tx.find(kFindTelemetry, session, to_string(kind)));
  if (!row) return std::optional<Telemetry>{};
  return std::optional<Telemetry>{read_telemetry(*row)};
}

Result<std::vector<Telemetry>> list_telemetry(pg::Tx& tx, const DeviceId& device, int limit) {
  TRY(const auto rows, tx.run(kListTelemetry, device, limit));
  std::vector<Telemetry> out;
  for (const pg::Row row : rows) out.push_back(read_telemetry(row));
  return out;
}

}  // namespace pratique::registrar
