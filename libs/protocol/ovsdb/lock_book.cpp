#include "libs/protocol/ovsdb/lock_book.h"

#include <optional>

#include "libs/protocol/ovsdb/atom.h"
#include "libs/protocol/ovsdb/reasons.h"

namespace pratique::ovsdb {
namespace {

struct Move {
  LockState from;
  LockStep step;
  LockState to;
};
// What does not stand here is refused.
constexpr Move kMoves[] = {
    {LockState::none, LockStep::ask, LockState::asked},
    {LockState::asked, LockStep::granted, LockState::held},
    {LockState::asked, LockStep::queued, LockState::waiting},
    {LockState::waiting, LockStep::locked, LockState::held},
    {LockState::held, LockStep::stolen, LockState::waiting},
    {LockState::waiting, LockStep::unlock, LockState::leaving},
    {LockState::held, LockStep::unlock, LockState::leaving},
    {LockState::leaving, LockStep::locked, LockState::leaving},  // both on their way at once
    {LockState::leaving, LockStep::stolen, LockState::leaving},
    {LockState::leaving, LockStep::unlocked, LockState::none},
};

std::optional<LockState> next(LockState from, LockStep step) {
  for (const auto& move : kMoves)
    if (move.from == from && move.step == step) return move.to;
  return std::nullopt;
}

}  // namespace

LockState LockBook::state(std::string_view lock) const {
  const auto at = locks_.find(lock);
  return at == locks_.end() ? LockState::none : at->second;
}

Result<void> LockBook::step(std::string_view lock, LockStep step) {
  if (!is_id(lock)) return invalid(reason::kValueUnsendable, "a lock whose name is no identifier");
  const auto to = next(state(lock), step);
  if (!to)
    return failed_precondition(reason::kLockState, "lock '" + std::string(lock) + "': that step is not possible now");
  if (*to == LockState::none) {
    locks_.erase(locks_.find(lock));
    return {};
  }
  const auto at = locks_.find(lock);
  if (at != locks_.end()) {
    at->second = *to;
    return {};
  }
  if (locks_.size() >= max_locks_)
    return Error{ErrorCode::resource_exhausted, std::string(reason::kTooManyLocks), "too many locks"};
  locks_.emplace(lock, *to);
  return {};
}

void LockBook::forget(std::string_view lock) {
  const auto at = locks_.find(lock);
  if (at != locks_.end()) locks_.erase(at);
}

}  // namespace pratique::ovsdb
