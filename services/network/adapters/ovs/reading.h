// What the switch does, read: the rules of its ports and those that all share, and what a PortState is made of.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "libs/protocol/openflow/flow.h"
#include "services/network/adapters/ovs/link.h"
#include "services/network/adapters/ovs/picture.h"
#include "services/network/adapters/ovs/rules.h"

namespace pratique::network {

/// Above so many ports all flows are read at once, else those of each port.
inline constexpr std::size_t kReadAllFrom = 32;

struct Reading {
  std::map<std::uint32_t, std::vector<openflow::Flow>> of_port = {};  // table 0, by port number
  /// Of all ports: table 1, and what of table 0 names no port. Where not all was read: only what is ours of the latter.
  std::vector<openflow::Flow> shared = {};

  std::span<const openflow::Flow> port(std::uint32_t ofport) const {
    const auto at = of_port.find(ofport);
    return at == of_port.end() ? std::span<const openflow::Flow>() : at->second;
  }
};

/// All of tables 0 and 1.
Result<Reading> read_all(SwitchLink& link, Deadline deadline);
/// Of these ports, and what is shared. What it transfers does not grow with other ports.
Result<Reading> read_ports(SwitchLink& link, std::span<const std::uint32_t> ofports, Deadline deadline);

/// What of the shared rules is amiss.
struct SharedState {
  bool whole = false;     // exactly as wanted
  bool all_pass = false;  // a foreign flow lets everything through
  std::vector<std::string> foreign = {};
};
SharedState judge_shared(std::span<const openflow::Flow> shared, std::span<const openflow::Flow> wanted);

PortState state_of(const OvsPort& port, std::span<const openflow::Flow> flows, const SharedState& shared);

}  // namespace pratique::network
