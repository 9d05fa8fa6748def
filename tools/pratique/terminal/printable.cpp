#include "tools/pratique/terminal/printable.h"

#include <fmt/format.h>

#include <algorithm>

#include "libs/codec/json/utf8.h"

namespace pratique::cli {
namespace {

// Of a valid character of `length` bytes.
char32_t code_point(std::string_view text, std::size_t length) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (length == 1) return byte(0);
  char32_t out = byte(0) & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) out = (out << 6) | (byte(i) & 0x3FU);
  return out;
}

bool harmless(char32_t c) {
  if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return false;        // C0, DEL, C1
  if (c == 0x200E || c == 0x200F || c == 0x061C) return false;  // directional marks
  if (c >= 0x2028 && c <= 0x202E) return false;                 // separators, embeddings and overrides
  return c < 0x2066 || c > 0x2069;                              // isolates
}

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto length = json::utf8_length(text);
    if (length == 0) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
      text.remove_prefix(1);
      continue;
    }
    const auto c = code_point(text, length);
    if (harmless(c)) out += text.substr(0, length);
    else
      out += c < 0x100 ? fmt::format("\\x{:02x}", static_cast<unsigned>(c))
                       : fmt::format("\\u{{{:04x}}}", static_cast<unsigned>(c));
    text.remove_prefix(length);
  }
  return out;
}

std::size_t display_width(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(utf8, starts_character));
}

std::string shortened(std::string_view utf8, std::size_t width) {
  if (display_width(utf8) <= width) return std::string(utf8);
  if (width == 0) return "";
  std::size_t end = 0, seen = 0;
  for (; end < utf8.size(); ++end)
    if (starts_character(utf8[end]) && ++seen == width) break;
  return std::string(utf8.substr(0, end)) + "…";
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+=,";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos) return std::string(text);
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += "'\\''";
    else out += c;
  }
  return out + "'";
}

}  // namespace pratique::cli
