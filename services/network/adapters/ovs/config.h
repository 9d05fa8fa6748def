// How one Open vSwitch is reached and what its closed ports let through.
#pragma once

#include <chrono>
#include <string>

#include "libs/base/result.h"
#include "services/network/app/adapter.h"

namespace pratique::network {

struct OvsConfig {
  /// `unix:/run/openvswitch/db.sock` or `host:port`. Plain: over a network only through a tunnel.
  std::string ovsdb = {};
  /// `unix:/run/openvswitch/br0.mgmt`, or `host:port` of a bridge's `ptcp:` controller.
  std::string openflow = {};
  std::string bridge = "br0";
  OnboardingAccess onboarding = {};
  /// For connecting and for the first exchange with both ends.
  std::chrono::milliseconds connect_timeout{3000};
  /// Between attempts to connect, doubled each time.
  std::chrono::milliseconds first_pause{100}, longest_pause{10'000};
  /// After so long without a byte an end is asked whether it lives; after twice as long it is given up.
  std::chrono::milliseconds silence{5000};
  /// How often the number of flows is asked for: OpenFlow 1.4 does not tell of flows that others add.
  std::chrono::milliseconds poll{2000};
};
inline constexpr std::size_t kMaxOnboardingServices = 64;

/// INVALID_ARGUMENT FIELD_INVALID, naming the field.
Result<void> check_ovs_config(const OvsConfig& config);

}  // namespace pratique::network
