#include "services/network/storage/work.h"

namespace pratique::network {
namespace {

// Three reasons to drive a switch: marked ports, a reading that is due, a holder that crashed. Each has an index that
// holds nothing else; of marked ports it is asked once a switch, from one switch to the next, so that a lease costs by
// the switches that have some and not by their ports. Decisions of the registrar go first. A taken observation is
// 'infinity' until it is done, so that one that is wanted meanwhile ('-infinity') is not lost.
constexpr pg::Statement kTake{"lease_take", R"(
  WITH RECURSIVE decided AS (
    (SELECT switch, decided_time FROM port_state WHERE dirty ORDER BY switch, decided_time LIMIT 1)
    UNION ALL
    SELECT n.switch, n.decided_time FROM decided d CROSS JOIN LATERAL (
      SELECT switch, decided_time FROM port_state WHERE dirty AND switch > d.switch
      ORDER BY switch, decided_time LIMIT 1) n),
  work AS (
    SELECT switch, min(decided) AS decided, bool_or(marked) AS marked, bool_or(observe) AS observe FROM (
      SELECT switch, decided_time AS decided, true AS marked, false AS observe FROM decided
      UNION ALL SELECT switch, NULL, false, true FROM switch_lease WHERE observe_time <= $2
      UNION ALL SELECT switch, NULL, false, true FROM switch_lease WHERE holder <> '' AND until <= $2) every
    GROUP BY switch),
  due AS (
    SELECT l.switch, w.observe FROM work w JOIN switch_lease l ON l.switch = w.switch JOIN switch s ON s.id = w.switch
    WHERE s.enabled AND l.until <= $2 AND l.retry_time <= $2 AND (NOT $4 OR l.keeper = $1)
    ORDER BY w.decided NULLS LAST, w.marked DESC, l.fence LIMIT 1 FOR UPDATE OF l SKIP LOCKED)
  UPDATE switch_lease l SET holder = $1, until = $3, fence = fence + 1,
         observe_time = CASE WHEN due.observe THEN 'infinity' ELSE l.observe_time END
  FROM due WHERE l.switch = due.switch
  RETURNING l.switch, l.fence, l.until, l.failures, due.observe)"};
constexpr pg::Statement kHold{"lease_hold", "SELECT 1 FROM switch_lease WHERE switch = $1 AND fence = $2 FOR UPDATE"};
constexpr pg::Statement kEnd{"lease_end", R"(
  UPDATE switch_lease SET holder = '', until = '-infinity', failures = $3, retry_time = $4,
         observe_time = least(observe_time, $5)
  WHERE switch = $1 AND fence = $2)"};
constexpr pg::Statement kWantObservation{"lease_want_observation", R"(
  WITH wanted AS (UPDATE switch_lease SET observe_time = '-infinity', retry_time = '-infinity' WHERE switch = $1)
  SELECT pg_notify(current_schema() || '_work', ''))"};

Error lost(const Lease& lease) {
  return Error{ErrorCode::aborted, "LEASE_LOST", "another replica drives the switch now"}.with("switch",
                                                                                              lease.on_switch.name());
}

}  // namespace

Result<std::optional<Lease>> take_lease(pg::Tx& tx, std::string_view holder, Timestamp now,
                                        std::chrono::microseconds length, bool kept_only) {
  TRY(const auto row, tx.find(kTake, holder, now, now + length, kept_only));
  if (!row) return std::optional<Lease>{};
  return std::optional(Lease{row->id<SwitchId>("switch"), row->integer("fence"), row->timestamp("until"),
                             static_cast<int>(row->integer("failures")), row->boolean("observe")});
}

Result<void> hold_lease(pg::Tx& tx, const Lease& lease) {
  TRY(const auto row, tx.find(kHold, lease.on_switch, lease.fence));
  if (!row) return lost(lease);
  return {};
}

Result<void> end_lease(pg::Tx& tx, const Lease& lease, const LeaseEnd& end) {
  TRY(const auto done, tx.run(kEnd, lease.on_switch, lease.fence, end.failures, end.retry_time, end.observe_time));
  if (done.affected() == 0) return lost(lease);
  return {};
}

Result<void> want_observation(pg::Tx& tx, const SwitchId& on_switch) { return tx.queue(kWantObservation, on_switch); }

}  // namespace pratique::network
