#include "libs/base/mac_address.h"

#include <algorithm>

namespace pratique {
namespace {

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Error not_a_mac() {
  return invalid("MAC_ADDRESS_INVALID",
                 "expected six bytes as 00:d0:e5:f2:00:02, 00-d0-e5-f2-00-02, 00d0.e5f2.0002 or 00d0e5f20002");
}

/// The separator (0: none) and the digits between two of them.
struct Shape {
  char separator;
  std::size_t group;
};
Shape shape_of(MacForm form) {
  switch (form) {
    case MacForm::colon: return {':', 2};
    case MacForm::dash: return {'-', 2};
    case MacForm::dot: return {'.', 4};
    case MacForm::bare: break;
  }
  return {0, 2 * MacAddress::kSize};
}

std::size_t length_of(Shape shape) {
  const std::size_t digits = 2 * MacAddress::kSize;
  return digits + digits / shape.group - 1;
}

}  // namespace

Result<MacAddress> MacAddress::parse(std::string_view text) {
  for (const auto form : {MacForm::colon, MacForm::dash, MacForm::dot, MacForm::bare}) {
    const auto shape = shape_of(form);
    if (text.size() != length_of(shape)) continue;
    std::array<std::uint8_t, kSize> bytes{};
    std::size_t digit = 0;
    bool good = true;
    for (std::size_t at = 0; good && at < text.size(); ++at) {
      if (at % (shape.group + 1) == shape.group) {
        good = text[at] == shape.separator;
        continue;
      }
      const int value = nibble(text[at]);
      good = value >= 0;
      if (good) bytes[digit / 2] = static_cast<std::uint8_t>(bytes[digit / 2] << 4 | value);
      ++digit;
    }
    if (good) return MacAddress(bytes);
  }
  return not_a_mac();
}

Result<MacAddress> MacAddress::from_bytes(ByteView bytes) {
  if (bytes.size() != kSize) return not_a_mac();
  std::array<std::uint8_t, kSize> out{};
  std::ranges::copy(bytes, out.begin());
  return MacAddress(out);
}

std::string MacAddress::text(MacForm form, LetterCase letters) const {
  const auto shape = shape_of(form);
  const char* digits = letters == LetterCase::upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < 2 * kSize; ++i) {
    if (i != 0 && i % shape.group == 0) out.push_back(shape.separator);
    out.push_back(digits[i % 2 == 0 ? bytes_[i / 2] >> 4 : bytes_[i / 2] & 0x0f]);
  }
  return out;
}

}  // namespace pratique
