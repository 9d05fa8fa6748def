#include "services/registrar/storage/retention.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace pratique::registrar {
namespace {

constexpr std::string_view kFirstId = "00000000-0000-0000-0000-000000000000";
constexpr int kRetiredBatch = 20;  // devices

// $1: older than this. Those that know what has to stay walk along the ids between $2 and $3, since ids begin with the
// time: no writer pays for an index. A step looks at a fixed number of rows and then asks which of them may go, so that
// no plan depends on how many there are, and those that stay are looked at once a walk.
#define PRATIQUE_BATCH " LIMIT 1000"
static_assert(kForgetBatch == 1000);
#define PRATIQUE_WALK(table)                                                                                      \
  "WITH seen AS MATERIALIZED (SELECT id FROM " table " WHERE id > $2 AND id < $3 ORDER BY id" PRATIQUE_BATCH "),"
#define PRATIQUE_DELETE(table) " gone AS (DELETE FROM " table " WHERE id = ANY (ARRAY(SELECT id FROM old)))"
#define PRATIQUE_COUNT                                                                             \
  " SELECT (SELECT count(*) FROM old) AS rows, (SELECT count(*) FROM seen) AS seen,"               \
  " (SELECT max(id::text) FROM seen) AS last"

constexpr pg::Statement kDecisions{"forget_decisions", PRATIQUE_WALK("decision")
    " old AS (SELECT d.id FROM decision d WHERE d.id = ANY (ARRAY(SELECT id FROM seen)) AND d.last_time < $1"
    " AND d.device IS NOT NULL"
    " AND NOT EXISTS (SELECT FROM device WHERE device.id = d.device AND device.decision = d.id)"
    " FOR UPDATE OF d SKIP LOCKED)," PRATIQUE_DELETE("decision") PRATIQUE_COUNT};
constexpr pg::Statement kRefusals{"forget_refusals", PRATIQUE_WALK("refusal")
    " old AS (SELECT r.id FROM refusal r WHERE r.id = ANY (ARRAY(SELECT id FROM seen)) AND r.last_time < $1"
    " AND r.device IS NOT NULL FOR UPDATE OF r SKIP LOCKED)," PRATIQUE_DELETE("refusal") PRATIQUE_COUNT};
constexpr pg::Statement kVouchers{"forget_vouchers", PRATIQUE_WALK("voucher")
    " old AS (SELECT v.id FROM voucher v WHERE v.id = ANY (ARRAY(SELECT id FROM seen)) AND v.receive_time < $1"
    " AND EXISTS (SELECT FROM voucher newer WHERE newer.device = v.device AND newer.id > v.id)"
    " AND NOT EXISTS (SELECT FROM device JOIN decision ON decision.id = device.decision"
    "   WHERE device.id = v.device AND decision.session = v.session)"
    " FOR UPDATE OF v SKIP LOCKED)," PRATIQUE_DELETE("voucher") PRATIQUE_COUNT};
#define PRATIQUE_DELETE_APPROVALS \
  " votes AS (DELETE FROM vote WHERE approval = ANY (ARRAY(SELECT id FROM old)))," PRATIQUE_DELETE("approval")
constexpr pg::Statement kApprovals{"forget_approvals", PRATIQUE_WALK("approval")
    " old AS (SELECT a.id FROM approval a WHERE a.id = ANY (ARRAY(SELECT id FROM seen)) AND a.closed"
    " AND coalesce(a.decide_time, a.expire_time) < $1"
    " AND NOT EXISTS (SELECT FROM decision WHERE decision.approval = a.id)"
    " FOR UPDATE OF a SKIP LOCKED)," PRATIQUE_DELETE_APPROVALS PRATIQUE_COUNT};
#define PRATIQUE_DELETE_CREDENTIALS                                                                          \
  " spent AS (INSERT INTO spent_key SELECT decode(key_fingerprint, 'hex') FROM old ON CONFLICT DO NOTHING)," \
  " ended AS (DELETE FROM credential WHERE id = ANY (ARRAY(SELECT id FROM old)))," PRATIQUE_DELETE("credential_order")
constexpr pg::Statement kCredentials{"forget_credentials", PRATIQUE_WALK("credential_order")
    " old AS (SELECT o.id, o.key_fingerprint FROM credential_order o LEFT JOIN credential c ON c.id = o.id"
    " WHERE o.id = ANY (ARRAY(SELECT id FROM seen)) AND o.not_after < $1"
    " AND (c.id IS NULL OR c.end_time < $1 AND c.not_after < $1)"
    " AND NOT EXISTS (SELECT FROM device WHERE device.id = o.device AND device.credential = o.id)"
    " FOR UPDATE OF o SKIP LOCKED)," PRATIQUE_DELETE_CREDENTIALS PRATIQUE_COUNT};
#undef PRATIQUE_COUNT
#undef PRATIQUE_WALK

// These all go, the oldest first, and have an index for it. Sessions are numbered by another service.
#define PRATIQUE_OLDEST(table, of, time)                                                                         \
  "WITH old AS (SELECT ctid FROM " table " WHERE " of time " < $1 ORDER BY " time PRATIQUE_BATCH                 \
  " FOR UPDATE SKIP LOCKED), gone AS (DELETE FROM " table " WHERE ctid = ANY (ARRAY(SELECT ctid FROM old)))"     \
  " SELECT count(*) AS rows, count(*) AS seen, '' AS last FROM old"
constexpr pg::Statement kStrangerDecisions{"forget_stranger_decisions",
    PRATIQUE_OLDEST("decision", "device IS NULL AND last_time < $1 AND ", "create_time")};
constexpr pg::Statement kStrangerRefusals{"forget_stranger_refusals",
    PRATIQUE_OLDEST("refusal", "device IS NULL AND last_time < $1 AND ", "create_time")};
constexpr pg::Statement kTelemetry{"forget_telemetry", PRATIQUE_OLDEST("telemetry", "", "time")};
#undef PRATIQUE_OLDEST

constexpr pg::Statement kTakeRetired{"forget_take_retired",
    "SELECT id FROM device WHERE state = 'retired' AND NOT history_forgotten AND update_time < $1"
    " ORDER BY id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED"};
constexpr pg::Statement kMarkRetired{"forget_mark_retired",
    "UPDATE device SET history_forgotten = true, decision = NULL, version = version + 1 WHERE id = ANY ($1::uuid[])"};
// Of the devices $1. What came after $2, a retired device that still knocked, is left to the others.
#define PRATIQUE_RETIRED(table, time)                                                                           \
  "WITH old AS (SELECT ctid FROM " table " WHERE device = ANY ($1::uuid[]) AND " time " < $2" PRATIQUE_BATCH    \
  " FOR UPDATE SKIP LOCKED), gone AS (DELETE FROM " table " WHERE ctid = ANY (ARRAY(SELECT ctid FROM old)))"    \
  " SELECT count(*) AS rows FROM old"
constexpr pg::Statement kOfRetired[] = {
    {"forget_retired_decisions", PRATIQUE_RETIRED("decision", "last_time")},
    {"forget_retired_refusals", PRATIQUE_RETIRED("refusal", "last_time")},
    {"forget_retired_telemetry", PRATIQUE_RETIRED("telemetry", "time")},
    {"forget_retired_vouchers", PRATIQUE_RETIRED("voucher", "receive_time")},
    {"forget_retired_approvals",
     "WITH old AS (SELECT id FROM approval WHERE device = ANY ($1::uuid[]) AND create_time < $2"
     " AND NOT EXISTS (SELECT FROM decision WHERE decision.approval = approval.id)" PRATIQUE_BATCH
     " FOR UPDATE SKIP LOCKED)," PRATIQUE_DELETE_APPROVALS " SELECT count(*) AS rows FROM old"},
};
constexpr pg::Statement kCredentialsOfRetired{"forget_retired_credentials",
    "WITH old AS (SELECT o.id, o.key_fingerprint FROM credential_order o LEFT JOIN credential c ON c.id = o.id"
    " WHERE o.device = ANY ($1::uuid[]) AND o.not_after < $2 AND (c.id IS NULL OR c.not_after < $2)" PRATIQUE_BATCH
    " FOR UPDATE OF o SKIP LOCKED)," PRATIQUE_DELETE_CREDENTIALS " SELECT count(*) AS rows FROM old"};
#undef PRATIQUE_RETIRED
#undef PRATIQUE_DELETE_CREDENTIALS
#undef PRATIQUE_DELETE_APPROVALS
#undef PRATIQUE_DELETE
#undef PRATIQUE_BATCH

/// A walk, or the oldest of all.
const pg::Statement* walk_of(Memory what) {
  switch (what) {
    case Memory::decisions: return &kDecisions;
    case Memory::refusals: return &kRefusals;
    case Memory::vouchers: return &kVouchers;
    case Memory::approvals: return &kApprovals;
    case Memory::credentials: return &kCredentials;
    default: return nullptr;
  }
}
const pg::Statement& oldest_of(Memory what) {
  if (what == Memory::stranger_decisions) return kStrangerDecisions;
  if (what == Memory::stranger_refusals) return kStrangerRefusals;
  return kTelemetry;
}

/// No id that was made before `time` (libs/base/id.h) is larger.
std::string id_at(Timestamp time) {
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
  const auto digits = fmt::format("{:012x}", std::max<std::int64_t>(milliseconds, 0));
  return digits.substr(0, 8) + "-" + digits.substr(8) + "-7000-8000-000000000000";
}

}  // namespace

Result<ForgetStep> forget(pg::Tx& tx, Memory what, Timestamp before, std::string_view after) {
  const auto* walk = walk_of(what);
  const auto row = walk == nullptr ? tx.run_one(oldest_of(what), before)
                                   : tx.run_one(*walk, before, after.empty() ? kFirstId : after, id_at(before));
  if (!row) return row.error();
  return ForgetStep{.rows = row->integer("rows"),
                    .more = row->integer("seen") == kForgetBatch,
                    .last = row->optional_text("last").value_or("")};
}

Result<ForgetStep> forget_retired(pg::Tx& tx, Timestamp before, Timestamp now) {
  TRY(const auto taken, tx.run(kTakeRetired, before, kRetiredBatch));
  if (taken.empty()) return ForgetStep{};
  std::vector<std::string> devices;
  for (const pg::Row row : taken) devices.push_back(row.text("id"));
  bool whole = true;
  for (const auto& statement : kOfRetired) {
    TRY(const auto row, tx.run_one(statement, devices, before));
    whole = whole && row.integer("rows") < kForgetBatch;
  }
  TRY(const auto credentials, tx.run_one(kCredentialsOfRetired, devices, now - kKeepExpired));
  whole = whole && credentials.integer("rows") < kForgetBatch;
  if (!whole) return ForgetStep{.more = true};
  TRY_VOID(tx.queue(kMarkRetired, devices));
  return ForgetStep{.rows = static_cast<std::int64_t>(devices.size()), .more = devices.size() == kRetiredBatch};
}

}  // namespace pratique::registrar
