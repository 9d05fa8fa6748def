// What a round does at the switch: no transaction here.
#include <algorithm>

#include "services/network/app/catalogue.h"
#include "services/network/app/port_judgement.h"
#include "services/network/app/reconciler_round.h"
#include "services/network/domain/reasons.h"

namespace pratique::network {
namespace {

SessionRef ref_of(const Session& s) {
  return {.port = s.port_name, .mac = s.mac, .accounting_id = s.accounting_id, .user_name = s.user_name};
}

/// Accepted means read back and as planned.
void confirm(PortState& state, const PortPlan& plan) {
  if (plan.role == PortRole::uplink) return;
  state.vlan = plan.vlan;
  state.admitted.clear();
  for (const auto& station : plan.stations) state.admitted.push_back(station.mac);
  state.onboarding_only = plan.role == PortRole::access && plan.stations.empty();
}

constexpr std::chrono::seconds kEndLimit{2};

Finding moved_finding(VlanId vlan) {
  return {std::string(kReplaced.code), "it logs on again for another segment", {{"vlan", std::to_string(vlan)}}};
}

}  // namespace

void Reconciler::observe(Round& round) {
  if (!round.can.has(Capability::observe_ports)) return;
  auto states = round.adapter->observe(round.deadline);
  if (!states) {
    round.failure = states.error();
    return;
  }
  std::ranges::sort(*states, {}, &PortState::port);
  for (auto& port : round.ports) {
    const auto state = std::ranges::lower_bound(*states, port.work.port.name, {}, &PortState::port);
    if (state != states->end() && state->port == port.work.port.name) {
      port.work.facts.link_up = state->link_up;
      port.state = *state;
    } else {
      port.absent = true;
      port.problem = kSwitchRefused.code;
      port.message = "the switch has no such port";
    }
  }
}

void Reconciler::judge(Round& round) const {
  for (auto& port : round.ports) {
    auto judged = judge_port(port.work, round.segments, round.allowed);
    port.to_end = std::move(judged.to_end);
    port.plan = std::move(judged.plan);
    const bool was_applied = port.work.plan && port.work.plan->vlan == port.plan.vlan &&
                             std::ranges::equal(port.work.plan->stations, port.plan.stations, {}, &AdmittedStation::mac,
                                                &AdmittedStation::mac);
    port.apply = !was_applied;
  }
}

/// Where nothing new is wanted of a port, it was marked because the switch told of a change: look before doing.
void Reconciler::look_at_unchanged(Round& round) {
  if (!round.can.has(Capability::set_segment)) return;
  for (auto& port : round.ports) {
    if (!port.state && port.problem.empty() && !port.apply && round.can.has(Capability::observe_ports)) {
      auto state = round.adapter->observe_port(port.work.port.name, round.deadline);
      if (state) {
        port.state = *std::move(state);
      } else if (round.answers_later(state.error())) {
        round.failure = state.error();
        return;
      } else {
        port.problem = kSwitchRefused.code;
        port.message = state.error().message;
      }
    }
    if (!port.state) continue;
    const bool fulfilled = fulfils(*port.state, port.plan);
    if (port.apply) {
      if (fulfilled && port.state->foreign.empty()) port.apply = false;
      continue;
    }
    const bool new_foreign = !port.state->foreign.empty() && port.state->foreign != port.work.foreign;
    if (fulfilled && !new_foreign) continue;
    port.by_hand = true;
    port.apply = config_.put_right;
    if (!config_.put_right) {
      port.problem = kSwitchChangedByHand.code;
      port.message = fulfilled ? port.state->foreign.front() : "the port does not do what it is to do";
    }
  }
}

void Reconciler::end_sessions(Round& round) {
  // Authenticators that hang must not hold up what comes next at their switch.
  const Deadline half = std::chrono::steady_clock::now() + config_.call_limit / 2;
  for (auto& port : round.ports) {
    for (auto& [session, why] : port.to_end) {
      const Deadline deadline = std::min(half, std::chrono::steady_clock::now() + kEndLimit);
      const auto ended = round.adapter->end_session(ref_of(session), deadline);
      if (ended || round.can.has(Capability::set_segment)) {  // there, the port itself is closed in any case
        note_end(round, session, ended ? *ended : SessionEnd{EndedBy::port, ended.error()});
        round.ended.emplace_back(session, why);
        continue;
      }
      if (round.answers_later(ended.error())) {
        round.failure = ended.error();
        return;
      }
      port.problem = ended.error().reason;
      port.message = ended.error().message;
    }
  }
}

void Reconciler::note_end(const Round& round, const Session& session, const SessionEnd& end) {
  logged_off_.at({round.on_switch.kind, end.by}).add();
  const auto id = session.id.name(), device = session.device.name();
  const std::initializer_list<obs::Field> fields{{"switch", round.on_switch.name}, {"port", session.port_name},
                                                 {"session", id}, {"device", device}, {"by", to_string(end.by)}};
  if (end.instead_of) log_.write(kSessionEndedOtherwise, *end.instead_of, fields);
  else log_.write(kSessionEnded, fields);
}

void Reconciler::apply(Round& round) {
  std::vector<PortPlan> plans;
  for (const auto& port : round.ports)
    if (port.apply) plans.push_back(port.plan);
  if (plans.empty()) return;
  const auto report = round.adapter->apply(plans, round.deadline);
  if (!report) {
    round.failure = report.error();
    return;
  }
  for (auto& port : round.ports) {
    if (!port.apply) continue;
    const auto applied = std::ranges::find(*report, port.work.port.name, &AppliedPort::port);
    if (applied == report->end()) {
      port.problem = kSwitchDisobeyed.code;
      port.message = "the switch says nothing of the port";
    } else if (!applied->verdict.accepted()) {
      port.problem = applied->verdict.first().code;
      port.message = applied->verdict.first().message;
    } else {
      port.problem.clear();
      port.message.clear();
      if (!port.state && port.plan.role != PortRole::uplink && round.can.has(Capability::observe_ports))
        port.state = PortState{.port = port.work.port.name, .link_up = port.work.facts.link_up,
                               .foreign = port.work.foreign};
      if (port.state) confirm(*port.state, port.plan);
    }
  }
}

/// A switch that takes segments from Access-Accepts: sessions that were given another one than is planned.
void Reconciler::move_sessions(Round& round) {
  for (auto& port : round.ports) {
    for (const auto& session : port.work.sessions) {
      const bool stays = std::ranges::none_of(port.to_end, [&](const auto& one) { return one.first.id == session.id; });
      if (!stays || session.state != SessionState::live || !session.given_vlan || *session.given_vlan == port.plan.vlan)
        continue;
      const auto ref = ref_of(session);
      std::optional<Error> failed;
      if (round.can.has(Capability::change_session)) {
        const auto changed = round.adapter->change_session(ref, port.plan.vlan, round.deadline);
        if (!changed) failed = changed.error();
        else if (*changed == SessionChanged::changed) round.moved.emplace_back(session, port.plan.vlan);
        else if (*changed == SessionChanged::ended) round.ended.emplace_back(session, moved_finding(port.plan.vlan));
      } else {
        const auto ended = round.adapter->end_session(ref, round.deadline);
        if (!ended) failed = ended.error();
        else round.ended.emplace_back(session, moved_finding(port.plan.vlan));
      }
      if (!failed) continue;
      if (round.answers_later(*failed)) {
        round.failure = *std::move(failed);
        return;
      }
      port.problem = failed->reason;
      port.message = failed->message;
    }
  }
}

}  // namespace pratique::network
