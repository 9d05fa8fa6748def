// The replicas of this service: each says every kAnnounceEvery that it is here, and with which registrar certificate.
// A pledge that met one of them may be served by any other, so the proximity check takes all of theirs.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "libs/base/clock.h"
#include "libs/pg/pool.h"
#include "services/onboarding/app/registrar_identity.h"

namespace pratique::onboarding {

inline constexpr std::chrono::seconds kAnnounceEvery{10};
/// A pledge may come back days later with the same request, naming a replica that is long gone: RFC 8995 wants its
/// bytes unchanged. So a certificate stays good for as long as a request may wait.
inline constexpr std::chrono::hours kReplicaCounts{96};

class Replicas {
 public:
  Replicas(pg::Pool& pool, const Clock& clock, const CurrentIdentity& identity, std::string name)
      : pool_(pool), clock_(clock), identity_(identity), name_(std::move(name)) {}

  /// Says that we are here and learns of the others; called at the start and then every kAnnounceEvery.
  Result<void> announce();
  /// Ours first, then those of the other replicas, as last learnt.
  std::vector<crypto::Certificate> certificates() const;

 private:
  pg::Pool& pool_;
  const Clock& clock_;
  const CurrentIdentity& identity_;
  std::string name_;
  mutable std::mutex mutex_;
  std::vector<crypto::Certificate> others_;
};

}  // namespace pratique::onboarding
