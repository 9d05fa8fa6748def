#include "services/network/app/attempts.h"

namespace pratique::network {

Result<std::vector<ListedAttempt>> Attempts::list(const Call& call, const AttemptFilter& filter, std::string_view after,
                                                  int limit) {
  return pool_.look(call.deadline, [&](pg::Tx& tx) { return list_attempts(tx, filter, after, limit); });
}

Result<std::int64_t> Attempts::forget(pg::Deadline deadline) {
  if (rules_.history == std::chrono::hours::zero()) return 0;
  const std::lock_guard lock(mutex_);
  TRY(const auto swept, pool_.with(deadline, [&](pg::Tx& tx) {
    return sweep_attempts(tx, clock_.now() - rules_.history, swept_, kAttemptsSwept);
  }));
  swept_ = swept.last;
  return swept.forgotten;
}

}  // namespace pratique::network
