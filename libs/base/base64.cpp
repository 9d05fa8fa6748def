#include "libs/base/base64.h"

#include <array>

namespace pratique {

namespace {

constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode(ByteView bytes, std::string_view alphabet, bool padded) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    const unsigned group = static_cast<unsigned>(bytes[i]) << 16 |
                           (left > 1 ? static_cast<unsigned>(bytes[i + 1]) << 8 : 0u) |
                           (left > 2 ? static_cast<unsigned>(bytes[i + 2]) : 0u);
    out.push_back(alphabet[group >> 18]);
    out.push_back(alphabet[group >> 12 & 63]);
    if (left > 1) out.push_back(alphabet[group >> 6 & 63]);
    else if (padded) out.push_back('=');
    if (left > 2) out.push_back(alphabet[group & 63]);
    else if (padded) out.push_back('=');
  }
  return out;
}

constexpr std::array<std::int8_t, 256> table(bool url_too) {
  std::array<std::int8_t, 256> out{};
  out.fill(-1);
  for (std::size_t i = 0; i < 64; ++i) out[static_cast<std::uint8_t>(kStandard[i])] = static_cast<std::int8_t>(i);
  if (url_too) {
    out['-'] = 62;
    out['_'] = 63;
  }
  return out;
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

Result<Bytes> decode(std::string_view text, bool lenient) {
  static constexpr auto kStrict = table(false), kLenient = table(true);
  const auto& values = lenient ? kLenient : kStrict;
  Bytes out;
  out.reserve(text.size() / 4 * 3 + 3);
  unsigned group = 0;
  std::size_t digits = 0, padding = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (lenient && is_space(c)) continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    const int value = values[static_cast<std::uint8_t>(c)];
    if (value < 0 || padding != 0)
      return invalid("BASE64_INVALID", "not a base64 digit at position " + std::to_string(i));
    group = group << 6 | static_cast<unsigned>(value);
    if (++digits % 4 == 0) {
      out.push_back(static_cast<std::uint8_t>(group >> 16));
      out.push_back(static_cast<std::uint8_t>(group >> 8));
      out.push_back(static_cast<std::uint8_t>(group));
      group = 0;
    }
  }
  const std::size_t rest = digits % 4;
  const std::size_t wanted = rest == 0 ? 0 : 4 - rest;
  if (rest == 1 || (padding != wanted && !(lenient && padding == 0)))
    return invalid("BASE64_INVALID", "base64 text has a wrong length or padding");
  if (rest >= 2) {
    group <<= 6 * (4 - rest);
    if (!lenient && (group & (rest == 2 ? 0xFFFFu : 0xFFu)) != 0)
      return invalid("BASE64_INVALID", "base64 text has bits set after its last byte");
    out.push_back(static_cast<std::uint8_t>(group >> 16));
    if (rest == 3) out.push_back(static_cast<std::uint8_t>(group >> 8));
  }
  return out;
}

}  // namespace

std::string base64_encode(ByteView bytes) { return encode(bytes, kStandard, true); }
std::string base64url_encode(ByteView bytes) { return encode(bytes, kUrl, false); }
Result<Bytes> base64_decode(std::string_view text) { return decode(text, false); }
Result<Bytes> base64_decode_lenient(std::string_view text) { return decode(text, true); }

}  // namespace pratique
