// Why an enrolment is refused: one list for verdicts, answers and documentation.
#pragma once

#include <span>
#include <string_view>

namespace pratique::est {

namespace reason {
// Reading a request (Errors).
inline constexpr std::string_view kBodyEmpty = "EST_BODY_EMPTY";
inline constexpr std::string_view kBodyNotBase64 = "EST_BODY_NOT_BASE64";
inline constexpr std::string_view kBodyTooLarge = "EST_BODY_TOO_LARGE";
inline constexpr std::string_view kCsrUndecodable = "EST_CSR_UNDECODABLE";
// Judging it (Verdicts).
inline constexpr std::string_view kSignatureInvalid = "EST_CSR_SIGNATURE_INVALID";
inline constexpr std::string_view kSignatureWeak = "EST_CSR_SIGNATURE_WEAK";
inline constexpr std::string_view kKeyWeak = "EST_KEY_WEAK";
inline constexpr std::string_view kKeyTypeNotAsked = "EST_KEY_TYPE_NOT_ASKED";
inline constexpr std::string_view kKeyReused = "EST_KEY_REUSED";
inline constexpr std::string_view kExtensionMissing = "EST_EXTENSION_MISSING";
inline constexpr std::string_view kExtensionDiffers = "EST_EXTENSION_DIFFERS";
inline constexpr std::string_view kAsksForCa = "EST_CSR_ASKS_FOR_CA";
inline constexpr std::string_view kBindingMissing = "EST_CHANNEL_BINDING_MISSING";
inline constexpr std::string_view kBindingMismatch = "EST_CHANNEL_BINDING_MISMATCH";
inline constexpr std::string_view kCertificateNotPresented = "EST_CERTIFICATE_NOT_PRESENTED";
inline constexpr std::string_view kSubjectDiffers = "EST_SUBJECT_DIFFERS";
inline constexpr std::string_view kAltNameDiffers = "EST_ALT_NAME_DIFFERS";
// Remarks that refuse nothing (Notes of a Verdict).
inline constexpr std::string_view kBindingUnchecked = "EST_CHANNEL_BINDING_UNCHECKED";
inline constexpr std::string_view kSignatureNotAsked = "EST_SIGNATURE_ALGORITHM_NOT_ASKED";
inline constexpr std::string_view kNamedExtensionMissing = "EST_NAMED_EXTENSION_MISSING";
inline constexpr std::string_view kExtensionCriticality = "EST_EXTENSION_CRITICALITY_DIFFERS";
}  // namespace reason

enum class Found { reading, judging, remark };

/// `meaning` may be told to a device; `remedy` is for the technician.
struct Reason {
  std::string_view code;
  Found found;
  int http_status;  // 0 for a remark
  std::string_view meaning;
  std::string_view remedy;
};

std::span<const Reason> reasons();
/// nullptr for a code that is not in the list.
const Reason* find_reason(std::string_view code);

}  // namespace pratique::est
