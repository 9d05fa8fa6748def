// The adapters of the switches that this replica keeps: one for each, made anew when its switch or one of its ports'
// authenticators is changed, ended when the switch is disabled, deleted or kept by another. What they tell goes to
// `tell`, and stops with them.
//
//   KeptAdapters book(pool, {"network-1", "network-1/5f0c", 5s}, lock, make, tell, log, metrics);
//   runtime::Periodic turning(1s, [&] { book.turn(); });       // and at each change of the registry: wake()
//
// A life that is not renewed for as long as it counts loses its switches to others, who begin by reading them anew. So
// does one that cannot reach the database; its adapters go with the first turn that can. What they told until then is
// passed over (Sessions::note), and what it drove is refused (the lease's fence).
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "libs/pg/pool.h"
#include "services/network/app/adapter_book.h"
#include "services/network/life_lock.h"
#include "services/network/make_adapter.h"
#include "services/network/storage/keepers.h"

namespace pratique::network {

/// One start of a replica.
struct ReplicaLife {
  std::string replica;  // its name
  std::string life;     // unlike every other's and every other start's
  std::chrono::milliseconds counts{5000};  // since it was renewed last
};

class KeptAdapters final : public AdapterBook {
 public:
  using Make = std::function<Result<std::unique_ptr<SwitchAdapter>>(const SwitchRecord& record)>;
  using Tell = std::function<void(const SwitchId&, const PortEvent&)>;

  /// All outlive it. `tell` must not block.
  KeptAdapters(pg::Pool& pool, ReplicaLife life, const LifeLock& lock, Make make, Tell tell, const obs::Log& log,
               obs::Metrics& metrics);
  /// leave().
  ~KeptAdapters() override;

  /// Renews the life, and brings the adapters to what is registered now. One thread.
  void turn();
  /// Ends all adapters, and lets others take the switches at once. Nothing is told any more when it returns.
  void leave();

  Result<std::shared_ptr<SwitchAdapter>> find(const SwitchId& on_switch) override;

 private:
  using Time = std::chrono::steady_clock::time_point;
  /// Whether an adapter may still tell.
  struct Voice {
    std::mutex mutex = {};
    bool ended = false;
  };
  struct Kept {
    KeptSwitch made_of = {};
    std::shared_ptr<SwitchAdapter> adapter = {};  // none: it could not be made
    std::optional<Error> why = {};                // it could not
    std::shared_ptr<Voice> voice = {};
    Time retry = {};  // of one that could not
  };

  Result<void> bring_up_to_date();
  Kept make(const KeptSwitch& one, bool again);
  static void silence(const Kept& kept);

  pg::Pool& pool_;
  const ReplicaLife life_;
  const LifeLock& lock_;
  const Make make_;
  const Tell tell_;
  const obs::Log& log_;
  obs::Gauge kept_count_;
  bool failing_ = false;  // of the last turn; it is told once

  std::mutex turning_;  // before mutex_: held while switches are taken and their adapters made
  std::mutex mutex_;    // guards the rest
  std::map<SwitchId, Kept> kept_;
};

}  // namespace pratique::network
