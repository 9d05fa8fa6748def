#include "libs/pg/tx.h"

#include <fmt/format.h>

#include "libs/pg/connection.h"

namespace pratique::pg {

Error Tx::failed(Error error, bool retryable) {
  if (!doom_) doom_ = error;
  if (retryable) retry_may_help_ = true;
  return error;
}

Result<Rows> Tx::run_with(const Statement& statement, std::span<const Param> params) {
  if (doom_) return *doom_;
  auto rows = connection_.execute(statement, params);
  if (!rows) return failed(std::move(rows.error().error), rows.error().retryable);
  affected_ = rows->affected();
  return *std::move(rows);
}

Result<void> Tx::run_script(std::string_view sql) {
  if (doom_) return *doom_;
  if (auto done = connection_.script(sql, "script"); !done)
    return failed(std::move(done.error().error), done.error().retryable);
  return {};
}

Result<int> Tx::open_savepoint() {
  if (doom_) return *doom_;
  const int level = ++depth_;
  if (auto done = connection_.script(fmt::format("SAVEPOINT s{}", level), "savepoint"); !done)
    return failed(std::move(done.error().error), done.error().retryable);
  return level;
}

Result<void> Tx::close_savepoint(int level, bool success) {
  depth_ = level - 1;
  // A lost connection or a lost race is not healed by going back a little.
  if (!connection_.usable() || retry_may_help_) return *doom_;
  const auto swallowed = doom_;
  const bool keep = success && !swallowed;
  const auto sql = keep ? fmt::format("RELEASE s{}", level) : fmt::format("ROLLBACK TO s{0}; RELEASE s{0}", level);
  if (auto done = connection_.script(sql, "savepoint"); !done)
    return failed(std::move(done.error().error), done.error().retryable);
  doom_.reset();
  if (success && swallowed) return *swallowed;
  return {};
}

}  // namespace pratique::pg
