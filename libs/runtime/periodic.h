// Something to do every so often, on a thread of its own: announcing oneself, tidying up.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace pratique::runtime {

class Periodic {
 public:
  /// Calls `work` at once, then `interval` after each return. `work` must not throw.
  Periodic(std::chrono::milliseconds interval, std::function<void()> work);
  /// Waits for a call that runs.
  ~Periodic();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace pratique::runtime
