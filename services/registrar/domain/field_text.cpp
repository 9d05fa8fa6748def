#include "services/registrar/domain/field_text.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace pratique::registrar {
namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t length = 0;
};

/// The UTF-8 character at the start of `text` (RFC 3629 section 4), none if it is broken.
std::optional<Character> first_character(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = at(0);
  if (lead < 0x80) return Character{lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return std::nullopt;
  std::uint32_t code = lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xC0) != 0x80) return std::nullopt;
    code = code << 6 | (at(i) & 0x3Fu);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (overlong || surrogate || code > 0x10FFFF) return std::nullopt;
  return Character{code, length};
}

bool is_control(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029;
}
bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

Error field_invalid(std::string_view field, std::string_view problem) {
  return invalid("FIELD_INVALID", std::string(field) + ": " + std::string(problem)).with("field", field);
}

Result<void> check_text(std::string_view field, std::string_view text, std::size_t limit, Presence presence) {
  if (text.empty()) {
    if (presence == Presence::required) return field_invalid(field, "must not be empty");
    return {};
  }
  if (text.size() > limit) return field_invalid(field, "longer than " + std::to_string(limit) + " bytes");
  if (text.front() == ' ' || text.back() == ' ') return field_invalid(field, "begins or ends with a space");
  for (auto rest = text; !rest.empty();) {
    const auto character = first_character(rest);
    if (!character) return field_invalid(field, "is not UTF-8");
    if (is_control(character->code)) return field_invalid(field, "holds a control character");
    rest.remove_prefix(character->length);
  }
  return {};
}

Result<void> check_word(std::string_view field, std::string_view text, std::size_t limit, Presence presence) {
  TRY_VOID(check_text(field, text, limit, presence));
  const auto fits = [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.'; };
  if (!std::ranges::all_of(text, fits)) return field_invalid(field, "may hold letters, digits, '-', '_' and '.' only");
  return {};
}

Result<void> check_https_url(std::string_view field, std::string_view url) {
  if (url.empty()) return {};
  TRY_VOID(check_text(field, url, kMaxUrl, Presence::optional));
  constexpr std::string_view kScheme = "https://";
  if (!url.starts_with(kScheme)) return field_invalid(field, "must begin with https://");
  const auto authority = url.substr(kScheme.size(), url.find('/', kScheme.size()) - kScheme.size());
  if (authority.empty() || authority.front() == ':') return field_invalid(field, "names no host");
  if (authority.contains('@')) return field_invalid(field, "may not hold a user or password");
  if (url.contains(' ') || url.contains('#')) return field_invalid(field, "may not hold spaces or a fragment");
  return {};
}

Result<void> check_labels(std::string_view field, const Labels& labels) {
  if (labels.size() > kMaxLabels) return field_invalid(field, "more than " + std::to_string(kMaxLabels) + " labels");
  for (const auto& [name, value] : labels) {
    TRY_VOID(check_word(std::string(field) + " name", name, kMaxLabelName, Presence::required));
    TRY_VOID(check_text(std::string(field) + "[" + name + "]", value, kMaxLabelValue, Presence::optional));
  }
  return {};
}

std::string displayable(std::string_view text, std::size_t limit) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  std::string out;
  while (!text.empty()) {
    const auto character = first_character(text);
    const bool good = character && !is_control(character->code);
    const std::size_t length = character ? character->length : 1;
    const auto piece = good ? text.substr(0, length) : kReplacement;
    if (out.size() + piece.size() > limit) break;
    out += piece;
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace pratique::registrar
