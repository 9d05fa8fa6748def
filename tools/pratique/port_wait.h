// Waits until the network has done at the ports what was decided about a device.
//
//   TRY(auto device, api.call<Device>(quarantine));              // decided
//   TRY(auto done, wait_at_ports(context, aim_of(device), limit, begun));
//
// A session that is to end is done with when it has ended and its port has been seen to; one that is to move, when its
// port lets it pass in the new segment. Both are what the network service says of its switches (docs/enforcement.md).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <pratique/network/v1/session.pb.h>
#include <pratique/network/v1/switch.pb.h>
#include <pratique/registrar/v1/device.pb.h>

#include "libs/base/timestamp.h"
#include "tools/pratique/context.h"

namespace pratique::cli {

/// Where a device's sessions are to be.
struct Aim {
  enum class Goal { nowhere, quarantine, segment };
  std::string device;  // resource name
  Goal goal = Goal::nowhere;
  std::string segment = {};  // by short name; of a quarantine it is found out
  Timestamp decided = {};    // by the registrar's clock
};
/// What a device's state at the registrar means for its ports.
Aim aim_of(const registrar::v1::Device& device);

/// A session with its port as it is now. None: the port is not registered any more.
struct Place {
  network::v1::Session session;
  std::optional<network::v1::Port> port = {};
};

enum class Progress {
  done,  // the port does what was decided
  waiting,
  not_meant  // accepted, but not on: it decides nothing about a segment
};
Progress progress_of(const Place& place, const Aim& aim);
/// What stands in the way, as the port tells it: "SWITCH_UNREACHABLE the switch does not answer"; "" where it is just
/// not done yet.
std::string obstacle_of(const Place& place);

struct AtPorts {
  std::vector<Place> places;         // where the device was or is; none: it was on no port
  std::chrono::microseconds took{};  // from the decision to the last port
};

/// --wait, --wait-limit TIME.
std::vector<Option> wait_options();
/// None without --wait.
Result<std::optional<std::chrono::milliseconds>> wait_limit(const Arguments& arguments);

/// `begun`: when the decision was asked for, by our clock. DEADLINE_EXCEEDED NETWORK_BEHIND names the port and what
/// stands in the way. A network service that does not answer is asked again until the limit.
Result<AtPorts> wait_at_ports(Context& context, Aim aim, std::chrono::milliseconds limit,
                              std::chrono::steady_clock::time_point begun);

/// "0.214 s".
std::string seconds_text(std::chrono::microseconds time);

}  // namespace pratique::cli
