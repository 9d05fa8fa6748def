#include "services/network/kept_adapters.h"

#include <algorithm>
#include <vector>

#include "services/network/app/catalogue.h"
#include "services/network/storage/switches.h"
#include "services/network/storage/work.h"

namespace pratique::network {
namespace {

constexpr std::chrono::seconds kTurnLimit{5}, kLeaveLimit{2};
constexpr std::chrono::seconds kRetryAfter{5};  // of an adapter that could not be made

}  // namespace

KeptAdapters::KeptAdapters(pg::Pool& pool, ReplicaLife life, const LifeLock& lock, Make make, Tell tell,
                           const obs::Log& log, obs::Metrics& metrics)
    : pool_(pool),
      life_(std::move(life)),
      lock_(lock),
      make_(std::move(make)),
      tell_(std::move(tell)),
      log_(log),
      kept_count_(metrics.gauge(kKeptSwitches)) {}

KeptAdapters::~KeptAdapters() { leave(); }

Result<std::shared_ptr<SwitchAdapter>> KeptAdapters::find(const SwitchId& on_switch) {
  const auto look = [&]() -> std::optional<Kept> {
    const std::lock_guard lock(mutex_);
    const auto found = kept_.find(on_switch);
    return found == kept_.end() ? std::nullopt : std::optional(found->second);
  };
  auto kept = look();
  if (!kept) {  // it may have been taken a moment ago: its adapter is being made
    const std::lock_guard turn(turning_);
    kept = look();
  }
  if (!kept) return no_adapter(on_switch);
  if (!kept->adapter) return *kept->why;
  return kept->adapter;
}

void KeptAdapters::turn() {
  const auto turned = bring_up_to_date();
  if (!turned && !std::exchange(failing_, true)) log_.write(kKeepingFailed, turned.error());
  if (turned) failing_ = false;
}

Result<void> KeptAdapters::bring_up_to_date() {
  std::vector<Kept> gone;  // ended once nobody waits for us
  {
    const std::lock_guard turn(turning_);
    TRY(const auto wanted, pool_.with(pg::within(kTurnLimit), [&](pg::Tx& tx) -> Result<std::vector<KeptSwitch>> {
      TRY_VOID(renew_life(tx, life_.replica, life_.life, life_.counts, lock_.held()));
      TRY_VOID(take_switches(tx, life_.life));
      return kept_switches(tx, life_.life);
    }));
    std::vector<KeptSwitch> to_make;
    {
      const std::lock_guard lock(mutex_);
      const auto now = std::chrono::steady_clock::now();
      for (auto it = kept_.begin(); it != kept_.end();) {
        const auto same = std::ranges::lower_bound(wanted, it->first, {}, &KeptSwitch::id);
        const bool stays = same != wanted.end() && *same == it->second.made_of;
        if (stays && (it->second.adapter || now < it->second.retry)) {
          ++it;
          continue;
        }
        silence(it->second);
        gone.push_back(std::move(it->second));
        it = kept_.erase(it);
      }
      for (const auto& one : wanted)
        if (!kept_.contains(one.id)) to_make.push_back(one);
    }
    for (const auto& one : to_make) {
      // What failed before and was not changed is told once.
      auto made = make(one, std::ranges::find(gone, one, &Kept::made_of) != gone.end());
      const std::lock_guard lock(mutex_);
      kept_.emplace(one.id, std::move(made));
    }
    kept_count_.set(static_cast<double>(wanted.size()));
  }
  return {};
}

KeptAdapters::Kept KeptAdapters::make(const KeptSwitch& one, bool again) {
  Kept out{.made_of = one, .voice = std::make_shared<Voice>(), .retry = std::chrono::steady_clock::now() + kRetryAfter};
  SwitchRecord record;
  auto made = pool_.read(pg::within(kTurnLimit), [&](pg::Tx& tx) -> Result<void> {
                     TRY(record.on_switch, get_switch(tx, one.id));
                     TRY(record.secret, load_switch_secret(tx, one.id));
                     TRY(record.authenticators, list_authenticators(tx, one.id));
                     return {};
                   }).and_then([&] { return make_(record); });
  if (!made) {
    if (!again) log_.write(kAdapterFailed, made.error(), {{"switch", record.on_switch.name}});
    out.why = made.error();
    return out;
  }
  out.adapter = *std::move(made);
  out.adapter->watch([voice = out.voice, id = one.id, &tell = tell_](const PortEvent& event) {
    const std::lock_guard lock(voice->mutex);
    if (!voice->ended) tell(id, event);
  });
  // What its predecessor could not do, this one may; and not every kind says that it is there.
  tell_(one.id, {.kind = PortEvent::Kind::all_lost});
  return out;
}

void KeptAdapters::silence(const Kept& kept) {
  const std::lock_guard lock(kept.voice->mutex);
  kept.voice->ended = true;
}

void KeptAdapters::leave() {
  const std::lock_guard turn(turning_);
  std::map<SwitchId, Kept> gone;
  {
    const std::lock_guard lock(mutex_);
    gone = std::move(kept_);
    kept_.clear();
  }
  for (const auto& [id, kept] : gone) silence(kept);
  // Without an answer the life runs out by itself.
  if (!gone.empty())
    (void)pool_.with(pg::within(kLeaveLimit), [&](pg::Tx& tx) { return end_life(tx, life_.life); });
}

}  // namespace pratique::network
