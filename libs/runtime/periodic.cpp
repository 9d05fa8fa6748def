#include "libs/runtime/periodic.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace pratique::runtime {

struct Periodic::Inside {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::jthread thread;  // last: it ends before the others go
};

Periodic::Periodic(std::chrono::milliseconds interval, std::function<void()> work) : inside_(std::make_unique<Inside>()) {
  inside_->thread = std::jthread([inside = inside_.get(), interval, work = std::move(work)](std::stop_token stop) {
    while (!stop.stop_requested()) {
      work();
      std::unique_lock lock(inside->mutex);
      inside->wake.wait_for(lock, stop, interval, [] { return false; });
    }
  });
}

Periodic::~Periodic() = default;

}  // namespace pratique::runtime
