// Every reason that a judgement of vouchers, voucher requests, audit logs and telemetry can give: one list, from
// which the constants, the operators' catalogue and the table of HTTP statuses (libs/protocol/brski/status.h) follow.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace pratique::voucher {

struct Reason {
  std::string_view code;
  std::string_view meaning;
  std::string_view remedy;
  constexpr operator std::string_view() const { return code; }  // NOLINT: a reason is passed as its code
};

// clang-format off
#define PRATIQUE_VOUCHER_REASONS(REASON) \
  /* The pledge's request, seen by a registrar, and by a MASA inside the registrar's. */ \
  REASON(kPvrMalformed, "PVR_MALFORMED", "the device's voucher request cannot be read", \
         "look at the detail; a device maker must fix its encoding") \
  REASON(kPvrUnsigned, "PVR_UNSIGNED", "the device's voucher request has no signature", \
         "the device must sign its request with its IDevID key") \
  REASON(kPvrFormatUnsupported, "PVR_FORMAT_UNSUPPORTED", "the device's voucher request is not CMS-signed JSON", \
         "use application/voucher-cms+json") \
  REASON(kPvrProfileViolation, "PVR_PROFILE_VIOLATION", "the request breaks a rule of the strict wire profile", \
         "update the device, or set the manufacturer's wire profile to lenient") \
  REASON(kPvrSignatureInvalid, "PVR_SIGNATURE_INVALID", "the signature of the device's request does not verify", \
         "treat as tampering; try again once, then inspect the device") \
  REASON(kPvrSignerNotIdevid, "PVR_SIGNER_NOT_IDEVID", \
         "the request was not signed by the IDevID that opened the connection", \
         "treat as an attempt to speak for another device") \
  REASON(kPvrSerialMissing, "PVR_SERIAL_MISSING", "the request names no serial number", \
         "a device maker must fix the request") \
  REASON(kPvrSerialMismatch, "PVR_SERIAL_MISMATCH", "the request names another serial number than the IDevID", \
         "treat as an attempt to speak for another device") \
  REASON(kPvrNonceMissing, "PVR_NONCE_MISSING", "the request has no nonce", \
         "a device maker must fix the request") \
  REASON(kPvrNonceLength, "PVR_NONCE_LENGTH", "the nonce is not 8 to 32 bytes", \
         "update the device, or set the manufacturer's wire profile to lenient") \
  REASON(kPvrAssertionNotProximity, "PVR_ASSERTION_NOT_PROXIMITY", "the request does not assert proximity", \
         "update the device, or set the manufacturer's wire profile to lenient") \
  REASON(kPvrProximityMissing, "PVR_PROXIMITY_MISSING", "the request does not say which registrar the device saw", \
         "a device maker must fix the request") \
  REASON(kPvrProximityMismatch, "PVR_PROXIMITY_MISMATCH", "the device saw another TLS server than this registrar", \
         "look for something between device and registrar; check that all replicas' certificates are configured") \
  REASON(kPvrClockSkew, "PVR_CLOCK_SKEW", "the time in the device's request is far from ours", \
         "none needed: devices often have no clock yet") \
  /* The device's certificate. */ \
  REASON(kIdevidMissing, "IDEVID_MISSING", "the device showed no certificate", \
         "the device must present its IDevID in the TLS handshake") \
  REASON(kIdevidSerialMissing, "IDEVID_SERIAL_MISSING", "the IDevID's subject has no X.520 serialNumber", \
         "the manufacturer must issue IDevIDs after IEEE 802.1AR") \
  REASON(kIdevidUntrusted, "IDEVID_UNTRUSTED", "the IDevID does not lead to a known manufacturer's anchor", \
         "register the manufacturer's CA certificate if you trust it") \
  REASON(kIdevidKeyUnregistered, "IDEVID_KEY_UNREGISTERED", \
         "the IDevID's key is not the one registered for this device", \
         "treat as a cloned serial number; ask the manufacturer") \
  REASON(kMasaUrlInvalid, "MASA_URL_INVALID", "the MASA address in the IDevID is absent or unusable", \
         "configure the manufacturer's MASA address by hand") \
  /* The registrar's request, seen by a MASA. */ \
  REASON(kRvrMalformed, "RVR_MALFORMED", "the registrar's voucher request cannot be read", \
         "look at the detail; the registrar must fix its encoding") \
  REASON(kRvrUnsigned, "RVR_UNSIGNED", "the registrar's voucher request has no signature", \
         "the registrar must sign its request") \
  REASON(kRvrFormatUnsupported, "RVR_FORMAT_UNSUPPORTED", "the registrar's voucher request is not CMS-signed JSON", \
         "use application/voucher-cms+json") \
  REASON(kRvrProfileViolation, "RVR_PROFILE_VIOLATION", \
         "the registrar's request breaks a rule of the strict wire profile", \
         "update the registrar, or set its wire profile to lenient") \
  REASON(kRvrSignatureInvalid, "RVR_SIGNATURE_INVALID", "the signature of the registrar's request does not verify", \
         "treat as tampering") \
  REASON(kRvrChainIncomplete, "RVR_CHAIN_INCOMPLETE", \
         "the request does not carry the chain of its signer up to an anchor", \
         "the registrar must include its CA certificates") \
  REASON(kRvrChainInvalid, "RVR_CHAIN_INVALID", "the registrar's certificate does not verify under its own CA", \
         "renew the registrar's certificate") \
  REASON(kRvrSignerNotRa, "RVR_SIGNER_NOT_RA", "the signer's certificate lacks the extended key usage cmcRA", \
         "issue the registrar's certificate with id-kp-cmcRA (1.3.6.1.5.5.7.3.28)") \
  REASON(kRvrSerialMissing, "RVR_SERIAL_MISSING", "the registrar's request names no serial number", \
         "the registrar must fix its request") \
  REASON(kRvrDeviceUnknown, "RVR_DEVICE_UNKNOWN", "no device of that serial number was made here", \
         "check the serial number; check that the device's batch was registered") \
  REASON(kRvrDeviceBlocked, "RVR_DEVICE_BLOCKED", "no voucher is given for this device", \
         "ask the manufacturer why the device is blocked") \
  REASON(kRvrSerialMismatch, "RVR_SERIAL_MISMATCH", "registrar, device and certificate name different serial numbers", \
         "treat as an attempt to obtain another device's voucher") \
  REASON(kRvrNonceMismatch, "RVR_NONCE_MISMATCH", "the registrar's nonce is not the device's", \
         "the registrar must copy the nonce from the device's request") \
  REASON(kRvrNonceLength, "RVR_NONCE_LENGTH", "the nonce is not 8 to 32 bytes", \
         "update the device, or set the wire profile to lenient") \
  REASON(kRvrPriorMissing, "RVR_PRIOR_MISSING", "the registrar's request does not contain the device's", \
         "the registrar must send prior-signed-voucher-request") \
  REASON(kRvrProximityMismatch, "RVR_PROXIMITY_MISMATCH", "the device saw another registrar than the one that asks", \
         "look for something between device and registrar; include every replica's certificate in the request") \
  REASON(kRvrProximityForbidden, "RVR_PROXIMITY_FORBIDDEN", \
         "a registrar's request must not carry proximity-registrar-cert", \
         "the registrar must leave it out") \
  REASON(kRvrIdevidIssuerMissing, "RVR_IDEVID_ISSUER_MISSING", "the registrar's request has no idevid-issuer", \
         "update the registrar, or set its wire profile to lenient") \
  REASON(kRvrIdevidIssuerMismatch, "RVR_IDEVID_ISSUER_MISMATCH", \
         "idevid-issuer is not the issuer of the device's certificate", \
         "the registrar must take it from the IDevID's authority key identifier") \
  REASON(kRvrStale, "RVR_STALE", "the registrar's request is too old, or from the future", \
         "set the registrar's clock; make a new request") \
  REASON(kRvrOwnerUnauthenticated, "RVR_OWNER_UNAUTHENTICATED", \
         "a voucher without a nonce is given to known owners alone", \
         "register the owner's certificate, or ask with a nonce") \
  /* The voucher, seen by registrar and pledge. */ \
  REASON(kVoucherMalformed, "VOUCHER_MALFORMED", "the voucher cannot be read", \
         "look at the detail; the MASA must fix its encoding") \
  REASON(kVoucherUnsigned, "VOUCHER_UNSIGNED", "the voucher has no signature", \
         "treat as tampering") \
  REASON(kVoucherFormatUnsupported, "VOUCHER_FORMAT_UNSUPPORTED", "the voucher is not CMS-signed JSON", \
         "the MASA must answer with application/voucher-cms+json") \
  REASON(kVoucherProfileViolation, "VOUCHER_PROFILE_VIOLATION", \
         "the voucher breaks a rule of the strict wire profile", \
         "update the MASA, or set the manufacturer's wire profile to lenient") \
  REASON(kVoucherSignatureInvalid, "VOUCHER_SIGNATURE_INVALID", "the signature of the voucher does not verify", \
         "treat as tampering") \
  REASON(kVoucherSignerUnknown, "VOUCHER_SIGNER_UNKNOWN", \
         "the voucher's signer does not lead to the manufacturer's anchor", \
         "check the manufacturer's registered anchors; otherwise treat as forged") \
  REASON(kVoucherSerialMismatch, "VOUCHER_SERIAL_MISMATCH", "the voucher is for another device", \
         "treat as a mix-up at the MASA, or as an attack") \
  REASON(kVoucherNonceMismatch, "VOUCHER_NONCE_MISMATCH", "the voucher answers another request", \
         "treat as a replay; ask again") \
  REASON(kVoucherNonceMissing, "VOUCHER_NONCE_MISSING", "the voucher has no nonce though one was sent", \
         "allow vouchers without a nonce for this manufacturer, or ask its MASA why") \
  REASON(kVoucherNonceUnasked, "VOUCHER_NONCE_UNASKED", "the voucher has a nonce though none was sent", \
         "treat as another request's voucher") \
  REASON(kVoucherExpiryMissing, "VOUCHER_EXPIRY_MISSING", "the voucher has neither a nonce nor an expiry", \
         "ask the MASA for one that ends") \
  REASON(kVoucherExpired, "VOUCHER_EXPIRED", "the voucher is past its expiry", \
         "ask the MASA again; check the clock") \
  REASON(kVoucherClockNeeded, "VOUCHER_CLOCK_NEEDED", "a voucher without a nonce cannot be judged without a clock", \
         "give the device a time source, or ask with a nonce") \
  REASON(kVoucherIdevidIssuerMismatch, "VOUCHER_IDEVID_ISSUER_MISMATCH", \
         "the voucher is for a device of another issuer", \
         "treat as a mix-up of serial numbers at the MASA") \
  REASON(kVoucherPinnedCertMissing, "VOUCHER_PINNED_CERT_MISSING", "the voucher names no owner", \
         "the MASA has declined; ask the manufacturer") \
  REASON(kVoucherPinnedCertInvalid, "VOUCHER_PINNED_CERT_INVALID", \
         "the owner's certificate in the voucher cannot be read", \
         "the MASA must fix its encoding") \
  REASON(kVoucherPinnedCertMismatch, "VOUCHER_PINNED_CERT_MISMATCH", \
         "the voucher names another owner than the network seen", \
         "the device belongs to another network, or something stands between: do not join") \
  REASON(kVoucherAssertionTooWeak, "VOUCHER_ASSERTION_TOO_WEAK", "the voucher asserts less than policy demands", \
         "lower the demand for this manufacturer, or ask its MASA for proximity") \
  /* The MASA's audit log. */ \
  REASON(kAuditLogMalformed, "AUDIT_LOG_MALFORMED", "the MASA's audit log cannot be read", \
         "look at the detail; the MASA must fix its encoding") \
  REASON(kAuditLogOursMissing, "AUDIT_LOG_OURS_MISSING", "the audit log does not show the voucher that we were given", \
         "ask the manufacturer; its log cannot be relied upon") \
  REASON(kAuditLogTakenSince, "AUDIT_LOG_TAKEN_SINCE", "another owner was given a voucher after ours", \
         "find out who claims the device before it is admitted") \
  REASON(kAuditLogOtherNonceless, "AUDIT_LOG_OTHER_NONCELESS", "another owner holds a voucher that can be used again", \
         "the device can be taken back at any reset: admit it only if that owner is known") \
  REASON(kAuditLogOtherOwner, "AUDIT_LOG_OTHER_OWNER", "the device had another owner before", \
         "add that owner's domain to the allow list if the device was bought second-hand") \
  REASON(kAuditLogTruncated, "AUDIT_LOG_TRUNCATED", "the MASA has left entries out of the audit log", \
         "ask the manufacturer for the whole history") \
  /* The manufacturer, as a registrar meets it. */ \
  REASON(kMasaUnreachable, "MASA_UNREACHABLE", "the manufacturer's MASA does not answer", \
         "check name, port and firewall towards the MASA; the device comes again by itself") \
  REASON(kMasaUntrusted, "MASA_UNTRUSTED", "the TLS certificate of the manufacturer's MASA does not verify", \
         "register the anchor of the MASA's TLS server (purpose MASA_TLS) if you trust it") \
  REASON(kMasaRefused, "MASA_REFUSED", "the manufacturer gives no voucher for this device", \
         "read the MASA's words in the evidence; ask the manufacturer") \
  REASON(kMasaAnswerUnusable, "MASA_ANSWER_UNUSABLE", "the MASA's answer is of a kind that is not understood", \
         "ask the manufacturer; its MASA must answer with application/voucher-cms+json") \
  /* The order of a device's steps. */ \
  REASON(kSessionMissing, "SESSION_MISSING", "a later step was asked for without the one before it", \
         "none needed: the device must get and accept a voucher first") \
  REASON(kSessionOver, "SESSION_OVER", "this voucher request was answered and used up", \
         "none needed: the device makes a new request after a reset") \
  /* Telemetry. */ \
  REASON(kVoucherRefusedByDevice, "VOUCHER_REFUSED_BY_DEVICE", "the device does not take this network as its owner", \
         "read the device's words in the evidence; ask the manufacturer who owns it") \
  REASON(kEnrolmentFailed, "ENROLMENT_FAILED", "the device says that it cannot use its certificate", \
         "read the device's words in the evidence; then let it onboard again") \
  REASON(kTelemetryMalformed, "TELEMETRY_MALFORMED", "a status report cannot be read", \
         "look at the detail; a device maker must fix its report") \
  REASON(kEnrollCertificateMismatch, "ENROLL_CERTIFICATE_MISMATCH", \
         "success was reported under another certificate than the one issued", \
         "watch the device: it may not use its new certificate") \
  /* Notes. */ \
  REASON(kWireLeniency, "WIRE_LENIENCY", "a departure from the standard was let pass for this manufacturer", \
         "none needed; ask the manufacturer to conform")
// clang-format on

#define PRATIQUE_REASON_CONSTANT(name, code, meaning, remedy) inline constexpr Reason name{code, meaning, remedy};
PRATIQUE_VOUCHER_REASONS(PRATIQUE_REASON_CONSTANT)
#undef PRATIQUE_REASON_CONSTANT

/// All of them, in the order of the list.
std::span<const Reason> reasons();
std::optional<Reason> find_reason(std::string_view code);

}  // namespace pratique::voucher
