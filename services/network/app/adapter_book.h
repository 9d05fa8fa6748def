// Where the reconciler finds the adapter of a switch. Whoever keeps it (kept_adapters.h) makes adapters as switches are
// registered, and hands what they tell to WorkLoop::note.
#pragma once

#include <memory>

#include "services/network/app/adapter.h"
#include "services/network/domain/ids.h"

namespace pratique::network {

/// UNAVAILABLE SWITCH_UNREACHABLE.
Error no_adapter(const SwitchId& on_switch);

class AdapterBook {
 public:
  virtual ~AdapterBook() = default;
  /// Never none. UNAVAILABLE SWITCH_UNREACHABLE: it is not for this replica to have one; else why none can be made.
  /// Thread-safe.
  virtual Result<std::shared_ptr<SwitchAdapter>> find(const SwitchId& on_switch) = 0;
};

}  // namespace pratique::network
