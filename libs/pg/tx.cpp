#include "libs/pg/tx.h"

#include <utility>

#include <fmt/format.h>

#include "libs/pg/connection.h"

namespace pratique::pg {

Error Tx::failed(Error error, bool retryable) {
  if (!doom_) doom_ = error;
  if (retryable) retry_may_help_ = true;
  return error;
}

Result<void> Tx::may_send() {
  if (doom_) return *doom_;
  if (single_ && std::exchange(used_, true))
    return failed(internal("DATABASE_STATEMENT_FAILED", "more than one statement where a single one was announced"), false);
  return {};
}

Result<Rows> Tx::run_with(const Statement& statement, std::span<const Param> params) {
  TRY_VOID(may_send());
  auto rows = connection_.execute(statement, params);
  if (!rows) return failed(std::move(rows.error().error), rows.error().retryable);
  return *std::move(rows);
}

Result<void> Tx::queue_with(const Statement& statement, std::span<const Param> params) {
  TRY_VOID(may_send());
  if (auto queued = connection_.queue(statement, params); !queued)
    return failed(std::move(queued.error().error), queued.error().retryable);
  return {};
}

Result<void> Tx::run_script(std::string_view sql) {
  TRY_VOID(may_send());
  if (auto done = connection_.script(sql, "script"); !done)
    return failed(std::move(done.error().error), done.error().retryable);
  return {};
}

// What was queued before belongs to the time before the savepoint, so it is awaited here.
Result<int> Tx::open_savepoint() {
  TRY_VOID(may_send());
  const int level = ++depth_;
  if (auto done = connection_.execute(fmt::format("SAVEPOINT s{}", level), "savepoint"); !done)
    return failed(std::move(done.error().error), done.error().retryable);
  return level;
}

Result<void> Tx::close_savepoint(int level, bool success) {
  depth_ = level - 1;
  if (success && !doom_) {
    auto kept = connection_.execute(fmt::format("RELEASE s{}", level), "savepoint");
    if (kept) return {};
    (void)failed(std::move(kept.error().error), kept.error().retryable);  // what was queued inside
  }
  // A lost connection or a lost race is not healed by going back a little.
  if (!connection_.usable() || retry_may_help_) return *doom_;
  const auto swallowed = std::exchange(doom_, {});
  // What is queued inside and was not awaited may fail yet: it is undone in any case.
  (void)connection_.settle();
  auto undone = connection_.queue(fmt::format("ROLLBACK TO s{}", level), "savepoint");
  if (undone) undone = connection_.execute(fmt::format("RELEASE s{}", level), "savepoint");
  if (!undone) return failed(std::move(undone.error().error), undone.error().retryable);
  if (success && swallowed) return *swallowed;
  return {};
}

}  // namespace pratique::pg
