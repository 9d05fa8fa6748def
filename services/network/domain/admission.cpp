#include "services/network/domain/admission.h"

#include <algorithm>

#include "services/network/domain/reasons.h"

namespace pratique::network {
namespace {

/// Its frames pass, in that VLAN.
bool lets_through(const PortCondition& port, const Session& session, VlanId vlan) {
  if (port.observed)
    return port.observed->vlan == vlan &&
           std::ranges::find(port.observed->admitted, session.mac) != port.observed->admitted.end();
  if (session.given_vlan) return session.given_vlan == vlan;
  return port.plan && !port.dirty && port.plan->vlan == vlan &&
         std::ranges::find(port.plan->stations, session.mac, &AdmittedStation::mac) != port.plan->stations.end();
}

}  // namespace

DesiredAdmission desired_admission(const Grant& grant, std::span<const Credential> credentials,
                                   const SiteSegments& segments, Timestamp now) {
  DesiredAdmission out;
  for (const auto& one : credentials)
    if (one.live && one.not_after > now) out.certificates.push_back(one);
  auto place = allowed_place(grant, segments);
  out.vlan = place.vlan;
  if (!place.vlan) {
    out.why_not = std::move(place.why_not);
  } else if (out.certificates.empty()) {
    out.vlan.reset();
    const auto& why = credentials.empty() ? kCertificateUnknown : kCertificateEnded;
    out.why_not = Finding{std::string(why.code), credentials.empty() ? "it has no certificate of this network"
                                                                     : "none of its certificates is in force"};
  }
  return out;
}

AdmissionPlace judge_place(Session session, std::optional<PortOverview> port, const AllowedPlace& to_be) {
  AdmissionPlace out{.session = std::move(session), .port = std::move(port)};
  if (!out.session.end_code.empty()) {
    out.reason = Finding{out.session.end_code, out.session.end_message};
  } else if (!to_be.vlan) {
    out.reason = to_be.why_not;
  } else if (out.session.state == SessionState::accepted) {
    out.state = PlaceState::logging_on;
    return out;
  } else if (out.port && lets_through(out.port->condition, out.session, *to_be.vlan)) {
    out.state = PlaceState::in_place;
    return out;
  }
  if (!out.port || out.port->condition.problem.empty()) return out;
  out.state = PlaceState::obstructed;
  out.reason = Finding{out.port->condition.problem, out.port->condition.problem_message};
  return out;
}

}  // namespace pratique::network
