// What one device may do on the network and what it does there: desired against observed, with why. What a port is to do
// is judged in plan.h; this tells of it from the device's side.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libs/base/verdict.h"
#include "services/network/domain/attempt.h"
#include "services/network/domain/plan.h"
#include "services/network/domain/registered_port.h"
#include "services/network/domain/session.h"

namespace pratique::network {

struct DesiredAdmission {
  std::optional<VlanId> vlan = {};             // where it is to be; none: nowhere
  std::optional<Finding> why_not = {};         // where there is no VLAN
  std::vector<Credential> certificates = {};   // by which it may log on now
};
DesiredAdmission desired_admission(const Grant& grant, std::span<const Credential> credentials,
                                   const SiteSegments& segments, Timestamp now);

enum class PlaceState {
  in_place,    // its port lets it through, into the segment where it is to be
  logging_on,  // RADIUS said yes; the switch has not said that it is on
  changing,    // it is to be elsewhere, or off, or let through, and that is under way
  obstructed,  // the same, and something stands in the way
};

/// Where a device is.
struct AdmissionPlace {
  Session session = {};
  std::optional<PortOverview> port = {};  // none: it is not registered any more
  PlaceState state = PlaceState::changing;
  std::optional<Finding> reason = {};     // why it is to be off, or what stands in the way
};
/// `to_be`: allowed_place of the session. By what was read of the port last; where ports cannot be read, by what the
/// session was given.
AdmissionPlace judge_place(Session session, std::optional<PortOverview> port, const AllowedPlace& to_be);

struct DeviceAdmission {
  Grant grant = {};
  DesiredAdmission desired = {};
  std::string desired_segment = {};            // by name; empty: nowhere
  std::vector<AdmissionPlace> places = {};     // newest first
  std::optional<Session> last_session = {};    // where it was, if it is nowhere
  std::vector<Attempt> refusals = {};          // the last ones, newest first
};

}  // namespace pratique::network
