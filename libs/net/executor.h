// Where blocking work runs: the bounded pool that main injects (libs/runtime's worker pool, adapted).
//
// This room's own threads only move bytes; a request handler, which may block on the database or on a
// peer, runs on an Executor. A full Executor refuses, and the device is told 503 with Retry-After.
#pragma once

#include <functional>
#include <utility>

namespace pratique::net {

class Executor {
 public:
  virtual ~Executor() = default;
  /// Takes the work and returns true, or refuses at once (queue full, shutting down) and returns false.
  /// Never blocks, never runs the work before it returns. Accepted work is run once or destroyed unrun.
  /// Thread-safe.
  virtual bool try_post(std::move_only_function<void()> work) = 0;
};

/// Any pool with `bool try_post(std::move_only_function<void()>)`, such as runtime::WorkerPool:
///   net::PoolExecutor executor(pool);      // the pool must outlive it
template <typename Pool>
class PoolExecutor final : public Executor {
 public:
  explicit PoolExecutor(Pool& pool) : pool_(pool) {}
  bool try_post(std::move_only_function<void()> work) override { return pool_.try_post(std::move(work)); }

 private:
  Pool& pool_;
};

}  // namespace pratique::net
