#include "libs/runtime/worker_pool.h"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "libs/runtime/config_reader.h"

namespace pratique::runtime {

void read(ConfigReader& in, WorkerPoolConfig& out) {
  in.optional("threads", out.threads, {.least = 1, .most = 1024});
  in.optional("queue_limit", out.queue_limit, {.least = 1, .most = 1'000'000});
}

struct WorkerPool::Inside {
  std::size_t queue_limit;
  mutable std::mutex mutex;
  std::condition_variable arrived;
  std::deque<Work> queue;
  bool stopping = false;
  std::vector<std::jthread> threads;
  std::size_t thread_count = 0;

  void work() {
    for (;;) {
      std::unique_lock lock(mutex);
      arrived.wait(lock, [&] { return stopping || !queue.empty(); });
      if (queue.empty()) return;
      auto next = std::move(queue.front());
      queue.pop_front();
      lock.unlock();
      next();
    }
  }
};

WorkerPool::WorkerPool(std::string name, WorkerPoolConfig config) : inside_(std::make_unique<Inside>()) {
  inside_->queue_limit = config.queue_limit;
  inside_->thread_count = std::max<std::size_t>(config.threads, 1);
  for (std::size_t i = 0; i < inside_->thread_count; ++i) {
    auto& thread = inside_->threads.emplace_back([inside = inside_.get()]() noexcept { inside->work(); });
    pthread_setname_np(thread.native_handle(), name.substr(0, 15).c_str());  // Linux allows 15 characters
  }
}

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::try_post(Work work) {
  {
    const std::scoped_lock lock(inside_->mutex);
    if (inside_->stopping || inside_->queue.size() >= inside_->queue_limit) return false;
    inside_->queue.push_back(std::move(work));
  }
  inside_->arrived.notify_one();
  return true;
}

void WorkerPool::stop() {
  {
    const std::scoped_lock lock(inside_->mutex);
    inside_->stopping = true;
  }
  inside_->arrived.notify_all();
  inside_->threads.clear();  // joins
}

std::size_t WorkerPool::queued() const {
  const std::scoped_lock lock(inside_->mutex);
  return inside_->queue.size();
}
std::size_t WorkerPool::threads() const { return inside_->thread_count; }

}  // namespace pratique::runtime
