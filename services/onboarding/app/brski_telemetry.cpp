// What the device says of its voucher and of its certificate (RFC 8995 sections 5.7 and 5.9.4).
#include "libs/crypto/primitives/digest.h"
#include "libs/protocol/brski/telemetry.h"
#include "libs/protocol/voucher/reasons.h"
#include "services/onboarding/app/brski.h"
#include "services/onboarding/app/limits.h"
#include "services/onboarding/storage/sessions.h"

namespace pratique::onboarding {

namespace {

Finding finding_of(const voucher::Reason& reason, const brski::StatusReport& report) {
  return {std::string(reason.code),
          std::string(reason.meaning),
          {{"device_said", report.reason}, {"context", report.reason_context.is_null() ? "" : report.reason_context.dump()}}};
}

Result<Answer> malformed(const Error& error) {
  return Answer::refuse({{{std::string(voucher::kTelemetryMalformed.code), error.message}, {}}});
}

TelemetryRecord record_of(const Session& session, TelemetryRecord::Kind kind, const brski::StatusReport& report) {
  return {.device = session.device,
          .session = session.id.name(),
          .kind = kind,
          .success = report.status,
          .reason = report.reason,
          .reason_context = report.reason_context.is_null() ? "" : report.reason_context.dump()};
}

}  // namespace

Result<Answer> Brski::voucher_status(const DeviceCaller& caller, ByteView body) {
  if (!caller.leaf()) return Answer::refuse({refusal(voucher::kIdevidMissing)});
  const auto report = brski::parse_status_report(body);
  if (!report) return malformed(report.error());

  TRY(const auto session,
      around_.pool.with(pg::within(kDatabaseLimit), [&](pg::Tx& tx) -> Result<std::optional<Session>> {
        TRY(auto found, lock_session_by_key(tx, caller.leaf()->public_key().fingerprint_sha256()));
        if (!found) return found;
        // Where the step is not due (a report that is late or comes twice), what was said is recorded all the same.
        const auto event = report->status ? SessionEvent::voucher_confirmed : SessionEvent::refused;
        if (const auto next = next_state(found->state, event); next) {
          found->state = *next;
          if (!report->status) found->findings = {finding_of(voucher::kVoucherRefusedByDevice, *report)};
          found->updated_at = around_.clock.now();
          TRY_VOID(update_session(tx, *found));
        }
        return found;
      }));
  if (!session) return Answer::refuse({refusal(voucher::kSessionMissing)});
  TRY_VOID(around_.admission.record_telemetry(record_of(*session, TelemetryRecord::Kind::voucher, *report)));
  return Answer::grant();
}

Result<Answer> Brski::enroll_status(const DeviceCaller& caller, ByteView body) {
  if (!caller.leaf()) return Answer::refuse({refusal(voucher::kIdevidMissing)});
  const auto report = brski::parse_status_report(body);
  if (!report) return malformed(report.error());

  // Success comes with the new certificate, failure with the IDevID; which it was is recorded (section 5.9.4). The
  // session knows the certificate that it led to. Any other, of a renewal or long after, the registrar knows.
  const auto digest = crypto::sha256(caller.leaf()->der());
  const auto key = caller.leaf()->public_key().fingerprint_sha256();
  bool on_new_certificate = true;
  const auto conclude = [&](auto&& find) {
    return around_.pool.with(pg::within(kDatabaseLimit), [&](pg::Tx& tx) -> Result<std::optional<Session>> {
      TRY(auto found, find(tx));
      if (!found) return found;
      const auto event = report->status ? SessionEvent::credential_confirmed : SessionEvent::refused;
      const auto next = next_state(found->state, event);
      if (next && (!report->status || on_new_certificate)) {
        found->state = *next;
        if (!report->status) found->findings = {finding_of(voucher::kEnrolmentFailed, *report)};
        found->updated_at = around_.clock.now();
        TRY_VOID(update_session(tx, *found));
      }
      return found;
    });
  };
  TRY(auto session, conclude([&](pg::Tx& tx) { return lock_session_by_credential(tx, digest); }));
  if (!session) {
    TRY(const auto owner, around_.admission.identify(*caller.leaf(), report->status));
    on_new_certificate = owner.counts();
    TRY(session, conclude([&](pg::Tx& tx) {
          return on_new_certificate ? lock_session_by_device(tx, owner.device)
                                    : lock_session_by_key(tx, key);
        }));
  }
  if (!session) return Answer::refuse({refusal(voucher::kSessionMissing)});
  auto record = record_of(*session, TelemetryRecord::Kind::enrolment, *report);
  record.certificate_matched = on_new_certificate;
  TRY_VOID(around_.admission.record_telemetry(record));
  return Answer::grant();
}

}  // namespace pratique::onboarding
