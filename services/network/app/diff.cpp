#include "services/network/app/diff.h"

#include <algorithm>
#include <map>

#include "services/network/app/port_judgement.h"
#include "services/network/domain/reasons.h"
#include "services/network/storage/sites.h"
#include "services/network/storage/switches.h"

namespace pratique::network {
namespace {

/// Leaves time for saying that the switch did not answer.
Deadline most_of(pg::Deadline deadline) {
  const auto now = std::chrono::steady_clock::now();
  return now + (deadline - now) * 3 / 4;
}

/// What is known and wanted of a switch's ports, as of one moment.
struct Knowledge {
  std::vector<WorkPort> ports = {};
  SiteSegments segments = {};
  Allowed allowed = {};
  SegmentNames names = {};
};

Result<Knowledge> know(pg::Tx& tx, const SwitchId& id) {
  Knowledge out;
  TRY(out.ports, load_ports(tx, id));
  TRY(out.segments, load_segments(tx));
  TRY(out.allowed, load_allowed(tx, devices_of(out.ports)));
  TRY(out.names, load_segment_names(tx));
  return out;
}

/// A switch that takes segments from Access-Accepts: sessions that are to be elsewhere, or over.
std::vector<Difference> session_differences(const WorkPort& port, const PortJudgement& judged) {
  std::vector<Difference> out;
  for (const auto& session : port.sessions) {
    if (session.state != SessionState::live) continue;
    const auto who = session.mac.text() + ": ";
    const auto over = std::ranges::find(judged.to_end, session.id, [](const auto& one) { return one.first.id; });
    if (over != judged.to_end.end()) {
      out.push_back({"session", who + "ended, " + over->second.code, who + "logged on"});
    } else if (session.given_vlan && *session.given_vlan != judged.plan.vlan) {
      out.push_back({"session", who + "vlan " + std::to_string(judged.plan.vlan),
                     who + "vlan " + std::to_string(*session.given_vlan)});
    }
  }
  return out;
}

PortOverview overview_of(const WorkPort& work, const PortPlan& plan, const std::optional<PortState>& state,
                         const SegmentNames& names, Timestamp now) {
  PortOverview out{.port = work.port};
  auto& condition = out.condition;
  condition.plan = plan;
  condition.planned_segment = name_at(names, plan.vlan);
  if (state) {
    condition.observed = state;
    condition.observe_time = now;
    condition.observed_segment = name_at(names, state->vlan);
  }
  condition.problem = work.problem;
  condition.problem_message = work.problem_message;
  for (const auto& session : work.sessions) condition.present.push_back({session.mac, session.device, session.id});
  return out;
}

}  // namespace

Result<SwitchDiff> Diff::look(const Call& call, const SwitchId& id) {
  TRY_VOID(pool_.look(call.deadline, [&](pg::Tx& tx) { return get_switch(tx, id); }));
  TRY(const auto adapter, book_.find(id));
  TRY(const auto before, pool_.read(call.deadline, [&](pg::Tx& tx) { return load_ports(tx, id); }));
  SwitchDiff out;
  out.ports_observed = adapter->capabilities().has(Capability::observe_ports);
  std::vector<PortState> states;
  if (out.ports_observed) {
    TRY(states, adapter->observe(most_of(call.deadline)));
  }
  out.observe_time = clock_.now();
  TRY(auto now, pool_.read(call.deadline, [&](pg::Tx& tx) { return know(tx, id); }));

  std::map<PortId, const WorkPort*> earlier;
  for (const auto& port : before) earlier.emplace(port.port.id, &port);
  std::map<std::string, const PortState*, std::less<>> unclaimed;
  for (const auto& state : states) unclaimed.emplace(state.port, &state);
  for (auto& work : now.ports) {
    std::optional<PortState> state;
    if (const auto found = unclaimed.find(work.port.name); found != unclaimed.end()) {
      state = *found->second;
      work.facts.link_up = state->link_up;
      unclaimed.erase(found);
    } else if (out.ports_observed) {
      out.missing.push_back(work.port.name);
      continue;
    }
    const auto judged = judge_port(work, now.segments, now.allowed);
    PortDifference port{.port = overview_of(work, judged.plan, state, now.names, out.observe_time),
                        .differences = state ? differences(*state, judged.plan) : session_differences(work, judged)};
    // What changed while the switch was read may have been seen half done.
    const auto earlier_one = earlier.find(work.port.id);
    port.port.condition.dirty = work.dirty || earlier_one == earlier.end() || earlier_one->second->dirty ||
                                earlier_one->second->wanted != work.wanted;
    if (port.port.condition.dirty || !port.differences.empty()) out.ports.push_back(std::move(port));
  }
  for (const auto& state : states)
    if (state.own) out.foreign.insert(out.foreign.end(), state.foreign.begin(), state.foreign.end());
  for (const auto& [name, state] : unclaimed)
    if (!state->own) out.undeclared.push_back(name);
  std::ranges::sort(out.missing);
  std::ranges::sort(out.ports, {}, [](const PortDifference& each) { return each.port.port.name; });
  return out;
}

}  // namespace pratique::network
