// What every kind of switch looks like from here. Adapters (adapters/*) implement it, the reconciler drives it, and one
// conformance suite (adapters/conformance) holds each against its real counterpart.
//
//   adapter.watch(…);                                 // once, at the start
//   TRY(const auto states, adapter.observe(deadline));
//   for each port whose state does not fulfil its plan: plans.push_back(plan)
//   TRY(const auto report, adapter.apply(plans, deadline));
//
// An adapter stands for one switch, keeps its connections and makes them again by itself. Methods may be called from
// several threads; `apply` of one switch is serialised by the adapter. It keeps no desired state: what was applied is
// read back from the switch. Fail closed: where it cannot do all of a port's plan, the port ends up closed.
//
// Errors: UNAVAILABLE SWITCH_UNREACHABLE (ask again later), DEADLINE_EXCEEDED SWITCH_TIMEOUT,
// FAILED_PRECONDITION SWITCH_CAPABILITY_MISSING, INTERNAL SWITCH_PROTOCOL (it speaks otherwise than its protocol).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libs/base/ip_address.h"
#include "libs/base/result.h"
#include "libs/base/verdict.h"
#include "services/network/domain/capability.h"
#include "services/network/domain/port.h"

namespace pratique::network {

using Deadline = std::chrono::steady_clock::time_point;

/// What happened at a switch, told as soon as it is seen.
struct PortEvent {
  enum class Kind {
    link_up,
    link_down,
    station_on,     // passed 802.1X
    station_off,    // logged off, was logged off, or failed to re-authenticate
    changed,        // something of the port was changed, by us or by others: observe
    all_lost,       // the connection was lost and is back, or the authenticator was: everything may have changed
  };
  Kind kind = Kind::changed;
  std::string port = {};     // empty for all_lost
  MacAddress mac = {};       // of station_on and station_off
};

/// How a station's session is named towards the switch (RFC 5176 section 3). Fields that are not known are empty.
struct SessionRef {
  std::string port = {};
  MacAddress mac = {};
  std::string accounting_id = {};  // Acct-Session-Id
  std::string user_name = {};
};

/// What became of one port of `apply`.
struct AppliedPort {
  std::string port = {};
  /// Accepted: read back and as planned. Else SWITCH_REFUSED, SWITCH_DISOBEYED or SWITCH_CAPABILITY_MISSING with
  /// evidence, and the port is closed as far as the switch lets us.
  Verdict verdict = {};
};

class SwitchAdapter {
 public:
  using Listener = std::function<void(const PortEvent&)>;  // called on the adapter's thread; must not block or call back

  virtual ~SwitchAdapter() = default;
  virtual Capabilities capabilities() const = 0;
  /// Connects and keeps connected; what happens is told from now on, first `all_lost` once the connection stands.
  virtual void watch(Listener listener) = 0;
  /// Every port that the switch has. Needs observe_ports.
  virtual Result<std::vector<PortState>> observe(Deadline deadline) = 0;
  /// All plans of the call go out together; each port is done whole or closed. Idempotent.
  virtual Result<std::vector<AppliedPort>> apply(std::span<const PortPlan> plans, Deadline deadline) = 0;
  /// Logs a station off. A session that the switch does not know is a success: it is over.
  virtual Result<void> end_session(const SessionRef& session, Deadline deadline) = 0;
  /// Another segment for a station that stays logged on. Needs change_session.
  virtual Result<void> change_session(const SessionRef& session, VlanId vlan, Deadline deadline) = 0;
};

/// What passes on a port on which nobody is admitted: to the join proxies and what finds them; in both address families
/// neighbour discovery too. Everything else is dropped.
struct OnboardingService {
  IpAddress address = {};
  std::uint16_t port = 0;  // TCP
};
struct OnboardingAccess {
  std::vector<OnboardingService> services = {};
  bool dhcp = true;  // DHCP and DHCPv6 requests
  bool mdns = true;  // to find the join proxy (RFC 8995 section 4.1.2)
};

}  // namespace pratique::network
