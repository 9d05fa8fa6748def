#include "services/network/storage/life_locks.h"

namespace pratique::network {
namespace {

#define PRATIQUE_LIFE_LOCK(life) "hashtextextended('pratique.network.life.' || " life ", 0)"
// Tried for as long as the statement's transaction lasts.
#define PRATIQUE_UNLOCKED_LIVES \
  "FROM replica r WHERE r.locked AND r.life <> $1 AND pg_try_advisory_xact_lock(" PRATIQUE_LIFE_LOCK("r.life") ")"

// A session remembers by a setting of its own that it took the lock; both end with it.
constexpr pg::Statement kSee{"life_locks_see",
                             "SELECT coalesce(current_setting('pratique.life', true), '') = $1 AS ours, "
                             "EXISTS (SELECT " PRATIQUE_UNLOCKED_LIVES ") AS free_others"};
constexpr pg::Statement kTake{"life_lock_take",
                              "SELECT set_config('pratique.life', $1, false) FROM pg_try_advisory_lock("
                              PRATIQUE_LIFE_LOCK("$1") ") AS took WHERE took"};
constexpr pg::Statement kEnd{"life_locks_end", "DELETE " PRATIQUE_UNLOCKED_LIVES " RETURNING r.name"};
#undef PRATIQUE_UNLOCKED_LIVES
#undef PRATIQUE_LIFE_LOCK

}  // namespace

Result<LifeLocks> see_life_locks(pg::Tx& tx, std::string_view life) {
  TRY(const auto row, tx.run_one(kSee, life));
  return LifeLocks{.ours = row.boolean("ours"), .free_others = row.boolean("free_others")};
}

Result<bool> take_life_lock(pg::Tx& tx, std::string_view life) {
  TRY(const auto row, tx.find(kTake, life));
  return row.has_value();
}

Result<std::vector<std::string>> end_unlocked_lives(pg::Tx& tx, std::string_view life) {
  TRY(const auto rows, tx.run(kEnd, life));
  std::vector<std::string> out;
  for (const pg::Row row : rows) out.push_back(row.text("name"));
  return out;
}

}  // namespace pratique::network
