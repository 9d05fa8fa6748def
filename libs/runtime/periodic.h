// Something to do every so often, on a thread of its own: announcing oneself, tidying up, following what others wrote.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace pratique::runtime {

class Periodic {
 public:
  /// Calls `work` at once, then `interval` after each return; earlier when it is woken, but never before `rest` is
  /// over. `work` must not throw.
  Periodic(std::chrono::milliseconds interval, std::function<void()> work,
           std::chrono::milliseconds rest = std::chrono::milliseconds(0));
  /// Waits for a call that runs.
  ~Periodic();

  /// There is something to do now: `work` is called once more, however often this is while it runs. Thread-safe.
  void wake();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace pratique::runtime
