// What keeps lists and answers true: follows the events of all replicas, and does at once what follows from them.
//
// Run a turn at each wake-up of the outbox's channel, and every kFollowEvery: wake-ups may be lost, and lists and the
// responder's certificate grow old by themselves.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "services/registrar/app/crl_publisher.h"
#include "services/registrar/app/ocsp_responder.h"

namespace pratique::registrar {

inline constexpr std::chrono::milliseconds kFollowEvery{1000};
/// Between two turns at least, however often it is woken.
inline constexpr std::chrono::milliseconds kFollowRest{50};

class RevocationFollower {
 public:
  /// All outlive it.
  RevocationFollower(Surroundings surroundings, CrlPublisher& lists, OcspResponder& responder, const obs::Log& log)
      : pool_(surroundings.pool), lists_(lists), responder_(responder), log_(log) {}

  /// One thread at a time. What fails is logged and tried again in the next turn.
  void turn();

 private:
  Result<void> follow();
  Result<void> read_on(std::int64_t cursor);
  void tell(const Result<void>& done, std::string_view task);

  pg::Pool& pool_;
  CrlPublisher& lists_;
  OcspResponder& responder_;
  const obs::Log& log_;
  std::optional<std::int64_t> cursor_;
  EndsTold told_;
  std::map<std::string, std::chrono::steady_clock::time_point, std::less<>> failing_;  // task -> last told
};

}  // namespace pratique::registrar
