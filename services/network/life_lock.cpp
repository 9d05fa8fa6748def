#include "services/network/life_lock.h"

#include <utility>

#include "services/network/app/catalogue.h"
#include "services/network/storage/life_locks.h"

namespace pratique::network {
namespace {

using std::chrono::steady_clock;
constexpr std::chrono::seconds kLookLimit{1};  // beyond what one statement may take

}  // namespace

LifeLock::LifeLock(std::unique_ptr<pg::Pool> session, std::string life, std::chrono::milliseconds settle,
                   const obs::Log& log)
    : session_(std::move(session)), life_(std::move(life)), settle_(settle), log_(log) {}

bool LifeLock::look() {
  const auto seen = see();
  const bool held = seen && seen->held;
  if (!held && !std::exchange(failing_, true)) seen ? log_.write(kLifeUnlocked) : log_.write(kLifeUnlocked, seen.error());
  if (held) failing_ = false;
  const bool changed = held_.exchange(held) != held;
  if (!seen || seen->ended.empty()) return changed;
  for (const auto& replica : seen->ended) log_.write(kLifeEnded, {{"replica", replica}});
  return true;
}

Result<LifeLock::Seen> LifeLock::see() {
  const auto limit = pg::within(session_->config().database.statement_timeout + kLookLimit);
  TRY(const auto locks, session_->look(limit, [&](pg::Tx& tx) { return see_life_locks(tx, life_); }));
  if (!locks.ours) {
    Seen out;
    TRY(out.held, session_->with(limit, [&](pg::Tx& tx) { return take_life_lock(tx, life_); }));
    held_since_ = steady_clock::now();
    return out;
  }
  Seen out{.held = true};
  if (locks.free_others && steady_clock::now() - held_since_ >= settle_) {
    TRY(out.ended, session_->with(limit, [&](pg::Tx& tx) { return end_unlocked_lives(tx, life_); }));
  }
  return out;
}

}  // namespace pratique::network
