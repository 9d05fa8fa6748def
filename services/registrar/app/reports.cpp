// What others found out about a device: the second half of AdmissionDesk.
#include "libs/pg/events.h"
#include "services/registrar/app/admission.h"
#include "services/registrar/domain/protocols.h"
#include "services/registrar/storage/audit.h"
#include "services/registrar/storage/devices.h"
#include "services/registrar/storage/refusals.h"
#include "services/registrar/storage/vouchers.h"

namespace pratique::registrar {
namespace {

constexpr std::string_view kCrowd = "unregistered:*";

Result<void> check_report(const RefusalReport& report) {
  if (report.findings.empty()) return field_invalid("findings", "must not be empty");
  if (report.findings.size() > kMaxFindings)
    return field_invalid("findings", "more than " + std::to_string(kMaxFindings) + " findings");
  for (const auto& finding : report.findings)
    TRY_VOID(check_word("findings.code", finding.code, kMaxFindingText, Presence::required));
  if (!is_protocol(report.protocol)) return field_invalid("protocol", "must be brski, fdo or dpp");
  return check_text("remote_address", report.remote_address, kMaxRemoteAddress, Presence::optional);
}

/// As AdmissionDesk's decisions: strangers may take any name, but not fill the log.
Result<void> join_crowd(pg::Tx& tx, Refusal& refusal) {
  if (!refusal.device.empty()) return {};
  TRY(const auto strangers, count_unregistered_refusals(tx, refusal.create_time - kRepeatWindow));
  if (strangers < kMaxUnprovenSubjects) return {};
  refusal.subject_key = kCrowd;
  refusal.serial_number.clear();
  return {};
}

Facts facts_of(const Refusal& r) {
  std::string codes;
  for (const auto& finding : r.findings) codes += (codes.empty() ? "" : ", ") + finding.code;
  Facts facts{{"codes", codes},
              {"serial_number", r.serial_number},
              {"protocol", r.protocol},
              {"session", name_of(r.session)},
              {"remote_address", r.remote_address}};
  std::erase_if(facts, [](const auto& fact) { return fact.second.empty(); });
  return facts;
}

Facts facts_of(const Telemetry& t) {
  Facts facts{
      {"session", t.session.name()},
      {"kind", std::string(to_string(t.kind))},
      {"success", t.success ? "true" : "false"},
      {"reason", t.reason},
      {"reason_context", t.reason_context},
      {"certificate_matched", t.kind == TelemetryKind::enrolment ? (t.certificate_matched ? "true" : "false") : ""}};
  std::erase_if(facts, [](const auto& fact) { return fact.second.empty(); });
  return facts;
}

bool says_the_same(const Telemetry& a, const Telemetry& b) {
  return a.device == b.device && a.success == b.success && a.certificate_matched == b.certificate_matched;
}

}  // namespace

Result<void> AdmissionDesk::record_refusal(const Call& call, const RefusalReport& report) {
  TRY_VOID(check_report(report));
  return pool_.with(call.deadline, [&](pg::Tx& tx) -> Result<void> {
    const Timestamp now = clock_.now();
    Refusal refusal{.id = make_uuid7(clock_, random_), .device = report.device, .session = report.session,
                    .protocol = report.protocol, .serial_number = displayable(report.serial_number, kMaxSerialNumber),
                    .findings = storable(report.findings), .remote_address = report.remote_address,
                    .create_time = now, .last_time = now};
    refusal.subject_key = "serial:" + refusal.serial_number;
    if (!refusal.device.empty()) {
      TRY(const auto device, lock_seen_device(tx, refusal.device, now));  // its refusals come one after the other
      // A renewal names a device and no serial number; its story is asked for by either.
      if (refusal.serial_number.empty()) refusal.serial_number = device.serial_number;
      refusal.subject_key = refusal.device.name();
    }
    TRY_VOID(join_crowd(tx, refusal));
    TRY(const auto same, find_same_refusal(tx, refusal, now - kRepeatWindow));
    if (same) return count_refusal(tx, same->id, refusal.session, now);
    const auto subject = refusal.device.empty() ? name_of(refusal.session) : refusal.device.name();
    TRY_VOID(append_audit(tx, {call.actor, "pledge.refuse", subject, refusal.code(), facts_of(refusal)}, now));
    TRY_VOID(insert_refusal(tx, refusal));
    return append_event(tx, "device.refused", subject, facts_of(refusal));
  });
}

Result<void> AdmissionDesk::record_telemetry(const Call& call, Telemetry telemetry) {
  if (telemetry.session.empty()) return field_invalid("session", "must not be empty");
  telemetry.reason = displayable(telemetry.reason, kMaxTelemetryText);
  telemetry.reason_context = displayable(telemetry.reason_context, kMaxTelemetryText);
  return pool_.with(call.deadline, [&](pg::Tx& tx) -> Result<void> {
    telemetry.time = clock_.now();
    TRY_VOID(lock_seen_device(tx, telemetry.device, telemetry.time));
    TRY(const auto before, find_telemetry(tx, telemetry.session, telemetry.kind));
    TRY_VOID(put_telemetry(tx, telemetry));
    if (telemetry.kind == TelemetryKind::voucher)
      TRY_VOID(set_voucher_status(tx, telemetry.device, telemetry.session,
                                  telemetry.success ? "accepted" : "refused: " + telemetry.reason));
    if (before && says_the_same(*before, telemetry)) return {};
    const auto subject = telemetry.device.name();
    TRY_VOID(append_audit(tx, {call.actor, "pledge.report", subject, telemetry.reason, facts_of(telemetry)},
                          telemetry.time));
    return append_event(tx, "device.reported", subject, facts_of(telemetry));
  });
}

}  // namespace pratique::registrar
