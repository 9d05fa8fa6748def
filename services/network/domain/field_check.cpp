#include "services/network/domain/field_check.h"

#include <algorithm>
#include <string>

namespace pratique::network {

Error field_invalid(std::string_view field, std::string_view problem) {
  return invalid("FIELD_INVALID", std::string(field) + " " + std::string(problem)).with("field", std::string(field));
}

Result<void> check_name(std::string_view field, std::string_view value, std::size_t limit) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto inner = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  if (value.empty() || value.size() > limit)
    return field_invalid(field, "must have 1 to " + std::to_string(limit) + " characters");
  if (!letter(value.front()) || !std::ranges::all_of(value, inner))
    return field_invalid(field, "must be of a-z, 0-9, '-' and '_' and begin with a letter");
  return {};
}

Result<void> check_display(std::string_view field, std::string_view value, std::size_t limit) {
  if (value.size() > limit) return field_invalid(field, "must have at most " + std::to_string(limit) + " bytes");
  if (std::ranges::any_of(value, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }))
    return field_invalid(field, "must not hold control characters");
  return {};
}

Result<void> check_printable(std::string_view field, std::string_view value, std::size_t limit) {
  if (value.size() > limit) return field_invalid(field, "must have at most " + std::to_string(limit) + " characters");
  if (std::ranges::any_of(value, [](char c) { return c <= 0x20 || c >= 0x7F; }))
    return field_invalid(field, "must be of visible ASCII characters without spaces");
  return {};
}

}  // namespace pratique::network
