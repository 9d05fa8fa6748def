// A bounded pool of connections, and the one way to run a transaction.
//
//   TRY(auto pool, pg::Pool::open({.database = {.conninfo = "host=… dbname=pratique", .schema = "registrar"},
//                                  .size = 8}));
//   TRY(const auto device, pool->with(pg::within(2s), [&](pg::Tx& tx) -> Result<Device> { … }));
//
// `with` borrows a connection, begins, calls the function, commits when it succeeds and rolls back when it fails. What the
// function queued (tx.h) goes out with COMMIT, and its failure is that of `with`.
// The function is called again (the whole of it, kMaxAttempts times at most) when the database reports a
// serialization failure or a deadlock: it must have no effect outside the transaction, and start from its own inputs.
// Never make a network call inside.
//
// Errors of its own, besides those of Tx and of the function:
//   RESOURCE_EXHAUSTED DATABASE_POOL_EXHAUSTED  no connection free within wait_limit
//   DEADLINE_EXCEEDED DATABASE_TIMEOUT          the deadline passed before one was free
//   UNAVAILABLE DATABASE_UNAVAILABLE            server lost or not reachable; nothing was changed. Not retried here.
//   UNAVAILABLE DATABASE_IN_DOUBT               the answer to COMMIT was lost: it may or may not have happened; ask
//                                               again with the same request id (see idempotency.h)
//   INTERNAL DATABASE_ROW_DEFECT                see rows.h
// Connections that broke are dropped and replaced on demand; idle ones that a restart of the server broke are passed
// over without a failure. Thread-safe. The pool must outlive every `with`.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>

#include "libs/base/result.h"
#include "libs/pg/database_config.h"
#include "libs/pg/tx.h"

namespace pratique::pg {

using Deadline = std::chrono::steady_clock::time_point;
inline Deadline within(std::chrono::milliseconds time) { return std::chrono::steady_clock::now() + time; }

inline constexpr int kMaxAttempts = 5;

struct PoolConfig {
  DatabaseConfig database = {};
  std::size_t size = 8;                             // connections at most; as many as there are workers
  std::chrono::milliseconds wait_limit{2'000};      // for a free connection
};

struct PoolStatistics {
  std::size_t size = 0;
  std::size_t in_use = 0;
  std::size_t idle = 0;
  std::size_t waiting = 0;           // callers without a connection now
  std::uint64_t waits = 0;           // calls that had to wait, ever
  std::uint64_t exhausted = 0;       // calls that waited in vain, ever
  std::uint64_t opened = 0;          // connections made, ever
  std::uint64_t dropped = 0;         // broken connections, ever
  std::uint64_t retries = 0;         // transactions run again after a conflict, ever
};

enum class Isolation { read_committed, repeatable_read, serializable };

struct TxOptions {
  Isolation isolation = Isolation::read_committed;
  bool read_only = false;
  bool single = false;  // Pool::look
};

class Pool {
 public:
  /// Makes one connection, so that a wrong configuration or an absent server shows at once.
  static Result<std::unique_ptr<Pool>> open(PoolConfig config);
  ~Pool();

  template <typename F>
  auto with(Deadline deadline, F&& fn, TxOptions options = {}) -> std::invoke_result_t<F&, Tx&> {
    using R = std::invoke_result_t<F&, Tx&>;
    using T = typename R::value_type;
    if constexpr (std::is_void_v<T>) {
      return execute(deadline, options, [&](Tx& tx) -> Result<void> { return fn(tx); });
    } else {
      std::optional<T> out;
      auto done = execute(deadline, options, [&](Tx& tx) -> Result<void> {
        auto value = fn(tx);
        if (!value) return std::move(value).error();
        out.emplace(*std::move(value));
        return {};
      });
      if (!done) return std::move(done).error();
      return R(*std::move(out));
    }
  }
  /// `with` for looking only: one snapshot for all its statements, and no writing.
  template <typename F>
  auto read(Deadline deadline, F&& fn) -> std::invoke_result_t<F&, Tx&> {
    return with(deadline, std::forward<F>(fn), {Isolation::repeatable_read, true});
  }

  /// `read` for a single statement: without BEGIN and COMMIT, so in one round trip. Anything beyond one `run` is
  /// refused: INTERNAL DATABASE_STATEMENT_FAILED. Nothing may be written.
  template <typename F>
  auto look(Deadline deadline, F&& fn) -> std::invoke_result_t<F&, Tx&> {
    return with(deadline, std::forward<F>(fn), {.isolation = Isolation::read_committed, .read_only = true, .single = true});
  }

  PoolStatistics statistics() const;
  const PoolConfig& config() const;

 private:
  struct State;
  explicit Pool(std::unique_ptr<State> state);
  Result<void> execute(Deadline deadline, TxOptions options, const std::function<Result<void>(Tx&)>& fn);
  std::unique_ptr<State> state_;
};

}  // namespace pratique::pg
