#include "services/network/storage/work.h"

namespace pratique::network {
namespace {

// Looked for in the order of urgency, and no further than to the first that is free: decisions of the registrar, the
// oldest first; other marked ports; holders that crashed; readings that are due. Each has an index that holds nothing
// else. Of marked ports it is asked once a switch, from one switch to the next, in the order of their own index: where
// all ports were marked once, the index of all ports would be taken to be as good for switches alone. Of decisions the
// oldest are looked at and no more: only where so many are on switches that are away do the rest wait for their turn as
// marked ports.
// LATERAL, since what is inside is then looked up for one row after another, whatever statistics say of how many there
// are: they are stale when it matters most, after a change of very many ports.
// A taken observation is 'infinity' until it is done, so that one that is wanted meanwhile ('-infinity') is not lost.
constexpr pg::Statement kPlanOnce{"lease_plan_once", "SET LOCAL plan_cache_mode = force_generic_plan"};
#define PRATIQUE_FREE(which)                                                                                       \
  "SELECT l.switch, l.observe_time <= $2 OR l.holder <> '' AS observe FROM switch_lease l "                        \
  "JOIN switch s ON s.id = l.switch WHERE " which " AND s.enabled AND l.until <= $2 AND l.retry_time <= $2 "       \
  "AND (NOT $4 OR l.keeper = $1) "
constexpr pg::Statement kTake{"lease_take", R"(
  WITH RECURSIVE marked AS (
    (SELECT switch FROM port_state WHERE dirty ORDER BY switch, decided_time LIMIT 1)
    UNION ALL
    SELECT n.switch FROM marked m CROSS JOIN LATERAL (
      SELECT switch FROM port_state WHERE dirty AND switch > m.switch ORDER BY switch, decided_time LIMIT 1) n),
  due AS (
    (SELECT f.* FROM (SELECT switch FROM port_state WHERE dirty AND decided_time IS NOT NULL
                      ORDER BY decided_time LIMIT 256) d CROSS JOIN LATERAL ()"
       PRATIQUE_FREE("l.switch = d.switch") R"(FOR UPDATE OF l SKIP LOCKED) f LIMIT 1)
    UNION ALL
    (SELECT f.* FROM marked m CROSS JOIN LATERAL ()"
       PRATIQUE_FREE("l.switch = m.switch") R"(FOR UPDATE OF l SKIP LOCKED) f LIMIT 1)
    UNION ALL
    SELECT f.* FROM ()" PRATIQUE_FREE("l.holder <> ''") R"(ORDER BY l.until LIMIT 1 FOR UPDATE OF l SKIP LOCKED) f
    UNION ALL
    SELECT f.* FROM ()"
       PRATIQUE_FREE("l.observe_time <= $2") R"(ORDER BY l.observe_time LIMIT 1 FOR UPDATE OF l SKIP LOCKED) f
    LIMIT 1)
  UPDATE switch_lease l SET holder = $1, until = $3, fence = fence + 1,
         observe_time = CASE WHEN due.observe THEN 'infinity' ELSE l.observe_time END
  FROM due WHERE l.switch = due.switch
  RETURNING l.switch, l.fence, l.until, l.failures, due.observe)"};
#undef PRATIQUE_FREE
constexpr pg::Statement kHold{"lease_hold", "SELECT 1 FROM switch_lease WHERE switch = $1 AND fence = $2 FOR UPDATE"};
constexpr pg::Statement kEnd{"lease_end", R"(
  UPDATE switch_lease SET holder = '', until = '-infinity', failures = $3, retry_time = $4,
         observe_time = least(observe_time, $5), read_time = coalesce($6, read_time)
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
  // Planning costs more than looking, and no value of a parameter makes another plan better.
  TRY_VOID(tx.queue(kPlanOnce));
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
  TRY(const auto done, tx.run(kEnd, lease.on_switch, lease.fence, end.failures, end.retry_time, end.observe_time,
                              end.read_time));
  if (done.affected() == 0) return lost(lease);
  return {};
}

Result<void> want_observation(pg::Tx& tx, const SwitchId& on_switch) { return tx.queue(kWantObservation, on_switch); }

}  // namespace pratique::network
