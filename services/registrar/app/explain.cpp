#include "services/registrar/app/explain.h"

#include <algorithm>
#include <utility>

#include "services/registrar/domain/field_text.h"
#include "services/registrar/storage/audit.h"
#include "services/registrar/storage/credentials.h"
#include "services/registrar/storage/decisions.h"
#include "services/registrar/storage/devices.h"
#include "services/registrar/storage/refusals.h"
#include "services/registrar/storage/vouchers.h"

namespace pratique::registrar {
namespace {

constexpr std::string_view kOnboarding = "service/onboarding";

std::string times(std::int64_t count, Timestamp last) {
  return count == 1 ? "" : " (" + std::to_string(count) + " times, last at " + format_rfc3339(last) + ")";
}

std::string message_of(const std::vector<Finding>& findings) {
  return findings.empty() ? "" : ": " + findings.front().message;
}

Explanation explain(const Decision& d) {
  std::string summary;
  switch (d.outcome) {
    case Outcome::allow: summary = "was let in by " + d.rule; break;
    case Outcome::wait: summary = "waits for approval"; break;
    case Outcome::deny: summary = "was refused" + message_of(d.findings); break;
  }
  return {.time = d.create_time,
          .kind = "decision",
          .summary = summary + times(d.count, d.last_time),
          .findings = d.findings,
          .actor = std::string(kOnboarding),
          .rule = d.rule,
          .audit_sequence = d.audit_sequence};
}

Explanation explain(const Refusal& r) {
  return {.time = r.create_time, .kind = "refusal",
          .summary = "onboarding by " + r.protocol + " failed" + message_of(r.findings) + times(r.count, r.last_time),
          .findings = r.findings, .actor = std::string(kOnboarding), .audit_sequence = r.audit_sequence};
}

Explanation explain(const Telemetry& t) {
  const std::string what = t.kind == TelemetryKind::voucher ? "the voucher" : "its enrolment";
  std::string summary = "the device says that " + what + (t.success ? " was good" : " failed");
  if (!t.reason.empty()) summary += ": " + t.reason;
  if (t.kind == TelemetryKind::enrolment && t.success && !t.certificate_matched)
    summary += " (but it did not show the certificate that was issued)";
  return {.time = t.time, .kind = "telemetry", .summary = summary, .actor = "device"};
}

Explanation explain(const VoucherRecord& v) {
  std::string summary = "the manufacturer issued a voucher (" + v.assertion + ", signed by " + v.signer + ")";
  if (!v.device_status.empty()) summary += "; the device: " + v.device_status;
  return {.time = v.receive_time, .kind = "voucher", .summary = summary, .actor = std::string(kOnboarding)};
}

Explanation explain(const Credential& c, Timestamp now) {
  std::string summary = "was given certificate " + c.certificate_serial + " (profile " + c.profile + ", until " +
                        format_rfc3339(c.not_after) + "), which is " + std::string(to_string(state_at(c, now))) +
                        " now";
  if (!c.end_reason.empty()) summary += ": " + c.end_reason;
  return {.time = c.issue_time, .kind = "credential", .summary = summary, .actor = std::string(kOnboarding)};
}

/// What people did with the device; decisions and reports are told from their own records.
std::optional<Explanation> explain(const AuditEntry& entry) {
  const auto& record = entry.record;
  if (!record.action.starts_with("device.") && !record.action.starts_with("approval.")) return std::nullopt;
  std::string summary = record.action;
  if (!record.reason.empty()) summary += ": " + record.reason;
  return Explanation{.time = entry.time, .kind = "state", .summary = summary, .actor = record.actor,
                     .audit_sequence = entry.sequence};
}

}  // namespace

Result<DeviceStory> Explain::device(const Call& call, const DeviceId& id, int limit) {
  return pool_.read(call.deadline, [&](pg::Tx& tx) -> Result<DeviceStory> {
    TRY(auto device, get_device(tx, id));
    return tell(tx, std::move(device), "", limit);
  });
}

Result<DeviceStory> Explain::serial_number(const Call& call, std::string_view serial_number, int limit) {
  TRY_VOID(check_text("serial_number", serial_number, kMaxSerialNumber, Presence::required));
  return pool_.read(call.deadline, [&](pg::Tx& tx) -> Result<DeviceStory> {
    TRY(auto found, find_devices(tx, serial_number, 1));
    if (found.empty()) return tell(tx, std::nullopt, serial_number, limit);
    return tell(tx, std::move(found.front()), serial_number, limit);
  });
}

Result<DeviceStory> Explain::tell(pg::Tx& tx, std::optional<Device> device, std::string_view serial_number,
                                  int limit) const {
  const int entries = limit <= 0 ? kDefaultExplanations : std::min(limit, kMaxExplanations);
  const Timestamp now = clock_.now();
  std::vector<Explanation> out;
  const auto add_all = [&out](const auto& records) {
    for (const auto& record : records) out.push_back(explain(record));
  };
  // By serial number where that is what was asked: refusals from before the device was registered belong to its story.
  const DeviceId by_device = serial_number.empty() && device ? device->id : DeviceId{};
  TRY(const auto decisions, list_decisions(tx, by_device, serial_number, entries));
  add_all(decisions);
  TRY(const auto refusals, list_refusals(tx, by_device, serial_number, entries));
  add_all(refusals);
  if (device) {
    TRY(const auto telemetry, list_telemetry(tx, device->id, entries));
    add_all(telemetry);
    TRY(const auto vouchers, list_vouchers(tx, device->id, {}, entries));
    add_all(vouchers);
    TRY(const auto credentials, list_credentials(tx, {.device = device->id}, {}, entries, now));
    for (const auto& credential : credentials) out.push_back(explain(credential, now));
    TRY(const auto audit, list_audit(tx, {.subject = device->id.name(), .actor = ""}, kNewestAudit, kMaxExplanations));
    for (const auto& entry : audit)
      if (auto state = explain(entry)) out.push_back(*std::move(state));
  }
  std::ranges::stable_sort(out, std::ranges::greater{},
                           [](const Explanation& e) { return std::pair(e.time, e.audit_sequence); });
  if (out.size() > static_cast<std::size_t>(entries)) out.resize(static_cast<std::size_t>(entries));
  return DeviceStory{std::move(device), std::move(out)};
}

}  // namespace pratique::registrar
