// What a switch does now against what its ports are to do now. Looks, and changes nothing.
//
// A switch that can be asked what its ports do is asked. One that cannot (Capability::observe_ports) took the segment
// of each session from an Access-Accept: what its live sessions were given is compared with what is planned for them.
#pragma once

#include <string>
#include <vector>

#include "libs/base/call.h"
#include "services/network/app/adapter_book.h"
#include "services/network/app/surroundings.h"
#include "services/network/domain/difference.h"
#include "services/network/domain/registered_port.h"

namespace pratique::network {

struct PortDifference {
  PortOverview port = {};  // its condition has what is desired and observed as of now
  std::vector<Difference> differences = {};
};

struct SwitchDiff {
  std::vector<PortDifference> ports = {};       // those that differ or are marked for a reconciler; by name
  std::vector<std::string> undeclared = {};     // ports that the switch has and nobody registered
  std::vector<std::string> missing = {};        // registered ones that it does not have
  std::vector<std::string> foreign = {};        // what somebody else did that concerns all its ports, in words
  Timestamp observe_time = {};
  bool ports_observed = false;
};

class Diff {
 public:
  /// All outlive it.
  Diff(Surroundings surroundings, AdapterBook& book)
      : pool_(surroundings.pool), clock_(surroundings.clock), book_(book) {}

  /// NOT_FOUND SWITCH_UNKNOWN, UNAVAILABLE SWITCH_UNREACHABLE, and what the adapter says (adapter.h).
  Result<SwitchDiff> look(const Call& call, const SwitchId& id);

 private:
  pg::Pool& pool_;
  const Clock& clock_;
  AdapterBook& book_;
};

}  // namespace pratique::network
