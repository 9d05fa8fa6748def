// How much work may be asked for from outside in a second: a bucket that fills evenly.
#pragma once

#include <algorithm>
#include <chrono>
#include <mutex>

namespace pratique::registrar {

/// Thread-safe. Full at first; holds what a second brings.
class RateLimit {
 public:
  explicit RateLimit(double per_second) : per_second_(per_second), left_(per_second) {}

  /// False: no more for now.
  bool take(std::chrono::steady_clock::time_point now) {
    const std::lock_guard lock(mutex_);
    const std::chrono::duration<double> passed = now - last_;
    if (passed.count() > 0) left_ = std::min(per_second_, left_ + passed.count() * per_second_), last_ = now;
    if (left_ < 1) return false;
    left_ -= 1;
    return true;
  }

 private:
  const double per_second_;
  std::mutex mutex_;
  double left_;
  std::chrono::steady_clock::time_point last_ = {};
};

}  // namespace pratique::registrar
