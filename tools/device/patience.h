// How long an attempt may last in all, and the waits in between. A wait is counted by its nominal length, so that a
// test that does not really wait sees time pass all the same.
#pragma once

#include <chrono>
#include <functional>

namespace pratique::device {

class Patience {
 public:
  using Wait = std::function<void(std::chrono::milliseconds)>;

  /// `wait` empty: sleeps.
  Patience(std::chrono::milliseconds limit, Wait wait);

  /// Waits and returns true; false at once where it would end after the limit.
  bool wait(std::chrono::milliseconds duration);
  std::chrono::milliseconds spent() const;
  std::chrono::milliseconds left() const { return spent() < limit_ ? limit_ - spent() : std::chrono::milliseconds(0); }

 private:
  std::chrono::milliseconds limit_;
  Wait wait_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::duration slept_{0};
  std::chrono::milliseconds waited_{0};
};

}  // namespace pratique::device
