#include "services/network/app/work_loop.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "libs/pg/idempotency.h"
#include "libs/pg/outbox.h"
#include "services/network/app/catalogue.h"

namespace pratique::network {
namespace {

using namespace std::chrono_literals;
constexpr auto kPauseAfterFailure = 1s;
constexpr auto kNoteLimit = 5s;
constexpr int kTrimAtOnce = 1'000;

}  // namespace

struct WorkLoop::Inside {
  Surroundings surroundings;
  WorkLoopConfig config;
  Reconciler& reconciler;
  Sessions& sessions;
  Attempts& attempts;
  pg::Listener& listener;
  const obs::Log& log;
  obs::Gauge marked, troubled, open;

  std::mutex turn = {};  // of waiting for marked ports
  std::mutex mutex = {};
  std::condition_variable changed = {};
  bool stopping = false;
  std::deque<std::pair<SwitchId, PortEvent>> told = {};
  std::set<SwitchId> overflown = {};
  std::vector<std::thread> threads = {};

  bool stopped() {
    const std::lock_guard lock(mutex);
    return stopping;
  }
  void pause(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, time, [&] { return stopping; });
  }
  const std::string& schema() const { return surroundings.pool.config().database.schema; }

  /// Does `work` until it says that there is no more, then waits to be woken, at most so long.
  template <typename F>
  void follow(const std::string& channel, std::chrono::milliseconds at_most, F&& work) {
    while (!stopped()) {
      const auto seen = listener.count(channel);  // before looking, so that nothing is missed
      const Result<bool> more = work();
      if (!more) {
        log.write(kStepFailed, more.error());
        pause(kPauseAfterFailure);
      } else if (!*more) {
        listener.wait(channel, seen, pg::within(at_most));
      }
    }
  }

  /// One waits, and the others stand behind it: a wake-up costs one look, and one more for each switch that was found.
  /// Who finds one lets the next wait; who has driven one looks again, since what came meanwhile was told to others.
  void reconcile() {
    const auto channel = work_channel(schema());
    bool drove = false;
    while (!stopped()) {
      std::unique_lock waiting(turn, std::defer_lock);
      if (!drove) waiting.lock();
      if (stopped()) return;
      const auto seen = listener.count(channel);
      const auto stepped = reconciler.step([&] {
        if (waiting) waiting.unlock();
      });
      drove = stepped && *stepped;
      if (!stepped) {
        log.write(kStepFailed, stepped.error());
        pause(kPauseAfterFailure);
      } else if (waiting) {
        listener.wait(channel, seen, pg::within(config.look_around));
      }
    }
  }

  void note_told() {
    while (true) {
      std::pair<SwitchId, PortEvent> next;
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return stopping || !told.empty() || !overflown.empty(); });
        if (stopping) return;
        if (!told.empty()) {
          next = std::move(told.front());
          told.pop_front();
        } else {
          next.first = *overflown.begin();
          next.second.kind = PortEvent::Kind::all_lost;
          overflown.erase(overflown.begin());
        }
      }
      while (!stopped()) {
        const auto noted = sessions.note(next.first, next.second, pg::within(kNoteLimit), config.keeper);
        if (noted) break;
        log.write(kStepFailed, noted.error());
        pause(kPauseAfterFailure);
      }
    }
  }

  Result<void> tidy() {
    auto& pool = surroundings.pool;
    TRY_VOID(sessions.end_silent(pg::within(kNoteLimit)));
    TRY(const auto census, pool.read(pg::within(30s), [](pg::Tx& tx) { return take_work_census(tx); }));
    marked.set(static_cast<double>(census.marked_ports));
    troubled.set(static_cast<double>(census.troubled_switches));
    open.set(static_cast<double>(census.open_sessions));
    TRY_VOID(attempts.forget(pg::within(30s)));
    const Timestamp now = surroundings.clock.now();
    for (bool more = true; more && !stopped();) {  // in small steps: others append meanwhile
      TRY(more, pool.with(pg::within(30s), [&](pg::Tx& tx) -> Result<bool> {
        TRY(const auto requests, pg::idempotency::trim(tx, now - config.requests_kept, kTrimAtOnce));
        TRY(const auto events, pg::outbox::trim(tx, now - config.events_kept, kTrimAtOnce));
        TRY(const auto sessions_gone, sessions.forget(tx, kTrimAtOnce));
        return requests >= kTrimAtOnce || events >= kTrimAtOnce || sessions_gone >= kTrimAtOnce;
      }));
    }
    return {};
  }
};

WorkLoop::WorkLoop(Surroundings surroundings, WorkLoopConfig config, Reconciler& reconciler, Sessions& sessions,
                   Attempts& attempts, pg::Listener& listener, const obs::Log& log, obs::Metrics& metrics)
    : inside_(new Inside{surroundings, config, reconciler, sessions, attempts, listener, log,
                         metrics.gauge(kMarkedPorts), metrics.gauge(kTroubledSwitches),
                         metrics.gauge(kOpenSessions)}) {}

WorkLoop::~WorkLoop() { stop(); }

void WorkLoop::start() {
  auto& in = *inside_;
  for (int i = 0; i < in.config.reconcilers; ++i)
    in.threads.emplace_back([&in] { in.reconcile(); });
  in.threads.emplace_back([&in] {
    in.follow(radius_channel(in.schema()), in.config.reports_every, [&in]() -> Result<bool> {
      TRY(const int handled, in.sessions.take_reports(pg::within(kNoteLimit)));
      return handled > 0;
    });
  });
  in.threads.emplace_back([&in] { in.note_told(); });
  in.threads.emplace_back([&in] {
    while (!in.stopped()) {
      if (const auto tidied = in.tidy(); !tidied) in.log.write(kStepFailed, tidied.error());
      in.pause(in.config.tidy_every);
    }
  });
}

void WorkLoop::stop() {
  {
    const std::lock_guard lock(inside_->mutex);
    inside_->stopping = true;
  }
  inside_->changed.notify_all();
  for (auto& thread : inside_->threads) thread.join();
  inside_->threads.clear();
}

void WorkLoop::note(const SwitchId& on_switch, const PortEvent& event) {
  bool first_drop = false;
  {
    const std::lock_guard lock(inside_->mutex);
    if (inside_->told.size() >= kMaxPortEvents) first_drop = inside_->overflown.insert(on_switch).second;
    else inside_->told.emplace_back(on_switch, event);
  }
  inside_->changed.notify_all();
  if (first_drop) inside_->log.write(kPortEventsDropped);
}

}  // namespace pratique::network
