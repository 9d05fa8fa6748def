// One transaction: what the function given to Pool::with works with. Used by one thread, never kept.
//
//   constexpr pg::Statement kInsertDevice{"insert_device", "INSERT INTO device(id, serial) VALUES ($1, $2)"};
//   TRY_VOID(tx.queue(kInsertDevice, id, serial));             // goes out with the next one that is awaited, or with COMMIT
//   TRY(const auto row, tx.run_one(kFindDevice, id));          // awaited
//
// Statements are constants of one file a room. They are prepared under their name on first use per connection, so a
// name stands for one SQL text in the whole process (another text under the same name: INTERNAL
// DATABASE_STATEMENT_CLASH).
//
// A round trip to the server costs each side more than most statements do, so write with `queue` and look with `run`.
// BEGIN is queued too. A queued statement that fails lets whoever awaits next fail with its error: another run, a
// savepoint, or Pool::with.
//
// Errors of `run`, `queue` and their reasons:
//   ALREADY_EXISTS DATABASE_ALREADY_EXISTS          unique or exclusion violation; evidence "constraint"
//   FAILED_PRECONDITION DATABASE_REFERENCE_VIOLATED foreign key; evidence "constraint"
//   INVALID_ARGUMENT DATABASE_CHECK_VIOLATED        check or not-null violation; evidence "constraint" or "column"
//   INVALID_ARGUMENT DATABASE_VALUE_INVALID         zero byte or bad UTF-8 in a text, a number out of range, no uuid
//   ABORTED DATABASE_CONFLICT                       serialization failure or deadlock: pass it on, `with` retries
//   DEADLINE_EXCEEDED DATABASE_TIMEOUT              statement or lock time-out
//   RESOURCE_EXHAUSTED DATABASE_FULL                disk, memory or connections of the server
//   UNAVAILABLE DATABASE_UNAVAILABLE                the server is lost; UNAVAILABLE DATABASE_READ_ONLY: a stand-by
//   INTERNAL DATABASE_STATEMENT_FAILED              anything else: our SQL is wrong; evidence "sqlstate"
// Any error dooms the transaction, except inside a savepoint: a `with` whose function swallows one and reports success
// is rolled back all the same, and gives that first error.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include "libs/base/result.h"
#include "libs/pg/param.h"
#include "libs/pg/rows.h"
#include "libs/pg/statement.h"

namespace pratique::pg {

class Connection;

class Tx {
 public:
  enum class Extent { transaction, single_statement };  // Pool::look
  explicit Tx(Connection& connection, Extent extent = Extent::transaction)
      : connection_(connection), single_(extent == Extent::single_statement) {}
  Tx(const Tx&) = delete;
  Tx& operator=(const Tx&) = delete;

  template <typename... A>
  Result<Rows> run(const Statement& statement, const A&... arguments) {
    const std::array<Param, sizeof...(A)> params{Param(arguments)...};
    return run_with(statement, params);
  }
  /// `run` where no row is NOT_FOUND DATABASE_NO_ROW; the first row otherwise.
  template <typename... A>
  Result<Row> run_one(const Statement& statement, const A&... arguments) {
    TRY(const auto rows, run(statement, arguments...));
    if (rows.empty())
      return not_found("DATABASE_NO_ROW", "statement '" + std::string(statement.name) + "' gave no row");
    return rows.front();
  }
  /// `run` where no row is an expected answer.
  template <typename... A>
  Result<std::optional<Row>> find(const Statement& statement, const A&... arguments) {
    TRY(const auto rows, run(statement, arguments...));
    if (rows.empty()) return std::optional<Row>{};
    return std::optional<Row>{rows.front()};
  }
  /// For what is only to be done: nothing is known of it yet when this returns.
  template <typename... A>
  Result<void> queue(const Statement& statement, const A&... arguments) {
    const std::array<Param, sizeof...(A)> params{Param(arguments)...};
    return queue_with(statement, params);
  }
  Result<Rows> run_with(const Statement& statement, std::span<const Param> params);
  Result<void> queue_with(const Statement& statement, std::span<const Param> params);
  /// SQL without parameters, several statements allowed, not prepared: migrations and SET LOCAL. Never build it
  /// from input.
  Result<void> run_script(std::string_view sql);

  /// Runs `fn() -> Result<T>` so that its failure undoes its own work alone and the transaction goes on.
  template <typename F>
  auto savepoint(F&& fn) -> std::invoke_result_t<F&> {
    const auto level = open_savepoint();
    if (!level) return level.error();
    std::invoke_result_t<F&> out = fn();
    if (auto closed = close_savepoint(*level, out.has_value()); !closed && out.has_value())
      return std::move(closed).error();
    return out;
  }

  /// The first error that dooms this transaction, if one does; and whether a retry may help. For Pool.
  const std::optional<Error>& doom() const { return doom_; }
  bool retry_may_help() const { return retry_may_help_; }

 private:
  /// Nothing may be sent where a statement failed, or beyond the single one.
  Result<void> may_send();
  Result<int> open_savepoint();
  Result<void> close_savepoint(int level, bool success);
  Error failed(Error error, bool retryable);

  Connection& connection_;
  std::optional<Error> doom_;
  bool retry_may_help_ = false;
  bool single_ = false, used_ = false;
  int depth_ = 0;
};

}  // namespace pratique::pg
