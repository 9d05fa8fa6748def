// The reconciler's queue: which ports somebody has to see to, and who drives which switch.
//
// A change that may concern a port raises port_state.wanted in its own transaction (mark_*) and wakes reconcilers. A
// reconciler takes the lease of a switch with work, reads `wanted`, does the work without a transaction, and writes
// `done` = what it had read: what changed meanwhile keeps the port marked.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/pg/tx.h"
#include "services/network/domain/plan.h"
#include "services/network/domain/registered_port.h"
#include "services/network/domain/session.h"

namespace pratique::network {

/// "network_work": what mark_* notify on.
std::string work_channel(std::string_view schema);

// Each is queued, and wakes reconcilers. `decided`: when the decision was made that is to be carried out.
Result<void> mark_port(pg::Tx& tx, const PortId& port, std::optional<Timestamp> decided);
/// Where the device has a session that has not ended.
Result<void> mark_ports_of_device(pg::Tx& tx, const DeviceId& device, std::optional<Timestamp> decided);
/// Where devices of that segment, or of any, have one; ports fixed to it; and for the onboarding segment all ports.
Result<void> mark_ports_of_segment(pg::Tx& tx, const Segment& segment);
Result<void> mark_ports_of_switch(pg::Tx& tx, const SwitchId& on_switch);

/// A lease on a switch. It counts until `until`, and only while nobody took it after.
struct Lease {
  SwitchId on_switch = {};
  std::int64_t fence = 0;
  Timestamp until = {};
  int failures = 0;          // one after another so far
  bool observe_due = false;  // all ports are to be read
};
/// A lease on an enabled switch that has work and that nobody drives, if there is one. `kept_only`: that the holder keeps
/// (keepers.h).
Result<std::optional<Lease>> take_lease(pg::Tx& tx, std::string_view holder, Timestamp now,
                                        std::chrono::microseconds length, bool kept_only = false);
/// ABORTED LEASE_LOST if somebody took it meanwhile; otherwise locked until the transaction ends.
Result<void> hold_lease(pg::Tx& tx, const Lease& lease);
struct LeaseEnd {
  int failures = 0;                            // 0: it went well
  Timestamp retry_time = {};                   // not before
  std::optional<Timestamp> observe_time = {};  // when all ports are to be read next; none: as before
  std::optional<Timestamp> read_time = {};     // when they were; none: they were not
};
/// ABORTED LEASE_LOST.
Result<void> end_lease(pg::Tx& tx, const Lease& lease, const LeaseEnd& end);
/// All ports of the switch are to be read now: it came back, or was changed. Ends a pause.
Result<void> want_observation(pg::Tx& tx, const SwitchId& on_switch);

/// A port with what is known of it. The judgement's view of its sessions is the reconciler's to make.
struct WorkPort {
  RegisteredPort port = {};
  std::int64_t wanted = 0;
  bool dirty = false;                      // there is more than was worked off
  std::optional<Timestamp> decided_time = {};
  PortFacts facts = {};
  std::vector<Session> sessions = {};      // that have not ended, oldest first
  std::optional<PortPlan> plan = {};       // as applied last
  std::optional<PortState> observed = {};  // as read last
  std::vector<std::string> foreign = {};   // as told of last
  std::string problem = {};
  std::string problem_message = {};
};
/// Marked ports of the switch, at most `limit`; those with the oldest decision first.
Result<std::vector<WorkPort>> load_marked_ports(pg::Tx& tx, const SwitchId& on_switch, int limit);
/// All of them.
Result<std::vector<WorkPort>> load_ports(pg::Tx& tx, const SwitchId& on_switch);
/// These, as far as they exist.
Result<std::vector<WorkPort>> load_ports(pg::Tx& tx, std::span<const PortId> ids);

/// What became of a port that was worked on.
struct WorkOutcome {
  PortPlan plan = {};
  bool refused = false;  // the switch does not do it: nothing counts as applied
  std::string problem = {};  // a code of reasons.h, or empty
  std::string message = {};
  std::optional<PortState> state = {};  // as read after `port` was loaded
  bool absent = false;                  // the switch has no such port: what was read of it before is over
};
/// Worked off up to `wanted`; a link that changed meanwhile is left as it was told. Where nothing is new, nothing is
/// written and false is said: a full reading of ports that are as they were costs no row.
Result<bool> store_outcome(pg::Tx& tx, const WorkPort& port, const WorkOutcome& outcome, Timestamp now);

/// What the authenticator says of a station.
Result<void> set_authenticated(pg::Tx& tx, const PortId& port, const MacAddress& mac, bool on);
/// Nobody is known to be on.
Result<void> clear_authenticated(pg::Tx& tx, const PortId& port);
/// Locked until the transaction ends, so that an accept and a station_on that come at once see each other.
Result<bool> is_authenticated(pg::Tx& tx, const PortId& port, const MacAddress& mac);
/// An authenticator that does not see the cable goes on taking for on who was on, and does not tell of one who logs on
/// anew: what it says of stations is left as it is.
Result<void> set_link(pg::Tx& tx, const PortId& port, bool up);

struct WorkCensus {
  std::int64_t marked_ports = 0;
  std::int64_t troubled_switches = 0;
  std::int64_t open_sessions = 0;
};
Result<WorkCensus> take_work_census(pg::Tx& tx);

}  // namespace pratique::network
