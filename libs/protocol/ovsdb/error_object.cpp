#include "libs/protocol/ovsdb/error_object.h"

#include <array>
#include <string_view>
#include <utility>

#include "libs/protocol/ovsdb/reasons.h"

namespace pratique::ovsdb {
namespace {

/// Cut at a character, since both are shown to people.
std::string cut(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
  return text.substr(0, most);
}

constexpr std::array<std::pair<std::string_view, ErrorCode>, 6> kCodes = {{
    {"timed out", ErrorCode::aborted},
    {"resources exhausted", ErrorCode::resource_exhausted},
    {"I/O error", ErrorCode::unavailable},
    {"not leader", ErrorCode::unavailable},
    {"permission error", ErrorCode::permission_denied},
    {"not owner", ErrorCode::permission_denied},
}};

}  // namespace

Result<ErrorObject> parse_error_object(const json::Value& value) {
  if (const auto* text = value.as_string()) return ErrorObject{cut(*text, kMaxErrorText), ""};
  const auto* error = value.find("error");
  const auto* details = value.find("details");
  if (error == nullptr || error->as_string() == nullptr)
    return invalid(reason::kResultInvalid, "an error without the string 'error'");
  ErrorObject out{cut(*error->as_string(), kMaxErrorText), ""};
  if (details != nullptr && !details->is_null()) {
    if (details->as_string() == nullptr)
      return invalid(reason::kResultInvalid, "an error whose 'details' is no string");
    out.details = cut(*details->as_string(), kMaxErrorDetails);
  }
  return out;
}

Error to_error(const ErrorObject& refused, std::string_view reason, std::string_view what) {
  Error out{.code = ErrorCode::failed_precondition,
            .reason = std::string(reason),
            .message = std::string(what) + ": " + refused.error};
  for (const auto& [text, code] : kCodes)
    if (refused.error == text) out.code = code;
  if (!refused.details.empty()) out.message += ": " + refused.details;
  return std::move(out).with("ovsdb_error", refused.error);
}

}  // namespace pratique::ovsdb
