#include "services/onboarding/app/sessions.h"
#include "services/onboarding/app/catalogue.h"
#include "services/onboarding/app/limits.h"
#include "services/onboarding/storage/sessions.h"

namespace pratique::onboarding {

namespace {

Result<Session> find(pg::Tx& tx, const SessionId& id) {
  TRY(auto session, find_session(tx, id));
  if (!session) return kSessionNotFound.error("there is no " + id.name());
  return *std::move(session);
}

}  // namespace

Result<Session> Sessions::get(const SessionId& id) {
  return pool_.look(pg::within(kDatabaseLimit), [&](pg::Tx& tx) { return find(tx, id); });
}

Result<std::vector<Session>> Sessions::list(const SessionQuery& query) {
  return pool_.read(pg::within(kDatabaseLimit), [&](pg::Tx& tx) -> Result<std::vector<Session>> {
    std::optional<Session> after;
    if (!query.after.empty()) {
      TRY(const auto id, SessionId::parse(query.after));
      TRY(after, find(tx, id));
    }
    return list_sessions(tx, {query.state, query.device}, after, query.limit);
  });
}

Result<std::int64_t> Sessions::tidy() {
  const auto now = clock_.now();
  return pool_.with(pg::within(kDatabaseLimit), [&](pg::Tx& tx) -> Result<std::int64_t> {
    TRY(const auto expired, expire_sessions(tx, now));
    TRY(const auto forgotten, forget_sessions(tx, now - kKeepEndedSessions));
    return expired + forgotten;
  });
}

}  // namespace pratique::onboarding
