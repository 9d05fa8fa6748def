#include "services/network/app/reconciler.h"

#include <algorithm>
#include <array>

#include "services/network/app/catalogue.h"
#include "services/network/app/port_judgement.h"
#include "services/network/app/reconciler_round.h"
#include "services/network/app/session_steps.h"
#include "services/network/domain/reasons.h"
#include "services/network/storage/grants.h"
#include "services/network/storage/sites.h"
#include "services/network/storage/switches.h"

namespace pratique::network {
namespace {

constexpr std::array kKinds = {SwitchKind::ovs, SwitchKind::radius};
constexpr std::array kWays = {EndedBy::port, EndedBy::disconnect_request, EndedBy::control_socket, EndedBy::nobody};
constexpr int kLongestDoubling = 16;

}  // namespace

Reconciler::Reconciler(Surroundings surroundings, ReconcilerConfig config, AdapterBook& book, Sessions& sessions,
                       const obs::Log& log, obs::Metrics& metrics)
    : pool_(surroundings.pool),
      clock_(surroundings.clock),
      config_(std::move(config)),
      book_(book),
      sessions_(sessions),
      log_(log) {
  for (const auto kind : kKinds) {
    const auto word = to_string(kind);
    applied_seconds_.emplace(kind, metrics.histogram(kAppliedSeconds, {word}));
    applied_.emplace(kind, metrics.counter(kPortsApplied, {word, "applied"}));
    refused_.emplace(kind, metrics.counter(kPortsApplied, {word, "refused"}));
    by_hand_.emplace(kind, metrics.counter(kPortsByHand, {word}));
    failures_.emplace(kind, metrics.counter(kSwitchFailures, {word}));
    for (const auto by : kWays)
      logged_off_.emplace(std::pair(kind, by), metrics.counter(kLoggedOffSessions, {word, to_string(by)}));
  }
}

Result<bool> Reconciler::step(const std::function<void()>& taken) {
  Round round;
  TRY(const auto lease, pool_.with(soon(), [&](pg::Tx& tx) {
    return take_lease(tx, config_.holder, clock_.now(), config_.lease, config_.kept_only);
  }));
  if (!lease) return false;
  if (taken) taken();
  round.lease = *lease;
  const auto driven = drive(round);
  if (driven) return true;
  if (driven.error().reason == "LEASE_LOST") {  // we were too slow; whoever has it now does it again
    log_.write(kLeaseLost, {{"switch", round.on_switch.name}});
    // What we did at the switch may have come behind that one's reading.
    (void)pool_.with(soon(), [&](pg::Tx& tx) { return want_observation(tx, round.lease.on_switch); });
    return true;
  }
  // The database failed us. Where it is back at once, nobody need wait for the lease to run out.
  const Timestamp now = clock_.now();
  (void)pool_.with(soon(), [&](pg::Tx& tx) {
    return end_lease(tx, round.lease, {.failures = round.lease.failures, .retry_time = now, .observe_time = now});
  });
  return driven.error();
}

Result<void> Reconciler::drive(Round& round) {
  TRY(round.on_switch, pool_.look(soon(), [&](pg::Tx& tx) { return get_switch(tx, round.lease.on_switch); }));
  const auto adapter = book_.find(round.on_switch.id);
  round.deadline = std::chrono::steady_clock::now() + config_.call_limit;
  if (!adapter) {
    round.failure = adapter.error();
  } else {
    round.adapter = *adapter;
    round.can = round.adapter->capabilities();
    if (round.lease.observe_due) TRY_VOID(ask_stations(round));
    if (!round.failure) TRY_VOID(load(round));  // before the reading, so that what comes meanwhile is known as newer
    if (!round.failure && round.lease.observe_due) observe(round);
    if (!round.failure) {
      judge(round);
      look_at_unchanged(round);
      // What closes a port waits for no authenticator; where sessions are all that there is, they go first.
      const bool by_ports = round.can.has(Capability::set_segment);
      if (!round.failure && by_ports) apply(round);
      if (!round.failure) end_sessions(round);
      if (!round.failure && !by_ports) move_sessions(round);
    }
  }
  return round.failure ? give_up(round) : finish(round);
}

Result<void> Reconciler::ask_stations(Round& round) {
  if (!round.can.has(Capability::watch_stations)) return {};
  const Timestamp asked = clock_.now();
  const auto stations = round.adapter->stations(round.deadline);
  if (stations) return sessions_.compare(round.on_switch.id, *stations, asked, soon());
  // Ports can be driven without their authenticators; where sessions are all that there is, nothing can.
  if (round.can.has(Capability::set_segment)) round.ask_again = true;
  else round.failure = stations.error();
  return {};
}

Result<void> Reconciler::load(Round& round) {
  return pool_.read(soon(), [&](pg::Tx& tx) -> Result<void> {
    round.ports.clear();
    TRY(auto ports, round.lease.observe_due ? load_ports(tx, round.on_switch.id)
                                            : load_marked_ports(tx, round.on_switch.id, kPortsAtOnce));
    const auto devices = devices_of(ports);
    for (auto& work : ports) round.ports.push_back({.work = std::move(work)});
    TRY(round.segments, load_segments(tx));
    TRY(round.allowed, load_allowed(tx, devices));
    return {};
  });
}

Result<void> Reconciler::finish(Round& round) {
  const Timestamp now = clock_.now();
  const SwitchKind kind = round.on_switch.kind;
  TRY_VOID(pool_.with(soon(), [&](pg::Tx& tx) -> Result<void> {
    PendingEvents events;
    TRY_VOID(hold_lease(tx, round.lease));
    for (const auto& port : round.ports) {
      TRY_VOID(store_outcome(tx, port.work, {port.plan, port.refused(), port.problem, port.message, port.state,
                                             port.absent}, now));
      pg::Facts facts{{"switch", round.on_switch.id.name()}, {"switch_name", round.on_switch.name},
                  {"port_name", port.work.port.name}};
      if (port.by_hand && port.work.problem != kSwitchChangedByHand.code) {
        facts["code"] = kSwitchChangedByHand.code;
        facts["put_right"] = port.apply && !port.refused() ? "true" : "false";
        events.push_back({"port.changed_by_hand", port.work.port.id.name(), facts});
      }
      if (port.refused() && port.problem != port.work.problem) {
        facts["code"] = port.problem;
        facts["message"] = port.message;
        events.push_back({"port.refused", port.work.port.id.name(), std::move(facts)});
      }
    }
    for (const auto& [session, why] : round.ended) {
      TRY(const auto current, lock_open_session(tx, session.port, session.mac));
      if (current && current->id == session.id)
        TRY_VOID(record_end(tx, *current, why, now, events));
    }
    for (const auto& [session, vlan] : round.moved) {
      TRY(auto current, lock_open_session(tx, session.port, session.mac));
      if (!current || current->id != session.id) continue;
      current->given_vlan = vlan;
      TRY_VOID(update_session(tx, *current));
    }
    TRY(const bool was_troubled, switch_answered(tx, round.on_switch.id, now));
    if (was_troubled)
      events.push_back({"switch.recovered", round.on_switch.id.name(), {{"switch_name", round.on_switch.name}}});
    LeaseEnd end{.failures = 0, .retry_time = now, .observe_time = {}};
    if (round.lease.observe_due) {
      end.observe_time = now + (round.ask_again ? config_.longest_pause : config_.observe_every);
      end.read_time = now;
    }
    TRY_VOID(end_lease(tx, round.lease, end));
    return append_all(tx, events);
  }));
  for (const auto& port : round.ports) {
    if (port.by_hand) by_hand_.at(kind).add();
    if (port.refused()) refused_.at(kind).add();
    else if (port.apply) applied_.at(kind).add();
    if (port.work.decided_time && !port.refused())
      applied_seconds_.at(kind).observe(std::chrono::duration<double>(now - *port.work.decided_time).count());
  }
  return {};
}

Result<void> Reconciler::give_up(Round& round) {
  const Timestamp now = clock_.now();
  const Error& failure = *round.failure;
  const int failures = round.lease.failures + 1;
  std::chrono::microseconds pause = config_.first_pause * (1 << std::min(failures - 1, kLongestDoubling));
  pause = std::min<std::chrono::microseconds>(pause, config_.longest_pause);
  failures_.at(round.on_switch.kind).add();
  log_.write(kSwitchFailed, failure, {{"switch", round.on_switch.name}, {"failures", failures}});
  const Reason* known = find_reason(failure.reason);
  const Reason& why = known != nullptr ? *known : kSwitchUnreachable;
  return pool_.with(soon(), [&](pg::Tx& tx) -> Result<void> {
    PendingEvents events;
    TRY_VOID(hold_lease(tx, round.lease));
    TRY(const bool is_new, switch_troubled(tx, round.on_switch.id, why.code, failure.message, now));
    if (is_new)
      events.push_back({"switch.troubled", round.on_switch.id.name(),
                        {{"switch_name", round.on_switch.name}, {"code", std::string(why.code)},
                         {"message", failure.message}}});
    // What we do not know any more is read first once it answers.
    TRY_VOID(end_lease(tx, round.lease, {.failures = failures, .retry_time = now + pause, .observe_time = now}));
    return append_all(tx, events);
  });
}

}  // namespace pratique::network
