// Internal to this room: counters that one thread writes and any reads, and that stop() waits on.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace pratique::net {

template <typename Stats>
class Tally {
 public:
  /// Changes the counts under the lock: tally.count([](auto& stats) { ++stats.requests; });
  template <typename Change>
  void count(Change&& change) {
    const std::lock_guard lock(mutex_);
    change(stats_);
    changed_.notify_all();
  }
  Stats stats() const {
    const std::lock_guard lock(mutex_);
    return stats_;
  }
  /// Waits until `test(stats)` holds; false when `timeout` is over first.
  template <typename Test>
  bool wait_until(std::chrono::milliseconds timeout, Test&& test) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, timeout, [&] { return test(stats_); });
  }
  /// The same without end.
  template <typename Test>
  void wait(Test&& test) const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return test(stats_); });
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  Stats stats_;
};

}  // namespace pratique::net
