#include "services/network/app/radius_reports.h"

#include "services/network/storage/credential_uses.h"
#include "services/network/storage/grants.h"
#include "services/network/storage/ports.h"
#include "services/network/storage/switches.h"
#include "services/network/storage/work.h"

namespace pratique::network {

Result<std::optional<ReportHandler::Place>> ReportHandler::place_of(const RadiusReport& report) {
  const auto mac = MacAddress::parse(report.calling_station_id);
  if (!mac || mac->is_group()) return std::optional<Place>{};
  TRY(const auto port, find_port_by_radius(tx_, report.nas_address, report.nas_port_id));
  if (!port) return std::optional<Place>{};
  return std::optional(Place{*port, *mac});
}

bool ReportHandler::silent(const Session& s) const {
  const Timestamp now = clock_.now();
  if (s.state == SessionState::accepted) return s.heard_time < now - rules_.accept_limit;
  return s.accounted && s.heard_time < now - rules_.silence_limit;
}

Result<void> ReportHandler::settle_rivals(Session& fresh) {
  TRY(const auto rivals, lock_rivals(tx_, fresh));
  for (const Session& rival : rivals) {
    if (!rival.end_code.empty()) continue;  // on its way out
    const Reason& why = rival.mac == fresh.mac ? kStationElsewhere : kCertificateElsewhere;
    pg::Facts facts = facts_of(fresh);
    facts["code"] = why.code;
    facts["message"] = why.meaning;
    facts["other_session"] = rival.id.name();
    facts["other_switch_name"] = rival.switch_name;
    facts["other_port_name"] = rival.port_name;
    if (silent(rival)) {
      facts["kept"] = "newer";
      TRY_VOID(end_session(tx_, rival, why.code, why.meaning, clock_.now(), events_));
    } else {
      facts["kept"] = "older";
      fresh.end_code = why.code;
      fresh.end_message = why.meaning;
    }
    events_.push_back({"session.disputed", fresh.id.name(), std::move(facts)});
  }
  return {};
}

Result<bool> ReportHandler::accept(const RadiusReport& report, const Place& place) {
  TRY(const auto credential, find_credential(tx_, report.authority_key_id, report.certificate_serial));
  if (!credential) return false;
  TRY_VOID(note_use(tx_, credential->authority_key_id, credential->serial, report.at));
  TRY(bool on, is_authenticated(tx_, place.port.id, place.mac));  // the port first, as everybody
  TRY(auto current, lock_open_session(tx_, place.port.id, place.mac));
  if (current) {
    const bool same = current->certificate_serial == report.certificate_serial &&
                      current->authority_key_id == report.authority_key_id && current->device == credential->device;
    if (same && current->end_code.empty()) {  // it authenticated anew
      current->heard_time = report.at;
      current->given_vlan = report.given_vlan;
      current->user_name = report.user_name;
      TRY_VOID(update_session(tx_, *current));
      TRY_VOID(mark_port(tx_, place.port.id, {}));
      return true;
    }
    on = on || current->state == SessionState::live;
    TRY_VOID(end_session(tx_, *current, kReplaced.code, kReplaced.meaning, clock_.now(), events_));
  }
  TRY(const auto on_switch, get_switch(tx_, place.port.on_switch));
  Session fresh{.id = SessionId::make(clock_, random_), .device = credential->device, .on_switch = on_switch.id,
                .switch_name = on_switch.name, .port = place.port.id, .port_name = place.port.name, .mac = place.mac,
                .user_name = report.user_name, .certificate_serial = report.certificate_serial,
                .authority_key_id = report.authority_key_id, .given_vlan = report.given_vlan, .accept_time = report.at,
                .heard_time = report.at};
  TRY_VOID(settle_rivals(fresh));
  TRY_VOID(insert_session(tx_, fresh));
  if (on && fresh.end_code.empty()) {
    TRY_VOID(start_session(tx_, fresh, clock_.now(), events_));
    return true;
  }
  TRY_VOID(mark_port(tx_, place.port.id, {}));
  return true;
}

Result<void> ReportHandler::account(const RadiusReport& report, Session s) {
  const bool other =
      !report.accounting_id.empty() && !s.accounting_id.empty() && report.accounting_id != s.accounting_id;
  if (other && report.kind != RadiusReportKind::start) return {};  // of a stay that is over
  s.heard_time = report.at;
  s.accounted = true;
  if (!report.accounting_id.empty()) s.accounting_id = report.accounting_id;
  if (report.kind != RadiusReportKind::start) {
    s.input_octets = report.input_octets;
    s.output_octets = report.output_octets;
  }
  if (!report.framed_addresses.empty()) s.framed_addresses = report.framed_addresses;
  if (report.kind == RadiusReportKind::stop) {
    const auto message = report.terminate_cause.empty() ? std::string(kLoggedOff.meaning) : report.terminate_cause;
    return end_off_session(tx_, std::move(s), message, clock_.now(), events_);
  }
  if (s.state == SessionState::accepted && s.end_code.empty()) return start_session(tx_, s, clock_.now(), events_);
  return update_session(tx_, s);
}

Result<bool> ReportHandler::handle(const RadiusReport& report) {
  TRY(const auto place, place_of(report));
  if (!place) return false;
  if (report.kind == RadiusReportKind::accept) return accept(report, *place);
  TRY(auto session, lock_open_session(tx_, place->port.id, place->mac));
  if (!session) return true;  // it was ended here already
  TRY_VOID(account(report, *std::move(session)));
  return true;
}

}  // namespace pratique::network
