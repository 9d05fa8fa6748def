#include "libs/protocol/brski/status.h"

#include "libs/protocol/voucher/reasons.h"

namespace pratique::brski {

using namespace voucher;

namespace {

struct Row {
  Reason reason;
  int registrar;  // towards the pledge
  int masa;       // towards the registrar
};

constexpr int kOther = 403;

// A reason that one side never gives stands with 403 there.
constexpr Row kTable[] = {
    {kPvrMalformed, 406, 406},
    {kPvrUnsigned, 406, 403},
    {kPvrFormatUnsupported, 406, 406},
    {kPvrProfileViolation, 403, 403},
    {kPvrSignatureInvalid, 404, 403},
    {kPvrSignerNotIdevid, 401, 403},
    {kPvrSerialMissing, 404, 403},
    {kPvrSerialMismatch, 401, 403},
    {kPvrNonceMissing, 404, 403},
    {kPvrNonceLength, 404, 403},
    {kPvrAssertionNotProximity, 401, 403},
    {kPvrProximityMissing, 401, 403},
    {kPvrProximityMismatch, 401, 403},
    {kPvrClockSkew, 403, 403},
    {kIdevidMissing, 401, 403},
    {kIdevidSerialMissing, 404, 403},
    {kIdevidUntrusted, 403, 403},
    {kIdevidKeyUnregistered, 403, 403},
    {kMasaUrlInvalid, 403, 403},
    {kRvrMalformed, 502, 406},
    {kRvrUnsigned, 502, 406},
    {kRvrFormatUnsupported, 502, 406},
    {kRvrProfileViolation, 502, 403},
    {kRvrSignatureInvalid, 502, 403},
    {kRvrChainIncomplete, 502, 403},
    {kRvrChainInvalid, 502, 403},
    {kRvrSignerNotRa, 502, 403},
    {kRvrSerialMissing, 502, 403},
    {kRvrDeviceUnknown, 502, 404},
    {kRvrDeviceBlocked, 403, 403},
    {kRvrSerialMismatch, 502, 403},
    {kRvrNonceMismatch, 502, 403},
    {kRvrNonceLength, 502, 403},
    {kRvrPriorMissing, 502, 403},
    {kRvrProximityMismatch, 502, 403},
    {kRvrProximityForbidden, 502, 403},
    {kRvrIdevidIssuerMissing, 502, 403},
    {kRvrIdevidIssuerMismatch, 502, 403},
    {kRvrStale, 502, 403},
    {kRvrOwnerUnauthenticated, 502, 403},
    {kVoucherMalformed, 502, 403},
    {kVoucherUnsigned, 502, 403},
    {kVoucherFormatUnsupported, 502, 403},
    {kVoucherProfileViolation, 502, 403},
    {kVoucherSignatureInvalid, 502, 403},
    {kVoucherSignerUnknown, 502, 403},
    {kVoucherSerialMismatch, 502, 403},
    {kVoucherNonceMismatch, 502, 403},
    {kVoucherNonceMissing, 502, 403},
    {kVoucherNonceUnasked, 502, 403},
    {kVoucherExpiryMissing, 502, 403},
    {kVoucherExpired, 502, 403},
    {kVoucherClockNeeded, 502, 403},
    {kVoucherIdevidIssuerMismatch, 502, 403},
    {kVoucherPinnedCertMissing, 502, 403},
    {kVoucherPinnedCertInvalid, 502, 403},
    {kVoucherPinnedCertMismatch, 502, 403},
    {kVoucherAssertionTooWeak, 403, 403},
    {kAuditLogMalformed, 502, 403},
    {kAuditLogOursMissing, 403, 403},
    {kAuditLogTakenSince, 403, 403},
    {kAuditLogOtherNonceless, 403, 403},
    {kAuditLogOtherOwner, 403, 403},
    {kAuditLogTruncated, 403, 403},
    {kMasaUnreachable, 503, 403},
    {kMasaUntrusted, 403, 403},
    {kMasaRefused, 403, 403},
    {kMasaAnswerUnusable, 502, 403},
    {kSessionMissing, 403, 403},
    {kSessionOver, 403, 403},
    {kVoucherRefusedByDevice, 200, 200},  // recorded, as the next
    {kEnrolmentFailed, 200, 200},
    {kTelemetryMalformed, 400, 400},
    {kEnrollCertificateMismatch, 200, 200},  // recorded; the report itself is answered
    {kWireLeniency, 200, 200},
};

const Row* find_row(std::string_view code) {
  for (const auto& row : kTable)
    if (row.reason.code == code) return &row;
  return nullptr;
}

}  // namespace

int registrar_status(std::string_view reason) {
  const auto* row = find_row(reason);
  return row ? row->registrar : kOther;
}

int masa_status(std::string_view reason) {
  const auto* row = find_row(reason);
  return row ? row->masa : kOther;
}

bool has_status(std::string_view reason) { return find_row(reason) != nullptr; }

std::string refusal_text(const Verdict& verdict) {
  if (verdict.accepted()) return {};
  const auto reason = find_reason(verdict.first().code);
  return verdict.first().code + (reason ? ": " + std::string(reason->meaning) : "");
}

}  // namespace pratique::brski
