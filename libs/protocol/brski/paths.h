// Where BRSKI lives in a server, and what its bodies are called (RFC 8995 sections 5 and 8, RFC 8366bis, cBRSKI).
#pragma once

#include <optional>
#include <string_view>

namespace pratique::brski {

inline constexpr std::string_view kRequestVoucherPath = "/.well-known/brski/requestvoucher";
inline constexpr std::string_view kVoucherStatusPath = "/.well-known/brski/voucher_status";
inline constexpr std::string_view kRequestAuditLogPath = "/.well-known/brski/requestauditlog";
inline constexpr std::string_view kEnrollStatusPath = "/.well-known/brski/enrollstatus";
/// Where drafts before RFC 8995 had it, and Minerva still has.
inline constexpr std::string_view kOldRequestVoucherPath = "/.well-known/est/requestvoucher";

inline constexpr std::string_view kVoucherCmsJson = "application/voucher-cms+json";
inline constexpr std::string_view kVoucherJwsJson = "application/voucher-jws+json";
inline constexpr std::string_view kVoucherCose = "application/voucher+cose";
inline constexpr std::string_view kJson = "application/json";

/// How a voucher or request is encoded and signed.
enum class VoucherFormat { cms_json, jws_json, cose_cbor };
std::string_view media_type(VoucherFormat format);

/// The format that a Content-Type names; parameters are ignored, case does not matter. None: another type (415).
std::optional<VoucherFormat> parse_voucher_media_type(std::string_view content_type);

/// May an answer of this type be sent under this Accept field (RFC 9110 section 12.5.1)? An absent or empty field
/// accepts all; a range with q=0 excludes. Otherwise the answer is 406.
bool accepts(std::string_view accept, std::string_view media_type);

/// The same type, without regard to case and parameters.
bool is_media_type(std::string_view content_type, std::string_view media_type);

}  // namespace pratique::brski
