// Ports of switches: what each is for, what it is to do, what it does.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/mac_address.h"
#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "services/network/domain/ids.h"
#include "services/network/domain/segment.h"

namespace pratique::network {

/// What a port is for.
enum class PortRole {
  access,   // devices; 802.1X decides who, and until then the onboarding segment holds
  service,  // the join proxy's or another server's, in a segment that never changes
  uplink,   // to other switches and routers: carries every segment; never touched
};
std::string_view to_string(PortRole role);
Result<PortRole> parse_port_role(std::string_view word);

/// A machine that may talk on a port, and whose it is.
struct AdmittedStation {
  MacAddress mac = {};
  DeviceId device = {};
  auto operator<=>(const AdmittedStation&) const = default;
};

/// What a port is to do. Worked out from sessions and grants (plan.h); an adapter makes it so.
struct PortPlan {
  std::string port = {};  // the switch's own name for it, "p1"
  PortRole role = PortRole::access;
  VlanId vlan = 0;        // of an uplink: 0, all
  /// Of an access port: empty = nobody is admitted, and only what onboarding needs passes.
  std::vector<AdmittedStation> stations = {};  // ordered
  bool operator==(const PortPlan&) const = default;
};

/// What a port does, as the switch tells it.
struct PortState {
  std::string port = {};
  bool link_up = false;
  std::optional<VlanId> vlan = {};            // none: no VLAN of its own
  std::vector<MacAddress> admitted = {};      // ordered; stations whose frames pass
  bool onboarding_only = true;                // what onboarding needs passes: all of it, and nothing else
  /// Every frame of the port passes, whoever sends it. None: the switch cannot tell.
  std::optional<bool> all_pass = {};
  /// What does not fit any plan: a rule or a setting that somebody else made, in words for an operator.
  std::vector<std::string> foreign = {};
  /// No place to plug in, but the switch itself: what is foreign here concerns all ports.
  bool own = false;
};

/// True if the switch does what it is to do. What is foreign is looked at apart.
bool fulfils(const PortState& state, const PortPlan& plan);

}  // namespace pratique::network
