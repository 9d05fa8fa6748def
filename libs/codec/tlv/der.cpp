#include "libs/codec/tlv/der.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace pratique::der {
namespace {

Error invalid_der(std::string_view what) { return invalid("DER_INVALID", what); }

void append_base128(Bytes& out, std::uint64_t arc) {
  std::uint8_t groups[10];
  std::size_t count = 0;
  do {
    groups[count++] = static_cast<std::uint8_t>(arc & 0x7f);
    arc >>= 7;
  } while (arc != 0);
  while (count > 0) {
    --count;
    out.push_back(static_cast<std::uint8_t>(groups[count] | (count > 0 ? 0x80 : 0)));
  }
}

}  // namespace

Error Reader::error(std::string_view what) const {
  return invalid_der(std::string(what) + " at offset " + std::to_string(offset_));
}

Result<Element> Reader::next() {
  const ByteView rest = bytes_.subspan(offset_);
  if (rest.size() < 2) return error(rest.empty() ? "the end instead of an element" : "a cut element");
  if ((rest[0] & 0x1f) == 0x1f) return error("a tag above 30");

  std::size_t header = 2, length = rest[1];
  if (length >= 0x80) {
    const std::size_t octets = length & 0x7f;
    if (octets == 0) return error("an indefinite length");
    if (octets > sizeof(std::uint32_t)) return error("a length beyond 4 GiB");
    if (rest.size() < header + octets) return error("a cut length");
    length = 0;
    for (std::size_t i = 0; i < octets; ++i) length = length << 8 | rest[header + i];
    header += octets;
    if (length < 0x80 || rest[2] == 0) return error("a length that is not minimal");
  }
  if (length > rest.size() - header) return error("an element longer than what is there");
  offset_ += header + length;
  return Element{rest[0], rest.subspan(header, length), rest.first(header + length)};
}

Result<Element> Reader::expect(std::uint8_t tag, std::string_view what) {
  if (at_end() || peek() != tag) return error("expected " + std::string(what));
  return next().with_context(what);
}

Result<void> Reader::finish(std::string_view what) const {
  if (!at_end()) return error("bytes after " + std::string(what));
  return {};
}

Result<std::string> decode_oid(ByteView content) {
  if (content.empty() || (content.back() & 0x80) != 0) return invalid_der("a cut object identifier");
  std::string text;
  std::uint64_t arc = 0;
  bool start = true;
  for (const std::uint8_t octet : content) {
    if (start && octet == 0x80) return invalid_der("an object identifier that is not minimal");
    if (arc > (std::numeric_limits<std::uint64_t>::max() >> 7)) return invalid_der("an arc beyond 64 bits");
    arc = arc << 7 | (octet & 0x7f);
    start = (octet & 0x80) == 0;
    if (!start) continue;
    if (text.empty()) {  // the first two arcs share one number (X.690 section 8.19.4)
      const std::uint64_t first = std::min<std::uint64_t>(arc / 40, 2);
      text = std::to_string(first) + "." + std::to_string(arc - first * 40);
    } else {
      text += "." + std::to_string(arc);
    }
    arc = 0;
  }
  return text;
}

Result<std::int64_t> decode_integer(ByteView content) {
  if (content.empty()) return invalid_der("an empty integer");
  if (content.size() > 1 && ((content[0] == 0x00 && content[1] < 0x80) || (content[0] == 0xff && content[1] >= 0x80)))
    return invalid_der("an integer that is not minimal");
  if (content.size() > sizeof(std::int64_t)) return invalid_der("an integer beyond 64 bits");
  std::uint64_t value = content[0] >= 0x80 ? std::numeric_limits<std::uint64_t>::max() : 0;
  for (const std::uint8_t octet : content) value = value << 8 | octet;
  return static_cast<std::int64_t>(value);
}

Result<bool> decode_boolean(ByteView content) {
  if (content.size() != 1 || (content[0] != 0x00 && content[0] != 0xff))
    return invalid_der("a boolean neither 00 nor FF");
  return content[0] == 0xff;
}

Bytes element(std::uint8_t tag, ByteView content) {
  Bytes out;
  out.reserve(content.size() + 6);
  out.push_back(tag);
  if (content.size() < 0x80) {
    out.push_back(static_cast<std::uint8_t>(content.size()));
  } else {
    std::size_t octets = 1;
    while (octets < sizeof(std::size_t) && content.size() >> (8 * octets) != 0) ++octets;
    out.push_back(static_cast<std::uint8_t>(0x80 | octets));
    while (octets > 0) out.push_back(static_cast<std::uint8_t>(content.size() >> (8 * --octets)));
  }
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

Bytes element_of(std::uint8_t tag, const std::vector<Bytes>& parts) {
  Bytes content;
  for (const auto& part : parts) content.insert(content.end(), part.begin(), part.end());
  return element(tag, content);
}

Bytes set_of(std::vector<Bytes> members) {
  std::ranges::sort(members);
  return element_of(kSet, members);
}

Result<Bytes> oid(std::string_view dotted) {
  std::vector<std::uint64_t> arcs;
  const char* at = dotted.data();
  const char* const end = at + dotted.size();
  while (true) {
    std::uint64_t arc = 0;
    const auto [stop, failed] = std::from_chars(at, end, arc);
    if (failed != std::errc{}) return invalid_der("expected an object identifier like 1.2.840");
    arcs.push_back(arc);
    if (stop == end) break;
    if (*stop != '.') return invalid_der("expected an object identifier like 1.2.840");
    at = stop + 1;
  }
  if (arcs.size() < 2 || arcs[0] > 2 || (arcs[0] < 2 && arcs[1] > 39) ||
      arcs[1] > std::numeric_limits<std::uint64_t>::max() - 80)
    return invalid_der("the first two arcs make no object identifier");
  Bytes content;
  append_base128(content, arcs[0] * 40 + arcs[1]);
  for (std::size_t i = 2; i < arcs.size(); ++i) append_base128(content, arcs[i]);
  return element(kOid, content);
}

Bytes integer(std::int64_t value) {
  Bytes content;
  for (int shift = 56; shift >= 0; shift -= 8) content.push_back(static_cast<std::uint8_t>(value >> shift));
  std::size_t skip = 0;
  while (skip + 1 < content.size() && ((content[skip] == 0x00 && content[skip + 1] < 0x80) ||
                                       (content[skip] == 0xff && content[skip + 1] >= 0x80)))
    ++skip;
  return element(kInteger, ByteView(content).subspan(skip));
}

Bytes boolean(bool value) {
  const std::uint8_t content = value ? 0xff : 0x00;
  return element(kBoolean, {&content, 1});
}

}  // namespace pratique::der
