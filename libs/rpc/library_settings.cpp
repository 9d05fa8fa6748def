#include "libs/rpc/library_settings.h"

#include <absl/synchronization/mutex.h>

#include "libs/rpc/library_log.h"

namespace pratique::rpc {

void apply_library_settings() {
  static const bool once = [] {
    LibraryLog::install();
    // Debian builds Abseil with its debug checks, of which this one follows the order of every lock that gRPC takes,
    // and aborts the process where it thinks that two threads might once wait for each other.
    absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
    return true;
  }();
  (void)once;
}

}  // namespace pratique::rpc
