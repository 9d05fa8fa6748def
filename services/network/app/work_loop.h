// The threads of this service's work: reconcilers, reports of RADIUS servers, what switches tell, and what is done now
// and then. Everything is woken by NOTIFY or by an adapter, and by a timer where a wake-up was lost; only reports are
// looked for, since a NOTIFY would take the commits of logons to disk one after another.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "libs/pg/listener.h"
#include "services/network/app/attempts.h"
#include "services/network/app/reconciler.h"

namespace pratique::network {

struct WorkLoopConfig {
  int reconcilers = 4;                        // switches that are driven at once
  std::chrono::milliseconds look_around{2'000};  // without a wake-up
  std::chrono::milliseconds reports_every{100};  // so long a logon waits at most before it opens a session
  std::chrono::seconds tidy_every{30};
  std::string keeper = {};                    // whose word on switches counts: Sessions::note
  std::chrono::hours events_kept{30 * 24};    // a follower of WatchEvents may be away so long
  std::chrono::hours requests_kept{7 * 24};   // so late is a repeated request recognised
};
/// What switches may have told before it is noted. Beyond, their ports are read anew instead.
inline constexpr std::size_t kMaxPortEvents = 10'000;

class WorkLoop {
 public:
  /// All outlive it. `listener` follows work_channel() and radius_channel() of the pool's schema.
  WorkLoop(Surroundings surroundings, WorkLoopConfig config, Reconciler& reconciler, Sessions& sessions,
           Attempts& attempts, pg::Listener& listener, const obs::Log& log, obs::Metrics& metrics);
  /// stop().
  ~WorkLoop();

  void start();
  /// Ends all threads once they have finished what they are at. Idempotent.
  void stop();

  /// What an adapter tells: returns at once, noted in the order of coming. Thread-safe, at any time.
  void note(const SwitchId& on_switch, const PortEvent& event);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace pratique::network
