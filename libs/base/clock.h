// Time and randomness as arguments: whoever needs them is given them, so that tests and replays decide.
#pragma once

#include "libs/base/timestamp.h"

namespace pratique {

/// Wall-clock time, for records and validity. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;
};

/// The machine's clock.
class SystemClock final : public Clock {
 public:
  Timestamp now() const override;
};

/// A clock that stands still until it is set; for tests. Not thread-safe while being set.
class FixedClock final : public Clock {
 public:
  explicit FixedClock(Timestamp now) : now_(now) {}
  Timestamp now() const override { return now_; }
  void set(Timestamp now) { now_ = now; }
  void advance(std::chrono::microseconds by) { now_ += by; }

 private:
  Timestamp now_;
};

}  // namespace pratique
