// Logons at ports: who was let in, who was refused and why. RADIUS servers tell of them (deploy/freeradius), an accept
// when its report is taken (sessions.h); this reads them and forgets old ones.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "libs/base/call.h"
#include "services/network/app/surroundings.h"
#include "services/network/storage/attempts.h"

namespace pratique::network {

struct AttemptRules {
  std::chrono::hours history{30 * 24};  // how long after its last time one is kept; 0: for ever
};
/// How many are looked at in one go of forgetting.
inline constexpr int kAttemptsSwept = 5'000;

class Attempts {
 public:
  Attempts(Surroundings surroundings, AttemptRules rules)
      : pool_(surroundings.pool), clock_(surroundings.clock), rules_(rules) {}

  /// Newest first, behind `after`, which is a `place` or empty.
  Result<std::vector<ListedAttempt>> list(const Call& call, const AttemptFilter& filter, std::string_view after,
                                          int limit);
  /// Looks at the next kAttemptsSwept of all, and forgets those that are older than the history; how many. What one
  /// call costs does not grow with their number; where it stopped, the next goes on. Thread-safe.
  Result<std::int64_t> forget(pg::Deadline deadline);

 private:
  pg::Pool& pool_;
  const Clock& clock_;
  AttemptRules rules_;
  std::mutex mutex_;
  std::string swept_;  // where the last call stopped
};

}  // namespace pratique::network
