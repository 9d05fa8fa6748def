// In what a port does not do what it is to do, each thing by itself and in words: what an operator is shown. The
// reconciler asks `fulfils` (port.h), which is true exactly where nothing but foreign things is found here.
#pragma once

#include <string>
#include <vector>

#include "services/network/domain/port.h"

namespace pratique::network {

struct Difference {
  std::string what = {};  // "vlan", "stations", "onboarding_only", "all_pass", "foreign", "session"
  std::string desired = {};
  std::string observed = {};
  bool operator==(const Difference&) const = default;
};

/// Of a port that can be read. Foreign things each are one, behind all else.
std::vector<Difference> differences(const PortState& state, const PortPlan& plan);

}  // namespace pratique::network
