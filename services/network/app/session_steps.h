// Steps of a session's life, each within a transaction. For this room's own files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/base/verdict.h"
#include "libs/pg/events.h"
#include "services/network/domain/reasons.h"
#include "services/network/storage/sessions.h"

namespace pratique::network {

/// Events of a transaction, appended at its end (libs/pg/outbox.h).
struct PendingEvent {
  std::string type = {};
  std::string subject = {};
  pg::Facts facts = {};
};
using PendingEvents = std::vector<PendingEvent>;
Result<void> append_all(pg::Tx& tx, const PendingEvents& events);

pg::Facts facts_of(const Session& session);
/// It is over. The port is marked. No effect on one that has ended.
Result<void> end_session(pg::Tx& tx, Session session, std::string_view code, std::string_view message, Timestamp now,
                         PendingEvents& events);
/// As end_session, of one that the switch was told to end: its port is worked off already.
Result<void> record_end(pg::Tx& tx, Session session, const Finding& why, Timestamp now, PendingEvents& events);
/// The station went off. Who was told to go, went for that reason: the switch's word that it is off may come before that
/// of whoever told it. `message`: what the switch says of one that went by itself.
Result<void> end_off_session(pg::Tx& tx, Session session, std::string_view message, Timestamp now,
                             PendingEvents& events);
/// The station is on: live from now, unless it was. The port is marked.
Result<void> start_session(pg::Tx& tx, Session& session, Timestamp now, PendingEvents& events);

}  // namespace pratique::network
