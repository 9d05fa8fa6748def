// Ports as operators register them, and how they are now. What a port is to do at this moment: port.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/ip_address.h"
#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "services/network/domain/ids.h"
#include "services/network/domain/port.h"

namespace pratique::network {

inline constexpr std::size_t kMaxPortName = 64;
inline constexpr std::size_t kMaxNasPortId = 253;
inline constexpr std::size_t kMaxAuthenticator = 107;  // a Unix socket's path

/// Where requests of RFC 5176 are taken: "192.0.2.7:3799", "[2001:db8::7]:3799".
struct AuthorizationAddress {
  IpAddress address = {};
  std::uint16_t port = 0;
  bool operator==(const AuthorizationAddress&) const = default;
};
/// INVALID_ARGUMENT FIELD_INVALID.
Result<AuthorizationAddress> parse_authorization_address(std::string_view text);

struct RegisteredPort {
  PortId id = {};
  SwitchId on_switch = {};
  std::string name = {};            // the switch's own; printable, no spaces
  std::string display_name = {};
  PortRole role = PortRole::access;
  SegmentId fixed_segment = {};     // of a service port; empty otherwise
  std::string nas_port_id = {};     // as RADIUS names it; empty: by `name`
  std::string authenticator = {};   // hostapd's control address; empty: the switch's own
  std::string disconnect_at = {};   // where that one takes Disconnect-Requests; empty: nowhere
  Timestamp create_time = {};
  Timestamp update_time = {};
  std::int64_t version = 0;
};
/// INVALID_ARGUMENT FIELD_INVALID, naming the field.
Result<void> check_port(const RegisteredPort& port);

/// Somebody who has a session at a port that has not ended.
struct PresentStation {
  MacAddress mac = {};
  DeviceId device = {};
  SessionId session = {};
};

/// What a port does against what it is to do, as stored.
struct PortCondition {
  bool dirty = false;                         // somebody has to see to it yet
  std::optional<PortPlan> plan = {};          // as applied last; app/port_overview.h: as it is to be now
  std::optional<Timestamp> plan_time = {};
  std::optional<PortState> observed = {};
  std::optional<Timestamp> observe_time = {};
  std::string problem = {};                   // a code of reasons.h; empty: none
  std::string problem_message = {};
  std::vector<PresentStation> present = {};   // ordered by session, so the oldest first
  std::string planned_segment = {};           // by name: whose VLAN the plan has; empty: none
  std::string observed_segment = {};
};

struct PortOverview {
  RegisteredPort port = {};
  PortCondition condition = {};
};

}  // namespace pratique::network
