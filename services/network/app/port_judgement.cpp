#include "services/network/app/port_judgement.h"

#include <algorithm>

namespace pratique::network {

LiveSession live_session(const Session& s) {
  return {.id = s.id, .device = s.device, .mac = s.mac, .certificate_serial = s.certificate_serial,
          .authority_key_id = s.authority_key_id};
}

PortJudgement judge_port(const WorkPort& port, const SiteSegments& segments, const Allowed& allowed) {
  PortJudgement out;
  const auto plan_for = [&](std::vector<LiveSession> sessions) {
    auto facts = port.facts;
    facts.sessions = std::move(sessions);
    return plan_port(facts, segments, allowed.grants, allowed.credentials);
  };
  const auto ends = [&](const SessionId& id, const Finding& why) {
    const auto found = std::ranges::find(port.sessions, id, &Session::id);
    if (found != port.sessions.end()) out.to_end.emplace_back(*found, why);
  };
  std::vector<LiveSession> live;
  for (const auto& session : port.sessions) {
    if (!session.end_code.empty()) {
      out.to_end.emplace_back(session, Finding{session.end_code, session.end_message, {}});
    } else if (session.state == SessionState::live) {
      live.push_back(live_session(session));
    } else {  // who is not on yet decides nothing, but may be unwanted
      for (const auto& [id, why] : plan_for({live_session(session)}).to_end) ends(id, why);
    }
  }
  auto planned = plan_for(std::move(live));
  for (const auto& [id, why] : planned.to_end) ends(id, why);
  out.plan = std::move(planned.plan);
  return out;
}

std::vector<DeviceId> devices_of(const std::vector<WorkPort>& ports) {
  std::vector<DeviceId> out;
  for (const auto& port : ports)
    for (const auto& session : port.sessions) out.push_back(session.device);
  std::ranges::sort(out);
  const auto twice = std::ranges::unique(out);
  out.erase(twice.begin(), twice.end());
  return out;
}

}  // namespace pratique::network
