// From who is where and who may what to what each port is to do. Pure: the reconciler feeds it and drives the adapters.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libs/base/verdict.h"
#include "services/network/domain/grant.h"
#include "services/network/domain/port.h"

namespace pratique::network {

/// Somebody who passed 802.1X on a port and is there now.
struct LiveSession {
  SessionId id = {};
  DeviceId device = {};
  MacAddress mac = {};
  std::string certificate_serial = {};
  std::string authority_key_id = {};
};

/// What is known of one access port.
struct PortFacts {
  std::string port = {};
  PortRole role = PortRole::access;
  std::optional<VlanId> fixed_vlan = {};  // of a service port
  bool link_up = true;
  std::vector<LiveSession> sessions = {};
};

/// The segments of a site. The two special ones always exist.
struct SiteSegments {
  VlanId onboarding = 0;
  VlanId quarantine = 0;
  std::map<std::string, VlanId, std::less<>> production;  // by name
};

struct PlannedPort {
  PortPlan plan = {};
  /// Sessions that are to end, each with why; and what stood in the way of a station that may be here.
  std::vector<std::pair<SessionId, Finding>> to_end = {};
};

using Grants = std::map<DeviceId, Grant>;
/// By (authority key id, serial).
using Credentials = std::map<std::pair<std::string, std::string>, Credential>;

/// Where a device may be by a session, or why nowhere.
struct AllowedPlace {
  std::optional<VlanId> vlan = {};
  Finding why_not = {};  // where there is no VLAN
};
/// Of a device, whatever it shows: by what the registrar allows it.
AllowedPlace allowed_place(const Grant& grant, const SiteSegments& segments);
/// Of a session: its certificate must hold too.
AllowedPlace allowed_place(const LiveSession& session, const SiteSegments& segments, const Grants& grants,
                           const Credentials& credentials);

/// A port has one segment. Where several stations want different ones, the first session (by id, so the oldest) decides
/// and the others are ended, PORT_SEGMENT_TAKEN.
PlannedPort plan_port(const PortFacts& facts, const SiteSegments& segments, const Grants& grants,
                      const Credentials& credentials);

}  // namespace pratique::network
