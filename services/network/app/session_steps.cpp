#include "services/network/app/session_steps.h"

#include "services/network/storage/grants.h"
#include "services/network/storage/work.h"

namespace pratique::network {

Result<void> append_all(pg::Tx& tx, const PendingEvents& events) {
  std::vector<pg::Event> all;
  for (const auto& event : events) all.push_back(pg::make_event(event.type, event.subject, event.facts));
  return pg::outbox::append(tx, all);
}

pg::Facts facts_of(const Session& s) {
  return {{"device", s.device.name()},
          {"switch", s.on_switch.name()},
          {"port", s.port.name()},
          {"switch_name", s.switch_name},
          {"port_name", s.port_name},
          {"mac_address", s.mac.text()},
          {"certificate_serial", s.certificate_serial},
          {"authority_key_id", s.authority_key_id},
          {"code", s.end_code},
          {"message", s.end_message}};
}

Result<void> record_end(pg::Tx& tx, Session s, const Finding& why, Timestamp now, PendingEvents& events) {
  if (s.state == SessionState::ended) return {};
  s.state = SessionState::ended;
  s.end_time = now;
  if (s.end_code.empty()) {  // one that was to be ended keeps why
    s.end_code = why.code;
    s.end_message = why.message;
  }
  TRY_VOID(update_session(tx, s));
  events.push_back({"session.ended", s.id.name(), facts_of(s)});
  return {};
}

Result<void> end_session(pg::Tx& tx, Session s, std::string_view code, std::string_view message, Timestamp now,
                         PendingEvents& events) {
  TRY_VOID(mark_port(tx, s.port, {}));
  return record_end(tx, std::move(s), {std::string(code), std::string(message)}, now, events);
}

Result<void> end_off_session(pg::Tx& tx, Session s, std::string_view message, Timestamp now, PendingEvents& events) {
  TRY(const auto credential, find_credential(tx, s.authority_key_id, s.certificate_serial));
  if (!credential || !credential->live)
    return end_session(tx, std::move(s), kCertificateEnded.code, kCertificateEnded.meaning, now, events);
  TRY(const auto grant, find_grant(tx, s.device));
  if (!grant || grant->standing == Standing::excluded)
    return end_session(tx, std::move(s), kDeviceExcluded.code, kDeviceExcluded.meaning, now, events);
  return end_session(tx, std::move(s), kLoggedOff.code, message, now, events);
}

Result<void> start_session(pg::Tx& tx, Session& s, Timestamp now, PendingEvents& events) {
  s.heard_time = now;
  const bool starts = s.state == SessionState::accepted;
  if (starts) {
    s.state = SessionState::live;
    s.start_time = now;
  }
  TRY_VOID(update_session(tx, s));
  TRY_VOID(mark_port(tx, s.port, {}));
  if (starts) events.push_back({"session.started", s.id.name(), facts_of(s)});
  return {};
}

}  // namespace pratique::network
