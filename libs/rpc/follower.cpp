#include "libs/rpc/follower.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "libs/rpc/catalogue.h"

namespace pratique::rpc::detail {

struct FollowLoop::Inside {
  std::string name;
  const Peer& peer;
  const obs::Log& log;
  Once once;
  FollowPauses pauses;
  std::mutex mutex;  // guards the two below
  bool stopping = false;
  grpc::ClientContext* running = nullptr;
  std::condition_variable stop;
  std::jthread thread;

  Result<void> connect_once(grpc::ClientContext& context, bool& progress) {
    try {
      return once(context, progress);
    } catch (const std::exception& thrown) {
      return internal(kHandlerFailed.id, thrown.what());
    }
  }

  void run() {
    auto pause = pauses.first;
    bool interrupted = false;
    for (;;) {
      grpc::ClientContext context;
      peer.prepare(context, {.deadline = std::chrono::milliseconds::max()});
      {
        const std::scoped_lock lock(mutex);
        if (stopping) return;
        running = &context;
      }
      bool progress = false;
      const auto outcome = connect_once(context, progress);
      std::unique_lock lock(mutex);
      running = nullptr;
      if (stopping) return;
      if (progress) {
        pause = pauses.first;
        if (std::exchange(interrupted, false)) log.write(kFollowResumed, {{"feed", name}});
      }
      // An outage is told once; a peer that stops in order is none.
      if (!outcome && outcome.error().reason != kFeedEnded.id && !std::exchange(interrupted, true))
        log.write(kFollowInterrupted, outcome.error(), {{"feed", name}});
      stop.wait_for(lock, pause, [&] { return stopping; });
      pause = std::min(pause * 2, pauses.longest);
    }
  }
};

FollowLoop::FollowLoop(std::string name, const Peer& peer, const obs::Log& log, Once once, FollowPauses pauses)
    : inside_(new Inside{std::move(name), peer, log, std::move(once), pauses, {}, false, nullptr, {}, {}}) {
  inside_->thread = std::jthread([inside = inside_.get()] { inside->run(); });
}

FollowLoop::~FollowLoop() { stop(); }

void FollowLoop::stop() {
  {
    const std::scoped_lock lock(inside_->mutex);
    inside_->stopping = true;
    if (inside_->running != nullptr) inside_->running->TryCancel();
  }
  inside_->stop.notify_all();
  if (inside_->thread.joinable()) inside_->thread.join();
}

}  // namespace pratique::rpc::detail
