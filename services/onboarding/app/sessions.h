// What operators read of sessions, and what is tidied away behind them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/base/clock.h"
#include "libs/pg/pool.h"
#include "services/onboarding/domain/session.h"

namespace pratique::onboarding {

/// How long ended sessions can still be read here; the registrar remembers what came of them.
inline constexpr std::chrono::hours kKeepEndedSessions{24 * 7};

struct SessionQuery {
  std::optional<SessionState> state = {};
  std::string device = {};
  int limit = 50;
  std::string after = {};  // id of the last one of the page before
};

class Sessions {
 public:
  Sessions(pg::Pool& pool, const Clock& clock) : pool_(pool), clock_(clock) {}

  /// NOT_FOUND SESSION_NOT_FOUND.
  Result<Session> get(const SessionId& id);
  /// Newest first, at most `limit`.
  Result<std::vector<Session>> list(const SessionQuery& query);
  /// Ends what waited too long, forgets what ended long ago; how many it touched.
  Result<std::int64_t> tidy();

 private:
  pg::Pool& pool_;
  const Clock& clock_;
};

}  // namespace pratique::onboarding
