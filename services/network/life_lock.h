// How a replica sees at once that another was killed: each life holds a lock that ends with its process
// (storage/life_locks.h), on a connection of its own, and looks every so often whether another's is free.
//
//   LifeLock lock(std::move(session), "network-1/5f0c", 5s, log);
//   runtime::Periodic watching(kLookAtLocksEvery, [&] { if (lock.look()) turning.wake(); });  // KeptAdapters::turn()
//
// All that is asked about locks is asked by the session that holds ours, so that whoever was cut off from the server,
// or still speaks to one that is none any more, ends nobody. Nor does one whose own session is younger than `settle`:
// where the server was started again, all have lost their locks and take them anew first.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "libs/obs/log.h"
#include "libs/pg/pool.h"

namespace pratique::network {

inline constexpr std::chrono::milliseconds kLookAtLocksEvery{200};

class LifeLock {
 public:
  /// `session`: a pool of one connection, for this alone; a lost one is made anew. `log` outlives it.
  LifeLock(std::unique_ptr<pg::Pool> session, std::string life, std::chrono::milliseconds settle, const obs::Log& log);

  /// Takes the lock where the session does not have it, and ends the lives of others whose locks are free. True:
  /// whether we have it has changed, or somebody was ended. One thread.
  bool look();
  /// As of the last look.
  bool held() const { return held_; }

 private:
  struct Seen {
    bool held = false;
    std::vector<std::string> ended = {};  // replicas
  };
  Result<Seen> see();

  const std::unique_ptr<pg::Pool> session_;
  const std::string life_;
  const std::chrono::milliseconds settle_;
  const obs::Log& log_;
  std::chrono::steady_clock::time_point held_since_ = {};
  std::atomic<bool> held_ = false;
  bool failing_ = false;  // of the last look; it is told once
};

}  // namespace pratique::network
