#include "libs/runtime/periodic.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace pratique::runtime {

struct Periodic::Inside {
  std::mutex mutex;
  std::condition_variable_any wake;
  bool woken = false;
  std::jthread thread;  // last: it ends before the others go
};

Periodic::Periodic(std::chrono::milliseconds interval, std::function<void()> work, std::chrono::milliseconds rest)
    : inside_(std::make_unique<Inside>()) {
  inside_->thread = std::jthread([inside = inside_.get(), interval, rest, work = std::move(work)](std::stop_token stop) {
    while (!stop.stop_requested()) {
      work();
      std::unique_lock lock(inside->mutex);
      const auto now = std::chrono::steady_clock::now();
      inside->wake.wait_until(lock, stop, now + rest, [] { return false; });
      inside->wake.wait_until(lock, stop, now + interval, [inside] { return inside->woken; });
      inside->woken = false;
    }
  });
}

Periodic::~Periodic() = default;

void Periodic::wake() {
  const std::lock_guard lock(inside_->mutex);
  inside_->woken = true;
  inside_->wake.notify_all();
}

}  // namespace pratique::runtime
