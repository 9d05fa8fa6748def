// Whether the process lives and whether it should be sent work. Thread-safe.
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
  using Check = std::function<Result<void>()>;  // quick, and safe from any thread

  /// What else must hold to be ready ("database" answers). Add before serving.
  void add_check(std::string_view name, Check check);
  /// Not ready until this is called with true; false again when stopping. Listeners hear each change.
  void set_serving(bool serving);
  /// Called at once with the present value, then at each change, by whoever changes it.
  void on_change(std::function<void(bool serving)> listener);

  /// Ready, or UNAVAILABLE NOT_READY with the name of the check that fails.
  Result<void> ready() const;

 private:
  mutable std::mutex mutex_;
  bool serving_ = false;
  std::vector<std::pair<std::string, Check>> checks_;
  std::vector<std::function<void(bool)>> listeners_;
};

}  // namespace pratique::obs
