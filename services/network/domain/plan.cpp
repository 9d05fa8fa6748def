#include "services/network/domain/plan.h"

#include <algorithm>

#include "services/network/domain/reasons.h"

namespace pratique::network {
namespace {

Finding finding(const Reason& reason, Evidence evidence = {}) {
  return {std::string(reason.code), std::string(reason.meaning), std::move(evidence)};
}

AllowedPlace nowhere(const Reason& reason, Evidence evidence) {
  return {.why_not = finding(reason, std::move(evidence))};
}

}  // namespace

AllowedPlace allowed_place(const Grant& grant, const SiteSegments& segments) {
  if (grant.standing == Standing::excluded) return nowhere(kDeviceExcluded, {{"device", grant.device.name()}});
  if (grant.standing == Standing::quarantined) return {.vlan = segments.quarantine};
  const auto segment = segments.production.find(grant.segment);
  if (segment == segments.production.end()) return nowhere(kSegmentMissing, {{"segment", grant.segment}});
  return {.vlan = segment->second};
}

AllowedPlace allowed_place(const LiveSession& session, const SiteSegments& segments, const Grants& grants,
                           const Credentials& credentials) {
  const auto credential = credentials.find({session.authority_key_id, session.certificate_serial});
  if (credential == credentials.end() || credential->second.device != session.device)
    return nowhere(kCertificateUnknown, {{"certificate_serial", session.certificate_serial}});
  if (!credential->second.live)
    return nowhere(kCertificateEnded,
                   {{"certificate_serial", session.certificate_serial}, {"reason", credential->second.reason}});
  const auto grant = grants.find(session.device);
  if (grant == grants.end()) return nowhere(kDeviceExcluded, {{"device", session.device.name()}});
  return allowed_place(grant->second, segments);
}

PlannedPort plan_port(const PortFacts& facts, const SiteSegments& segments, const Grants& grants,
                      const Credentials& credentials) {
  PlannedPort out;
  out.plan.port = facts.port;
  out.plan.role = facts.role;
  if (facts.role == PortRole::uplink) return out;
  out.plan.vlan = facts.fixed_vlan.value_or(segments.onboarding);
  if (facts.role == PortRole::service) return out;

  auto sessions = facts.sessions;
  std::ranges::sort(sessions, {}, &LiveSession::id);
  for (const auto& session : sessions) {
    if (!facts.link_up) {
      out.to_end.emplace_back(session.id, finding(kLinkDown));
      continue;
    }
    auto place = allowed_place(session, segments, grants, credentials);
    if (!place.vlan) {
      out.to_end.emplace_back(session.id, std::move(place.why_not));
      continue;
    }
    if (!out.plan.stations.empty() && out.plan.vlan != *place.vlan) {
      out.to_end.emplace_back(session.id, finding(kSegmentTaken, {{"vlan", std::to_string(out.plan.vlan)},
                                                                  {"wanted_vlan", std::to_string(*place.vlan)}}));
      continue;
    }
    out.plan.vlan = *place.vlan;
    out.plan.stations.push_back({session.mac, session.device});
  }
  std::ranges::sort(out.plan.stations);
  const auto twice = std::ranges::unique(out.plan.stations);
  out.plan.stations.erase(twice.begin(), twice.end());
  return out;
}

}  // namespace pratique::network
