#include "libs/pg/pool.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "libs/pg/connection.h"

namespace pratique::pg {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

milliseconds time_left(Deadline deadline) { return std::chrono::ceil<milliseconds>(deadline - steady_clock::now()); }

// BEGIN goes out with the transaction's first statement.
std::expected<void, Failure> queue_begin(Connection& connection, TxOptions options, Deadline deadline,
                                         milliseconds statement_timeout) {
  std::string begin = "BEGIN";
  if (options.isolation == Isolation::repeatable_read) begin += " ISOLATION LEVEL REPEATABLE READ";
  if (options.isolation == Isolation::serializable) begin += " ISOLATION LEVEL SERIALIZABLE";
  begin += options.read_only ? " READ ONLY" : " READ WRITE";
  connection.set_read_only(options.read_only);
  auto queued = connection.queue(begin, "begin");
  const auto left = time_left(deadline);
  if (!queued || left >= statement_timeout) return queued;
  return connection.queue(fmt::format("SET LOCAL statement_timeout = {}", std::max<std::int64_t>(left.count(), 1)),
                          "begin");
}

// Rivals that collided once should not meet again at once: up to 2, 4, 8, … ms.
void step_aside(int attempt) {
  thread_local std::minstd_rand dice{std::random_device{}()};
  std::this_thread::sleep_for(std::chrono::microseconds(
      std::uniform_int_distribution<int>(0, 1'000 << attempt)(dice)));
}

}  // namespace

struct Pool::State {
  explicit State(PoolConfig given) : config(std::move(given)) { count.size = config.size; }

  const PoolConfig config;
  mutable std::mutex mutex;
  std::condition_variable freed;
  std::vector<std::unique_ptr<Connection>> idle;  // the last one used is the first one taken
  std::size_t places = 0;                         // connections that exist or are being made
  PoolStatistics count;

  // A connection, or a place for a new one (nullptr).
  Result<std::unique_ptr<Connection>> take(Deadline deadline) {
    std::unique_lock lock(mutex);
    const auto ready = [&] { return !idle.empty() || places < config.size; };
    if (!ready()) {
      ++count.waits;
      ++count.waiting;
      const auto patience = within(config.wait_limit);
      const bool got = freed.wait_until(lock, std::min(deadline, patience), ready);
      --count.waiting;
      if (!got) {
        ++count.exhausted;
        if (deadline < patience)
          return Error{ErrorCode::deadline_exceeded, "DATABASE_TIMEOUT", "no database connection was free in time"};
        return Error{ErrorCode::resource_exhausted, "DATABASE_POOL_EXHAUSTED",
                     fmt::format("all {} database connections are in use", config.size)};
      }
    }
    ++count.in_use;
    if (idle.empty()) {
      ++places;
      return std::unique_ptr<Connection>{};
    }
    auto out = std::move(idle.back());
    idle.pop_back();
    return out;
  }

  // Gives back what take() gave; nullptr gives up the place.
  void give(std::unique_ptr<Connection> connection) {
    std::unique_ptr<Connection> broken;  // closed after the lock is released
    {
      const std::lock_guard lock(mutex);
      --count.in_use;
      if (connection && connection->usable()) {
        idle.push_back(std::move(connection));
      } else {
        if (connection) ++count.dropped;
        --places;
        broken = std::move(connection);
      }
    }
    freed.notify_one();
  }
};

namespace {

// A connection, with an open transaction unless closed; whatever happens, it goes back.
template <typename State>
class Lease {
 public:
  Lease(State& state, std::unique_ptr<Connection> connection) : state_(&state), connection_(std::move(connection)) {}
  Lease(Lease&& other) noexcept
      : state_(std::exchange(other.state_, nullptr)), connection_(std::move(other.connection_)),
        begun_at_(other.begun_at_), fresh_(other.fresh_) {}
  Lease& operator=(Lease&&) = delete;
  ~Lease() {
    if (!state_) return;
    if (open_ && connection_ && connection_->usable()) {
      (void)connection_->settle();  // where something queued fails, what follows would be passed over
      if (connection_->usable()) (void)connection_->execute("ROLLBACK", "rollback");
    }
    state_->give(std::move(connection_));
  }
  Connection* get() const { return connection_.get(); }
  void set_fresh(std::unique_ptr<Connection> connection) {
    connection_ = std::move(connection);
    fresh_ = true;
  }
  void begin() { begun_at_ = connection_->round_trips(); }
  void closed() { open_ = false; }
  bool open() const { return open_; }
  /// An idle connection that a restart of the server broke: nothing came back, and COMMIT was not asked for, so the
  /// whole transaction can be done on another.
  bool was_stale() const { return !fresh_ && !connection_->usable() && connection_->round_trips() <= begun_at_ + 1; }

 private:
  State* state_;
  std::unique_ptr<Connection> connection_;
  std::uint64_t begun_at_ = 0;
  bool fresh_ = false;
  bool open_ = true;
};

template <typename State>
Result<Lease<State>> begin(State& state, Deadline deadline, TxOptions options) {
  const auto& database = state.config.database;
  while (true) {
    if (steady_clock::now() >= deadline)
      return Error{ErrorCode::deadline_exceeded, "DATABASE_TIMEOUT",
                   "the deadline passed before the transaction began"};
    TRY(auto taken, state.take(deadline));
    const bool fresh = !taken;
    Lease<State> lease(state, std::move(taken));
    if (fresh) {
      TRY(auto made, Connection::open(database));
      lease.set_fresh(std::move(made));
      const std::lock_guard lock(state.mutex);
      ++state.count.opened;
    } else if (!lease.get()->rested_well()) {
      continue;
    }
    lease.begin();
    // A single statement is a transaction by itself, unless it has less time than the session gives it.
    if (options.single && time_left(deadline) >= database.statement_timeout) {
      lease.closed();
      return lease;
    }
    auto begun = queue_begin(*lease.get(), options, deadline, database.statement_timeout);
    if (begun) return lease;
    if (fresh || !begun.error().broken) return std::move(begun).error().error;
  }
}

}  // namespace

Pool::Pool(std::unique_ptr<State> state) : state_(std::move(state)) {}
Pool::~Pool() = default;

Result<std::unique_ptr<Pool>> Pool::open(PoolConfig config) {
  if (config.size == 0) return invalid("DATABASE_CONFIG_INVALID", "a pool needs a size of 1 or more");
  std::unique_ptr<Pool> out(new Pool(std::make_unique<State>(std::move(config))));
  TRY_VOID(out->with(within(out->config().database.connect_timeout + out->config().wait_limit),
                     [](Tx&) -> Result<void> { return {}; }));
  return out;
}

Result<void> Pool::execute(Deadline deadline, TxOptions options, const std::function<Result<void>(Tx&)>& fn) {
  for (int attempt = 1;; ++attempt) {
    Error conflict;
    {
      TRY(auto lease, begin(*state_, deadline, options));
      Tx tx(*lease.get(), options.single ? Tx::Extent::single_statement : Tx::Extent::transaction);
      Result<void> outcome;
      try {
        outcome = fn(tx);
      } catch (const RowDefect& defect) {
        return internal("DATABASE_ROW_DEFECT", defect.what());
      }
      if (outcome && !tx.doom()) {
        if (!lease.open()) return {};
        auto committed = lease.get()->execute("COMMIT", "commit");
        if (committed) {
          lease.closed();
          return {};
        }
        auto& failure = committed.error();
        if (failure.broken && !failure.retryable)
          return unavailable("DATABASE_IN_DOUBT", "the answer to COMMIT was lost: " + failure.error.message);
        if (!failure.retryable) return std::move(failure.error);
        conflict = std::move(failure.error);
      } else if (tx.doom() && !tx.retry_may_help() && lease.was_stale()) {
        --attempt;  // another connection, not another attempt; there are only so many idle ones
        continue;
      } else {
        auto error = outcome ? *tx.doom() : std::move(outcome).error();
        if (!tx.retry_may_help()) return error;
        conflict = *tx.doom();
      }
    }
    if (attempt == kMaxAttempts || steady_clock::now() >= deadline) return conflict;
    {
      const std::lock_guard lock(state_->mutex);
      ++state_->count.retries;
    }
    step_aside(attempt);
  }
}

PoolStatistics Pool::statistics() const {
  const std::lock_guard lock(state_->mutex);
  auto out = state_->count;
  out.idle = state_->idle.size();
  return out;
}

const PoolConfig& Pool::config() const { return state_->config; }

}  // namespace pratique::pg
