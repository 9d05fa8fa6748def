#include "services/registrar/storage/approvals.h"

namespace pratique::registrar {
namespace {

constexpr pg::Statement kInsert{"approval_insert", R"(
  INSERT INTO approval (id, device, state, policy, rule, segment, credential_profile, approvals_required, create_time,
                        expire_time, decide_time, closed)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12))"};

// An approval shows the device as it is; its votes come with it as one array each of voters, words, …
#define PRATIQUE_APPROVAL_SELECT                                                                                   \
  "SELECT a.id, a.device, a.state, a.policy, a.rule, a.segment, a.credential_profile, a.approvals_required,"       \
  " a.create_time, a.expire_time, a.decide_time, a.closed, d.serial_number, d.manufacturer, d.model,"              \
  " coalesce(v.voters, '{}') AS voters, coalesce(v.answers, '{}') AS answers,"                                     \
  " coalesce(v.reasons, '{}') AS reasons, coalesce(v.times, '{}') AS times"                                        \
  " FROM approval a JOIN device d ON d.id = a.device"                                                              \
  " LEFT JOIN LATERAL (SELECT array_agg(voter ORDER BY position) AS voters,"                                       \
  "   array_agg(approved::text ORDER BY position) AS answers, array_agg(reason ORDER BY position) AS reasons,"     \
  "   array_agg(to_char(time AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') ORDER BY position) AS times" \
  "   FROM vote WHERE approval = a.id) v ON true "
constexpr pg::Statement kFind{"approval_find", PRATIQUE_APPROVAL_SELECT "WHERE a.id = $1"};
constexpr pg::Statement kLock{"approval_lock", PRATIQUE_APPROVAL_SELECT "WHERE a.id = $1 FOR NO KEY UPDATE OF a"};
constexpr pg::Statement kFindOpen{
    "approval_find_open", PRATIQUE_APPROVAL_SELECT "WHERE a.device = $1 AND NOT a.closed FOR NO KEY UPDATE OF a"};
// What is shown as expired may be stored as pending.
#define PRATIQUE_APPROVAL_ORDER " AND ($1::uuid IS NULL OR a.id > $1) ORDER BY a.id LIMIT $2"
constexpr pg::Statement kList{"approval_list", PRATIQUE_APPROVAL_SELECT "WHERE true" PRATIQUE_APPROVAL_ORDER};
constexpr pg::Statement kListOf{"approval_list_of", PRATIQUE_APPROVAL_SELECT
                                "WHERE a.device = $3 AND ($4::text IS NULL OR CASE WHEN a.state = 'pending' AND"
                                " a.expire_time <= $5 THEN 'expired' ELSE a.state END = $4)" PRATIQUE_APPROVAL_ORDER};
constexpr pg::Statement kListPending{"approval_list_pending", PRATIQUE_APPROVAL_SELECT
                                     "WHERE a.state = 'pending' AND a.expire_time > $3" PRATIQUE_APPROVAL_ORDER};
constexpr pg::Statement kListExpired{
    "approval_list_expired",
    PRATIQUE_APPROVAL_SELECT "WHERE a.state IN ('pending', 'expired') AND a.expire_time <= $3" PRATIQUE_APPROVAL_ORDER};
constexpr pg::Statement kListState{"approval_list_state",
                                   PRATIQUE_APPROVAL_SELECT "WHERE a.state = $3" PRATIQUE_APPROVAL_ORDER};
#undef PRATIQUE_APPROVAL_ORDER
#undef PRATIQUE_APPROVAL_SELECT

constexpr pg::Statement kUpdate{"approval_update", "UPDATE approval SET state = $2, decide_time = $3 WHERE id = $1"};
constexpr pg::Statement kInsertVote{"vote_insert", R"(
  INSERT INTO vote (approval, position, voter, approved, reason, time) VALUES ($1, $2, $3, $4, $5, $6))"};
constexpr pg::Statement kClose{"approval_close", R"(
  UPDATE approval SET closed = true,
         state = CASE WHEN state = 'pending' AND expire_time <= $2 THEN 'expired' ELSE state END
  WHERE device = $1 AND NOT closed)"};

Result<Approval> read(const pg::Row& row) {
  Approval a;
  a.id = row.id<ApprovalId>("id");
  const auto state = parse_approval_state(row.text("state"));
  if (!state) return internal("APPROVAL_ROW_DEFECT", "unknown approval state '" + row.text("state") + "'");
  a.state = *state;
  a.device = row.id<DeviceId>("device");
  a.serial_number = row.text("serial_number");
  a.manufacturer = row.id<ManufacturerId>("manufacturer");
  a.model = row.text("model");
  a.policy = row.id<PolicyId>("policy");
  a.rule = row.text("rule");
  a.segment = row.text("segment");
  a.credential_profile = row.text("credential_profile");
  a.approvals_required = static_cast<std::int32_t>(row.integer("approvals_required"));
  a.create_time = row.timestamp("create_time");
  a.expire_time = row.timestamp("expire_time");
  a.decide_time = row.optional_timestamp("decide_time");
  a.closed = row.boolean("closed");
  const auto voters = row.texts("voters"), answers = row.texts("answers"), reasons = row.texts("reasons"),
             times = row.texts("times");
  for (std::size_t i = 0; i < voters.size(); ++i) {
    TRY(const auto time, parse_rfc3339(times[i]));
    a.votes.push_back({voters[i], answers[i] == "true", reasons[i], time});
  }
  return a;
}

Result<Approval> read_one(const std::optional<pg::Row>& row, const ApprovalId& id) {
  if (!row) return not_found("APPROVAL_UNKNOWN", "no approval '" + id.name() + "'").with("approval", id.name());
  return read(*row);
}

}  // namespace

Result<void> insert_approval(pg::Tx& tx, const Approval& a) {
  return tx.queue(kInsert, a.id, a.device, to_string(a.state), a.policy, a.rule, a.segment, a.credential_profile,
                  a.approvals_required, a.create_time, a.expire_time, a.decide_time, a.closed);
}

Result<Approval> get_approval(pg::Tx& tx, const ApprovalId& id) {
  TRY(const auto row, tx.find(kFind, id));
  return read_one(row, id);
}

Result<Approval> lock_approval(pg::Tx& tx, const ApprovalId& id) {
  TRY(const auto row, tx.find(kLock, id));
  return read_one(row, id);
}

Result<std::optional<Approval>> find_open_approval(pg::Tx& tx, const DeviceId& device) {
  TRY(const auto row, tx.find(kFindOpen, device));
  if (!row) return std::optional<Approval>{};
  TRY(auto approval, read(*row));
  return std::optional<Approval>{std::move(approval)};
}

Result<void> update_approval(pg::Tx& tx, const Approval& a) {
  TRY_VOID(tx.queue(kUpdate, a.id, to_string(a.state), a.decide_time));
  const auto& vote = a.votes.back();
  return tx.queue(kInsertVote, a.id, a.votes.size(), vote.voter, vote.approved, vote.reason, vote.time);
}

Result<void> close_approvals(pg::Tx& tx, const DeviceId& device, Timestamp now) {
  return tx.queue(kClose, device, now);
}

Result<std::vector<Approval>> list_approvals(pg::Tx& tx, const ApprovalFilter& filter, const ApprovalId& after,
                                             int limit, Timestamp now) {
  const auto rows = [&]() -> Result<pg::Rows> {
    const auto state = filter.state ? std::optional(std::string(to_string(*filter.state))) : std::nullopt;
    if (!filter.device.empty()) return tx.run(kListOf, after, limit, filter.device, state, now);
    if (!filter.state) return tx.run(kList, after, limit);
    if (*filter.state == ApprovalState::pending) return tx.run(kListPending, after, limit, now);
    if (*filter.state == ApprovalState::expired) return tx.run(kListExpired, after, limit, now);
    return tx.run(kListState, after, limit, state);
  }();
  if (!rows) return rows.error();
  std::vector<Approval> out;
  for (const pg::Row row : *rows) {
    TRY(auto approval, read(row));
    out.push_back(std::move(approval));
  }
  return out;
}

}  // namespace pratique::registrar
