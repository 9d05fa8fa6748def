// Follows the registrar: from its events to grants and credentials, and to the ports that this concerns.
//
// Each event is one transaction with its cursor, so that it counts once, whoever repeats it and however many replicas
// follow. Where its device has a session, the port is marked in that same transaction.
//
//   while (running) {
//     TRY(const auto place, feed.place(deadline));
//     if (!place.started) TRY_VOID(feed.resynchronise(registrar, deadline));
//     … follow from place.cursor: feed.handle(event, deadline); OUT_OF_RANGE: feed.resynchronise …
//   }
#pragma once

#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "services/network/app/registrar.h"
#include "services/network/app/surroundings.h"
#include "services/network/storage/grants.h"

namespace pratique::network {

class RegistrarFeed {
 public:
  /// All outlive it.
  RegistrarFeed(Surroundings surroundings, const obs::Log& log, obs::Metrics& metrics);

  /// From where to follow.
  Result<FeedPlace> place(pg::Deadline deadline);
  /// Old events, and types that say nothing of standing or certificates, change nothing but the cursor. One that cannot
  /// be read is logged and passed over: it must not stop those behind it.
  Result<void> handle(const RegistrarEvent& event, pg::Deadline deadline);
  /// The registrar no longer keeps what we missed, or was restored to an earlier time: everything is asked anew. What
  /// it does not list is excluded.
  Result<void> resynchronise(Registrar& registrar, pg::Deadline deadline);

 private:
  Result<void> take_in(pg::Tx& tx, const RegistrarEvent& event);

  pg::Pool& pool_;
  const Clock& clock_;
  const obs::Log& log_;
  obs::Counter handled_, unreadable_, listings_;
  obs::Gauge cursor_;
};

}  // namespace pratique::network
