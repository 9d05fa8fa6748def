// A bounded pool of threads for work that blocks. A full queue refuses instead of growing.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace pratique::runtime {

struct WorkerPoolConfig {
  std::size_t threads = 8;  // size it to the database pool
  std::size_t queue_limit = 256;
};
class ConfigReader;
void read(ConfigReader& in, WorkerPoolConfig& out);

class WorkerPool {
 public:
  using Work = std::move_only_function<void()>;

  WorkerPool(std::string name, WorkerPoolConfig config);
  /// stop().
  ~WorkerPool();

  /// false, without having taken the work, when the queue is full or the pool stops. Thread-safe. The work must not
  /// throw: an exception that leaves it ends the process.
  bool try_post(Work work);
  /// Refuses new work, finishes what is queued and running, joins. Idempotent.
  void stop();

  std::size_t queued() const;
  std::size_t threads() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace pratique::runtime
