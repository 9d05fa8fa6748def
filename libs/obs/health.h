// Whether the process lives and whether it should be sent work: the one source of what /readyz, gRPC's health service
// and whoever else asks are told. Thread-safe.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"

namespace pratique::obs {

class Health {
 public:
  using Check = std::function<Result<void>()>;  // quick, and safe from any thread; one runs at a time

  /// What else must hold to be ready ("database" answers). Add before serving.
  void add_check(std::string_view name, Check check);
  /// Not ready until this is called with true; false again when stopping: no check runs any more when that returns.
  void set_serving(bool serving);
  /// Called at once with what was last seen, then at each change, by whoever sees it. It must not call back here.
  void on_change(std::function<void(bool ready)> listener);

  /// Looks: ready, or UNAVAILABLE NOT_READY with the name of the check that fails. Listeners have heard of a change
  /// when it returns. libs/runtime looks every second, so that they hear of it even where nobody asks.
  Result<void> ready();

 private:
  Result<void> look() const;
  void tell(bool ready);

  std::mutex looking_;        // before telling_; held while checks run
  std::mutex telling_;        // before mutex_; held while listeners are called, so that they hear changes in order
  mutable std::mutex mutex_;  // guards the rest
  bool serving_ = false;
  bool told_ = false;
  std::vector<std::pair<std::string, Check>> checks_;
  std::vector<std::function<void(bool)>> listeners_;
};

}  // namespace pratique::obs
