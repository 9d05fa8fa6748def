// Reasons to refuse or to wait that are this service's own; those of the protocols stand in their rooms.
#pragma once

#include <span>
#include <string_view>

namespace pratique::onboarding {

struct Reason {
  std::string_view code;
  std::string_view meaning;
  std::string_view remedy;
  std::string_view safe_message;  // what the device is told
  int http_status;                // what it is told with
  constexpr operator std::string_view() const { return code; }  // NOLINT: a reason is passed as its code
};

inline constexpr Reason kMasaUnreachable{
    "MASA_UNREACHABLE", "the manufacturer's MASA does not answer",
    "check name, port and firewall towards the MASA; the device comes again by itself", "waiting for the manufacturer", 202};
inline constexpr Reason kMasaUntrusted{
    "MASA_UNTRUSTED", "the MASA's TLS certificate does not verify",
    "register the anchor of the MASA's TLS server (purpose masa_tls) if you trust it", "the manufacturer cannot be verified",
    403};
inline constexpr Reason kMasaRefused{
    "MASA_REFUSED", "the manufacturer gives no voucher for this device",
    "read the MASA's words in the evidence; ask the manufacturer", "the manufacturer refused", 403};
inline constexpr Reason kMasaAnswerUnusable{
    "MASA_ANSWER_UNUSABLE", "the MASA's answer is of a kind that is not understood",
    "ask the manufacturer; its MASA must answer with application/voucher-cms+json", "the manufacturer answered badly", 502};
inline constexpr Reason kSessionOver{
    "SESSION_OVER", "this voucher request was answered and used up",
    "none needed: the device makes a new request after a reset", "this request is used up; make a new one", 403};
inline constexpr Reason kSessionMissing{
    "SESSION_MISSING", "the device asks for a later step without the one before it",
    "none needed: the device must ask for a voucher first", "ask for a voucher first", 403};
inline constexpr Reason kVoucherRefusedByDevice{
    "VOUCHER_REFUSED_BY_DEVICE", "the device does not take this network as its owner",
    "read the device's words in the evidence; ask the manufacturer who owns it", "recorded", 200};
inline constexpr Reason kEnrolmentFailed{
    "ENROLMENT_FAILED", "the device says that it cannot use its certificate",
    "read the device's words in the evidence; then let it onboard again", "recorded", 200};
inline constexpr Reason kClientCertificateMissing{
    "CLIENT_CERTIFICATE_MISSING", "the device showed no certificate in the TLS handshake",
    "the device must present its IDevID, or for a renewal its LDevID", "present a client certificate", 401};

inline constexpr const Reason* kReasons[] = {&kMasaUnreachable, &kMasaUntrusted,          &kMasaRefused,
                                             &kMasaAnswerUnusable, &kSessionOver,         &kSessionMissing,
                                             &kVoucherRefusedByDevice, &kEnrolmentFailed, &kClientCertificateMissing};

/// nullptr for a code that is not this service's.
const Reason* find_reason(std::string_view code);

}  // namespace pratique::onboarding
