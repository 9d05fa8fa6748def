#include "libs/crypto/cms/der_elements.h"

namespace pratique::crypto::cms {
namespace {

constexpr std::uint8_t kConstructed = 0x20;
constexpr std::uint8_t kHighTag = 0x1f;

std::optional<DerElement> take(ByteView& rest) {
  std::size_t at = 0;
  const auto next = [&]() -> std::optional<std::uint8_t> {
    if (at == rest.size()) return std::nullopt;
    return rest[at++];
  };
  const auto tag = next();
  if (!tag) return std::nullopt;
  if ((*tag & kHighTag) == kHighTag) {
    std::optional<std::uint8_t> more;
    do more = next();
    while (more && (*more & 0x80) != 0);
    if (!more) return std::nullopt;
  }
  const auto first = next();
  if (!first || *first == 0x80) return std::nullopt;  // 0x80: indefinite
  std::size_t length = *first;
  if (*first > 0x80) {
    const int count = *first & 0x7f;
    if (count > 4) return std::nullopt;
    length = 0;
    for (int i = 0; i < count; ++i) {
      const auto byte = next();
      if (!byte || (i == 0 && *byte == 0)) return std::nullopt;
      length = length << 8 | *byte;
    }
    if (length < 0x80) return std::nullopt;
  }
  if (length > rest.size() - at) return std::nullopt;
  const DerElement out{*tag, rest.subspan(at, length)};
  rest = rest.subspan(at + length);
  return out;
}

bool contents_are_der(ByteView bytes, int depth) {
  if (depth > kMaxDerDepth) return false;
  while (!bytes.empty()) {
    const auto element = take(bytes);
    if (!element) return false;
    if ((element->tag & kConstructed) != 0 && !contents_are_der(element->content, depth + 1)) return false;
  }
  return true;
}

}  // namespace

std::optional<std::vector<DerElement>> der_elements(ByteView bytes) {
  std::vector<DerElement> out;
  while (!bytes.empty()) {
    const auto element = take(bytes);
    if (!element) return std::nullopt;
    out.push_back(*element);
  }
  return out;
}

bool is_der(ByteView bytes) {
  ByteView rest = bytes;
  return take(rest).has_value() && rest.empty() && contents_are_der(bytes, 0);
}

}  // namespace pratique::crypto::cms
