// Makes switches do what they are to do, and keeps them so.
//
//   while (reconciler.step()) {}        // one switch a step: the most urgent one that nobody drives
//
// A step takes the lease of a switch with work, reads what is known, judges each marked port (domain/plan.h), ends the
// sessions that may not be, applies what differs, and writes down what became of it. Where ports can be driven, they
// are first: they close before any authenticator is asked to log somebody off. No transaction is held while a switch is
// spoken to. Any number of replicas and threads step side by side: a switch is driven by one of them; where that one
// dies, its lease runs out, and the next reads all ports of the switch first.
//
// What a step costs depends on the ports that are marked, not on how many there are. Only a full reading (at the start,
// after a loss, and every `observe_every`) costs by the ports of its switch.
//
// A port that the switch refuses is tried again with each full reading, and does not hold up the others. A switch that
// fails is left alone for a growing pause; its ports stay marked. Its first words after that (PortEvent all_lost) end
// the pause.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "services/network/app/adapter_book.h"
#include "services/network/app/sessions.h"
#include "services/network/app/surroundings.h"
#include "services/network/domain/capability.h"
#include "services/network/domain/switch.h"
#include "services/network/storage/work.h"

namespace pratique::network {

struct ReconcilerConfig {
  std::string holder = {};                     // of leases: this life of a replica, unlike every other
  bool kept_only = false;                      // drive what this life keeps (storage/keepers.h), and nothing else
  std::chrono::seconds lease{60};              // a crashed replica's switches wait so long
  std::chrono::seconds call_limit{20};         // for all that is asked of the switch in one step; well below `lease`
  std::chrono::seconds observe_every{300};
  std::chrono::milliseconds first_pause{500};  // after a failure; doubled with each
  std::chrono::seconds longest_pause{60};
  bool put_right = true;                       // what somebody changed beside us
};
inline constexpr int kPortsAtOnce = 256;       // marked ports of a step; the rest follows in the next

class Reconciler {
 public:
  /// All outlive it. Thread-safe.
  Reconciler(Surroundings surroundings, ReconcilerConfig config, AdapterBook& book, Sessions& sessions,
             const obs::Log& log, obs::Metrics& metrics);

  /// True if a switch was driven, well or not: there may be more. False: nothing is to be done now. The failures of
  /// switches are theirs and not errors; an error is the database's. `taken` is called once a switch was found, before it
  /// is driven.
  Result<bool> step(const std::function<void()>& taken = {});

 private:
  struct Round;
  Result<void> drive(Round& round);
  Result<void> ask_stations(Round& round);
  Result<void> load(Round& round);
  void observe(Round& round);
  void judge(Round& round) const;
  void look_at_unchanged(Round& round);
  void end_sessions(Round& round);
  void note_end(const Round& round, const Session& session, const SessionEnd& end);
  void apply(Round& round);
  void move_sessions(Round& round);
  Result<void> finish(Round& round);
  Result<void> give_up(Round& round);

  static pg::Deadline soon() { return pg::within(std::chrono::seconds(10)); }

  pg::Pool& pool_;
  const Clock& clock_;
  ReconcilerConfig config_;
  AdapterBook& book_;
  Sessions& sessions_;
  const obs::Log& log_;
  std::map<SwitchKind, obs::Histogram> applied_seconds_;
  std::map<SwitchKind, obs::Counter> applied_, refused_, by_hand_, failures_;
  std::map<std::pair<SwitchKind, EndedBy>, obs::Counter> logged_off_;
};

}  // namespace pratique::network
