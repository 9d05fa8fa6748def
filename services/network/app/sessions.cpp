#include "services/network/app/sessions.h"

#include <map>
#include <set>

#include "services/network/app/catalogue.h"
#include "libs/pg/once.h"
#include "services/network/app/radius_reports.h"
#include "services/network/domain/field_check.h"
#include "services/network/storage/keepers.h"
#include "services/network/storage/ports.h"
#include "services/network/storage/work.h"

namespace pratique::network {
namespace {

constexpr int kReportsAtOnce = 128, kSilentAtOnce = 256;

Error unknown(const SessionId& id) {
  return not_found("SESSION_UNKNOWN", "no session '" + id.name() + "'").with("session", id.name());
}

Result<void> end_all(pg::Tx& tx, const std::vector<Session>& sessions, const Reason& why, Timestamp now,
                     PendingEvents& events) {
  for (const auto& session : sessions) TRY_VOID(end_session(tx, session, why.code, why.meaning, now, events));
  return {};
}

Result<void> note_station(pg::Tx& tx, const PortId& port, const PortEvent& event, Timestamp now,
                          PendingEvents& events) {
  const bool on = event.kind == PortEvent::Kind::station_on;
  TRY_VOID(set_authenticated(tx, port, event.mac, on));
  TRY(auto session, lock_open_session(tx, port, event.mac));
  if (!session) return mark_port(tx, port, {});
  if (!on) return end_off_session(tx, *session, kLoggedOff.meaning, now, events);
  if (!session->end_code.empty()) return mark_port(tx, port, {});  // it is to be ended
  return start_session(tx, *session, now, events);
}

Result<void> note_port(pg::Tx& tx, const PortId& port, const PortEvent& event, Timestamp now, PendingEvents& events) {
  using Kind = PortEvent::Kind;
  switch (event.kind) {
    case Kind::link_up:
    case Kind::link_down: {
      TRY_VOID(set_link(tx, port, event.kind == Kind::link_up));
      if (event.kind == Kind::link_down) {
        TRY(const auto sessions, lock_open_sessions_of_port(tx, port));
        TRY_VOID(end_all(tx, sessions, kLinkDown, now, events));
      }
      return mark_port(tx, port, {});
    }
    case Kind::station_on:
    case Kind::station_off: return note_station(tx, port, event, now, events);
    case Kind::authenticator_lost: {
      TRY_VOID(clear_authenticated(tx, port));
      TRY(const auto sessions, lock_open_sessions_of_port(tx, port));
      TRY_VOID(end_all(tx, sessions, kAuthenticatorLost, now, events));
      return mark_port(tx, port, {});
    }
    case Kind::changed: return mark_port(tx, port, {});
    case Kind::all_lost: return {};
  }
  return {};
}

}  // namespace

Sessions::Sessions(Surroundings surroundings, SessionRules rules, const obs::Log& log, obs::Metrics& metrics)
    : pool_(surroundings.pool),
      clock_(surroundings.clock),
      random_(surroundings.random),
      rules_(rules),
      log_(log),
      handled_(metrics.counter(kRadiusReports, {"handled"})),
      unplaced_(metrics.counter(kRadiusReports, {"unplaced"})) {}

Result<int> Sessions::take_reports(pg::Deadline deadline) {
  std::vector<RadiusReport> unplaced;
  TRY(const int handled, pool_.with(deadline, [&](pg::Tx& tx) -> Result<int> {
    unplaced.clear();
    PendingEvents events;
    TRY(const auto reports, take_radius_reports(tx, kReportsAtOnce));
    ReportHandler handler(tx, clock_, random_, rules_, events);
    for (const auto& report : reports) {
      TRY(const bool placed, handler.handle(report));
      if (!placed) unplaced.push_back(report);
    }
    TRY_VOID(append_all(tx, events));
    return static_cast<int>(reports.size());
  }));
  handled_.add(static_cast<double>(handled) - static_cast<double>(unplaced.size()));
  unplaced_.add(static_cast<double>(unplaced.size()));
  for (const auto& report : unplaced)
    log_.write(kReportUnplaced, {{"kind", to_string(report.kind)}, {"nas_address", report.nas_address},
                                 {"nas_port_id", report.nas_port_id}});
  return handled;
}

Result<void> Sessions::note(const SwitchId& on_switch, const PortEvent& event, pg::Deadline deadline,
                            std::string_view heard_by) {
  return pool_.with(deadline, [&](pg::Tx& tx) -> Result<void> {
    if (!heard_by.empty()) {
      TRY(const bool counts, keeps(tx, heard_by, on_switch));
      if (!counts) return {};
    }
    if (event.kind == PortEvent::Kind::all_lost || event.port.empty()) return want_observation(tx, on_switch);
    TRY(const auto port, find_port(tx, on_switch, event.port));
    if (!port) return {};
    PendingEvents events;
    TRY_VOID(note_port(tx, port->id, event, clock_.now(), events));
    return append_all(tx, events);
  });
}

Result<void> Sessions::compare(const SwitchId& on_switch, std::span<const LiveStation> stations, Timestamp asked,
                               pg::Deadline deadline) {
  std::set<std::pair<std::string, MacAddress>> there;
  for (const auto& station : stations) there.emplace(station.session.port, station.session.mac);
  return pool_.with(deadline, [&](pg::Tx& tx) -> Result<void> {
    PendingEvents events;
    const Timestamp now = clock_.now();
    TRY(const auto sessions, lock_open_sessions_of_switch(tx, on_switch));
    for (Session session : sessions) {
      const bool on = there.contains({session.port_name, session.mac});
      if (on && session.state == SessionState::accepted && session.end_code.empty()) {
        TRY_VOID(set_authenticated(tx, session.port, session.mac, true));
        TRY_VOID(start_session(tx, session, now, events));
      } else if (!on && session.state == SessionState::live && session.heard_time <= asked) {
        TRY_VOID(set_authenticated(tx, session.port, session.mac, false));
        TRY_VOID(end_off_session(tx, session, kLoggedOff.meaning, now, events));
      }
    }
    return append_all(tx, events);
  });
}

Result<int> Sessions::end_silent(pg::Deadline deadline) {
  return pool_.with(deadline, [&](pg::Tx& tx) -> Result<int> {
    const Timestamp now = clock_.now();
    PendingEvents events;
    TRY(const auto silent,
        lock_silent_sessions(tx, now - rules_.accept_limit, now - rules_.silence_limit, kSilentAtOnce));
    for (Session session : silent) {
      // The switch may still let it through: the reconciler ends it there, then here.
      if (session.state == SessionState::live) {
        if (!session.end_code.empty()) continue;
        session.end_code = kSilent.code;
        session.end_message = kSilent.meaning;
        TRY_VOID(update_session(tx, session));
        TRY_VOID(mark_port(tx, session.port, {}));
      } else {
        TRY_VOID(end_session(tx, session, kSilent.code, kSilent.meaning, now, events));
      }
    }
    TRY_VOID(append_all(tx, events));
    return static_cast<int>(silent.size());
  });
}

Result<std::int64_t> Sessions::forget(pg::Tx& tx, int limit) {
  return forget_sessions(tx, clock_.now() - rules_.history, limit);
}

Result<std::vector<Session>> Sessions::list(const Call& call, const SessionFilter& filter, const SessionId& after,
                                            int limit) {
  return pool_.look(call.deadline, [&](pg::Tx& tx) { return list_sessions(tx, filter, after, limit); });
}

Result<Session> Sessions::get(const Call& call, const SessionId& id) {
  TRY(const auto found, pool_.look(call.deadline, [&](pg::Tx& tx) { return find_session(tx, id); }));
  if (!found) return unknown(id);
  return *found;
}

Result<Session> Sessions::end(const Change& change, const SessionId& id, std::string_view reason) {
  TRY_VOID(check_display("reason", reason, kMaxEndReason));
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<Session> {
    TRY_VOID(pg::once(tx, change, [&]() -> Result<std::string> {
      const auto over = [](const Session& one) { return one.state == SessionState::ended || !one.end_code.empty(); };
      TRY(const auto found, find_session(tx, id));
      if (!found) return unknown(id);
      if (over(*found)) return id.name();
      TRY_VOID(mark_port(tx, found->port, clock_.now()));  // before its session, as the reconciler does
      TRY(auto session, lock_session(tx, id));
      if (!session || over(*session)) return id.name();
      session->end_code = kEndedByOperator.code;
      session->end_message = "ended by " + change.actor + (reason.empty() ? "" : ": " + std::string(reason));
      TRY_VOID(update_session(tx, *session));
      auto facts = facts_of(*session);
      facts["actor"] = change.actor;
      facts["reason"] = reason;
      TRY_VOID(append_all(tx, {{"session.end_requested", id.name(), std::move(facts)}}));
      return id.name();
    }));
    TRY(const auto session, find_session(tx, id));
    if (!session) return unknown(id);
    return *session;
  });
}

}  // namespace pratique::network
