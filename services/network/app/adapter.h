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
// Which call brings about what, by capability:
//   set_segment         `apply`. The reconciler compares `observe` with its plans.
//   without it          the switch takes the segment from the Access-Accept and closes ports by itself (an enterprise
//                       switch); it is told of sessions, not of ports. The reconciler compares the segment that a
//                       session was given at its admission with the one planned: `change_session` where they differ,
//                       `end_session` for every session in PlannedPort::to_end. `apply` and `observe` say
//                       SWITCH_CAPABILITY_MISSING.
//   watch_stations      `stations` tells who is logged on now. After `all_lost` the reconciler asks it and ends every
//                       session whose station is not in the list.
//
// Errors: UNAVAILABLE SWITCH_UNREACHABLE (ask again later), DEADLINE_EXCEEDED SWITCH_TIMEOUT,
// FAILED_PRECONDITION SWITCH_CAPABILITY_MISSING and SWITCH_REFUSED (the switch said no, and why),
// INTERNAL SWITCH_PROTOCOL (it speaks otherwise than its protocol).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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
    changed,        // something of the port was changed, by us or by others: observe. Port empty: of any port
    authenticator_lost,  // 802.1X of this port does not answer: who is there cannot be known, so nobody may be
    all_lost,       // the connection stands (again), and what happened meanwhile is not known: observe, ask `stations`
  };
  Kind kind = Kind::changed;
  std::string port = {};     // of all_lost: empty means every port
  MacAddress mac = {};       // of station_on and station_off
};

/// How a station's session is named towards the switch (RFC 5176 section 3). Fields that are not known are empty.
struct SessionRef {
  std::string port = {};
  MacAddress mac = {};
  std::string accounting_id = {};  // Acct-Session-Id
  std::string user_name = {};
};

/// Somebody who is logged on by 802.1X now, as the authenticator tells it.
struct LiveStation {
  SessionRef session = {};            // port and mac are always set
  std::chrono::seconds on_for{};      // since it logged on; 0 where the authenticator does not say
};

/// What became of a session that was to be changed.
enum class SessionChanged {
  changed,         // it goes on, in the new segment
  asked_to_login,  // the switch lets the station authenticate again now; the Access-Accept carries the segment
  ended,           // it is over: ended instead, as configured for this switch, or not known to the switch (any more);
                   // the next login gets the segment
};

/// By what a session ended.
enum class EndedBy {
  port,                // the port lets the station through no more; no authenticator knows of it
  disconnect_request,  // acknowledged (RFC 5176)
  control_socket,      // hostapd's, and read back
  nobody,              // the switch knew of no such session: it was over
};
std::string_view to_string(EndedBy by);
struct SessionEnd {
  EndedBy by = EndedBy::nobody;
  std::optional<Error> instead_of = {};  // of the way that comes first: why it did not do
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
  /// One port, by its name; what it costs does not grow with the switch's other ports where the adapter says so. Needs
  /// observe_ports. NOT_FOUND SWITCH_REFUSED where the switch has no such port.
  virtual Result<PortState> observe_port(std::string_view port, Deadline deadline);
  /// All plans of the call go out together; each port is done whole or closed. Idempotent.
  virtual Result<std::vector<AppliedPort>> apply(std::span<const PortPlan> plans, Deadline deadline) = 0;
  /// Logs a station off. A session that the switch does not know is a success: it is over.
  virtual Result<SessionEnd> end_session(const SessionRef& session, Deadline deadline) = 0;
  /// Another segment for a station that is logged on. Needs change_session.
  virtual Result<SessionChanged> change_session(const SessionRef& session, VlanId vlan, Deadline deadline) = 0;
  /// Everybody who is logged on, ordered by port and address. Needs watch_stations.
  virtual Result<std::vector<LiveStation>> stations(Deadline deadline);
};

/// FAILED_PRECONDITION SWITCH_CAPABILITY_MISSING, for an adapter whose switch lacks it.
Error capability_missing(Capability capability);
/// NOT_FOUND SWITCH_REFUSED: the switch has no port of this name.
Error port_unknown(std::string_view port);

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
