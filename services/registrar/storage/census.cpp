#include "services/registrar/storage/census.h"

#include "libs/pg/outbox.h"
#include "services/registrar/storage/audit.h"

namespace pratique::registrar {
namespace {

constexpr pg::Statement kDevices{"census_devices", "SELECT state, count(*) AS number FROM device GROUP BY state"};
constexpr pg::Statement kApprovals{"census_approvals",
    "SELECT count(*) AS number FROM approval WHERE state = 'pending' AND expire_time > $1"};

constexpr pg::Statement kEnding{"census_ending", R"sql(
SELECT count(*) FILTER (WHERE not_after < $1) AS ended, count(*) FILTER (WHERE not_after >= $1) AS month,
       count(*) FILTER (WHERE not_after >= $1 AND not_after <= $2) AS week
FROM credential AS c WHERE state IN ('active', 'successor') AND not_after <= $3
AND NOT EXISTS (SELECT FROM credential AS other WHERE other.device = c.device
                AND other.state IN ('active', 'successor') AND (other.not_after, other.id) > (c.not_after, c.id)))sql"};
constexpr std::chrono::days kWeek{7}, kMonth{30};

}  // namespace

Result<Census> take_census(pg::Tx& tx, Timestamp now) {
  Census out;
  for (const DeviceState state : kDeviceStates) out.devices[state] = 0;
  TRY(const auto devices, tx.run(kDevices));
  for (const pg::Row row : devices)
    if (const auto state = parse_device_state(row.text("state"))) out.devices[*state] = row.integer("number");
  TRY(const auto approvals, tx.run_one(kApprovals, now));
  out.pending_approvals = approvals.integer("number");
  TRY(const auto ending, tx.run_one(kEnding, now, now + kWeek, now + kMonth));
  out.ends_within_week = ending.integer("week");
  out.ends_within_month = ending.integer("month");
  out.ended = ending.integer("ended");
  TRY(const auto head, load_audit_head(tx));
  out.audit_entries = head.sequence;
  TRY(out.events, pg::outbox::head(tx));
  return out;
}

}  // namespace pratique::registrar
