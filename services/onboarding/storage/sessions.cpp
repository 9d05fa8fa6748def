#include "services/onboarding/storage/sessions.h"

#include "services/onboarding/storage/findings_text.h"

namespace pratique::onboarding {

namespace {

#define SESSION_COLUMNS                                                                                       \
  "id, protocol, state, request_digest, idevid_key, device, serial_number, nonce, masa_url, remote_address, " \
  "audit_checked, credential_digest, poll_count, findings, created_at, updated_at"

// The update changes nothing: it makes the row that is there already come back, and locks it.
constexpr pg::Statement kFindOrCreate{
    "session_find_or_create",
    "INSERT INTO session (id, protocol, state, request_digest, idevid_key, serial_number, nonce, remote_address, created_at, "
    "updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) "
    "ON CONFLICT (request_digest) DO UPDATE SET request_digest = excluded.request_digest RETURNING " SESSION_COLUMNS};
constexpr pg::Statement kLock{"session_lock", "SELECT " SESSION_COLUMNS " FROM session WHERE id = $1 FOR UPDATE"};
constexpr pg::Statement kById{"session_by_id", "SELECT " SESSION_COLUMNS " FROM session WHERE id = $1"};
#define SESSION_NEWEST(condition) "SELECT " SESSION_COLUMNS " FROM session WHERE " condition " ORDER BY created_at DESC LIMIT 1"
constexpr pg::Statement kByKey{"session_by_key", SESSION_NEWEST("idevid_key = $1")};
constexpr pg::Statement kByKeyLocked{"session_by_key_locked", SESSION_NEWEST("idevid_key = $1") " FOR UPDATE"};
constexpr pg::Statement kByDeviceLocked{"session_by_device_locked", SESSION_NEWEST("device = $1") " FOR UPDATE"};
constexpr pg::Statement kByCredentialLocked{"session_by_credential_locked",
                                            SESSION_NEWEST("credential_digest = $1") " FOR UPDATE"};
constexpr pg::Statement kUpdate{"session_update",
                                "UPDATE session SET state = $2, device = $3, serial_number = $4, nonce = $5, masa_url = $6, "
                                "remote_address = $7, audit_checked = $8, poll_count = $9, findings = $10, updated_at = $11, "
                                "voucher = coalesce($12, voucher), voucher_request = coalesce($13, voucher_request), "
                                "credential_digest = $14 "
                                "WHERE id = $1"};
constexpr pg::Statement kLoadPapers{"session_load_papers", "SELECT voucher, voucher_request FROM session WHERE id = $1"};
constexpr pg::Statement kList{"session_list",
                              "SELECT " SESSION_COLUMNS
                              " FROM session WHERE ($1 = '' OR state = $1) AND ($2 = '' OR device = $2) "
                              "AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid)) "
                              "ORDER BY created_at DESC, id DESC LIMIT $5"};
constexpr pg::Statement kExpire{"session_expire",
                                "UPDATE session SET state = 'expired', updated_at = $1 WHERE state NOT IN "
                                "('completed', 'refused', 'expired') AND updated_at < CASE WHEN state IN "
                                "('awaiting_approval', 'awaiting_masa') THEN $2::timestamptz ELSE $3::timestamptz END"};
constexpr pg::Statement kForget{"session_forget",
                                "DELETE FROM session WHERE state IN ('completed', 'refused', 'expired') AND updated_at < $1"};

Result<Session> read_session(const pg::Row& row) {
  Session out;
  out.id = row.id<SessionId>("id");
  out.protocol = row.text("protocol");
  TRY(out.state, parse_session_state(row.text("state")));
  out.request_digest = row.bytes("request_digest");
  out.idevid_key = row.bytes("idevid_key");
  out.device = row.text("device");
  out.serial_number = row.text("serial_number");
  out.nonce = row.text("nonce");
  out.masa_url = row.text("masa_url");
  out.remote_address = row.text("remote_address");
  out.audit_checked = row.boolean("audit_checked");
  out.credential_digest = row.optional_bytes("credential_digest").value_or(Bytes{});
  out.poll_count = static_cast<int>(row.integer("poll_count"));
  TRY(out.findings, parse_findings(row.text("findings")));
  out.created_at = row.timestamp("created_at");
  out.updated_at = row.timestamp("updated_at");
  return out;
}

Result<std::optional<Session>> optional_session(Result<std::optional<pg::Row>> found) {
  TRY(const auto row, std::move(found));
  if (!row) return std::optional<Session>{};
  TRY(auto session, read_session(*row));
  return std::optional<Session>{std::move(session)};
}

Result<void> update(pg::Tx& tx, const Session& s, const std::optional<Bytes>& sealed_voucher,
                    const std::optional<Bytes>& voucher_request) {
  return tx.queue(kUpdate, s.id, to_string(s.state), s.device, s.serial_number, s.nonce, s.masa_url, s.remote_address,
                  s.audit_checked, s.poll_count, findings_text(s.findings), s.updated_at, sealed_voucher, voucher_request,
                  s.credential_digest.empty() ? std::nullopt : std::optional(s.credential_digest));
}

Bytes voucher_context(const SessionId& id) { return crypto::envelope_context({"onboarding.session", "voucher", id.text()}); }

}  // namespace

Result<Session> find_or_create_session(pg::Tx& tx, const Session& fresh) {
  TRY(const auto row, tx.run_one(kFindOrCreate, fresh.id, fresh.protocol, to_string(fresh.state), fresh.request_digest,
                                 fresh.idevid_key, fresh.serial_number, fresh.nonce, fresh.remote_address, fresh.created_at));
  return read_session(row);
}

Result<Session> lock_session(pg::Tx& tx, const SessionId& id) {
  TRY(const auto row, tx.run_one(kLock, id));
  return read_session(row);
}

Result<std::optional<Session>> find_session(pg::Tx& tx, const SessionId& id) {
  return optional_session(tx.find(kById, id));
}

Result<std::optional<Session>> find_session_by_key(pg::Tx& tx, ByteView idevid_key) {
  return optional_session(tx.find(kByKey, idevid_key));
}

Result<std::optional<Session>> lock_session_by_key(pg::Tx& tx, ByteView idevid_key) {
  return optional_session(tx.find(kByKeyLocked, idevid_key));
}

Result<std::optional<Session>> lock_session_by_credential(pg::Tx& tx, ByteView credential_digest) {
  return optional_session(tx.find(kByCredentialLocked, credential_digest));
}

Result<std::optional<Session>> lock_session_by_device(pg::Tx& tx, std::string_view device) {
  return optional_session(tx.find(kByDeviceLocked, device));
}

Result<void> update_session(pg::Tx& tx, const Session& s) { return update(tx, s, {}, {}); }

Result<void> update_session(pg::Tx& tx, const Session& s, const SessionPapers& papers, const crypto::Envelope& envelope) {
  TRY(auto sealed, envelope.seal(papers.voucher, voucher_context(s.id)));
  return update(tx, s, std::move(sealed), papers.voucher_request);
}

Result<SessionPapers> load_papers(pg::Tx& tx, const SessionId& id, const crypto::Envelope& envelope) {
  TRY(const auto row, tx.run_one(kLoadPapers, id));
  const auto sealed = row.optional_bytes("voucher");
  if (!sealed) return failed_precondition("SESSION_WITHOUT_VOUCHER", "the session has no voucher yet");
  TRY(const auto voucher, envelope.open(*sealed, voucher_context(id)));
  return SessionPapers{to_bytes(voucher.reveal()), row.optional_bytes("voucher_request").value_or(Bytes{})};
}

Result<std::vector<Session>> list_sessions(pg::Tx& tx, const SessionFilter& filter, const std::optional<Session>& after,
                                           int limit) {
  std::optional<Timestamp> after_time;
  std::optional<std::string> after_id;
  if (after) {
    after_time = after->created_at;
    after_id = after->id.text();
  }
  TRY(const auto rows, tx.run(kList, filter.state ? to_string(*filter.state) : std::string_view{}, filter.device, after_time,
                              after_id, limit));
  std::vector<Session> out;
  for (const auto row : rows) {
    TRY(auto session, read_session(row));
    out.push_back(std::move(session));
  }
  return out;
}

Result<std::int64_t> expire_sessions(pg::Tx& tx, Timestamp now) {
  TRY(const auto rows, tx.run(kExpire, now, now - kWaitForPeople, now - kWaitForDevice));
  return rows.affected();
}

Result<std::int64_t> forget_sessions(pg::Tx& tx, Timestamp ended_before) {
  TRY(const auto rows, tx.run(kForget, ended_before));
  return rows.affected();
}

}  // namespace pratique::onboarding
