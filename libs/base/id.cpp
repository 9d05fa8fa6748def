#include "libs/base/id.h"

#include "libs/base/hex.h"

namespace pratique {

std::string make_uuid7(const Clock& clock, Random& random) {
  Bytes raw = random.bytes(16);
  const auto milliseconds = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(clock.now().time_since_epoch()).count());
  for (std::size_t i = 0; i < 6; ++i) raw[i] = static_cast<std::uint8_t>(milliseconds >> (40 - 8 * i));
  raw[6] = static_cast<std::uint8_t>((raw[6] & 0x0F) | 0x70);
  raw[8] = static_cast<std::uint8_t>((raw[8] & 0x3F) | 0x80);
  std::string text = hex_encode(raw);
  for (const std::size_t at : {8u, 13u, 18u, 23u}) text.insert(at, "-");
  return text;
}

Result<std::string> parse_uuid(std::string_view text) {
  const auto bad = [] { return invalid("ID_INVALID", "expected a UUID such as 01234567-89ab-7def-8123-456789abcdef"); };
  if (text.size() != 36) return bad();
  std::string out;
  for (std::size_t i = 0; i < 36; ++i) {
    char c = text[i];
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (c != '-') return bad();
    } else {
      if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return bad();
    }
    out.push_back(c);
  }
  return out;
}

}  // namespace pratique
