// Where the reconciler finds the adapter of a switch. Whoever keeps it (start.cpp) makes adapters as switches are
// registered, and hands what they tell to PortEvents (port_events.h).
#pragma once

#include <memory>

#include "services/network/app/adapter.h"
#include "services/network/domain/ids.h"

namespace pratique::network {

class AdapterBook {
 public:
  virtual ~AdapterBook() = default;
  /// None where it cannot be made (yet): the switch counts as unreachable. Thread-safe.
  virtual std::shared_ptr<SwitchAdapter> find(const SwitchId& on_switch) = 0;
};

}  // namespace pratique::network
