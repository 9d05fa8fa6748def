#include "services/onboarding/app/replicas.h"

#include "services/onboarding/storage/replicas.h"

namespace pratique::onboarding {

Result<void> Replicas::announce() {
  const auto ours = identity_.get();
  const auto now = clock_.now();
  TRY(auto active, pool_.with(pg::within(std::chrono::seconds(3)),
                              [&](pg::Tx& tx) -> Result<std::vector<crypto::Certificate>> {
                                TRY_VOID(announce_replica(tx, name_, ours->certificate(), now));
                                TRY_VOID(forget_replicas(tx, now - kReplicaCounts));
                                return active_replicas(tx, now - kReplicaCounts);
                              }));
  std::erase(active, ours->certificate());
  const std::lock_guard lock(mutex_);
  others_ = std::move(active);
  return {};
}

std::vector<crypto::Certificate> Replicas::certificates() const {
  std::vector<crypto::Certificate> out{identity_.get()->certificate()};
  const std::lock_guard lock(mutex_);
  out.insert(out.end(), others_.begin(), others_.end());
  return out;
}

}  // namespace pratique::onboarding
