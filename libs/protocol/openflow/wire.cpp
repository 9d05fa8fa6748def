#include "libs/protocol/openflow/wire.h"

#include <algorithm>
#include <string>

#include "libs/protocol/openflow/reasons.h"

namespace pratique::openflow {

void Writer::u16(std::uint16_t value) {
  out_.push_back(static_cast<std::uint8_t>(value >> 8));
  out_.push_back(static_cast<std::uint8_t>(value & 0xff));
}
void Writer::u32(std::uint32_t value) {
  u16(static_cast<std::uint16_t>(value >> 16));
  u16(static_cast<std::uint16_t>(value & 0xffff));
}
void Writer::u64(std::uint64_t value) {
  u32(static_cast<std::uint32_t>(value >> 32));
  u32(static_cast<std::uint32_t>(value & 0xffffffff));
}
void Writer::set_u16(std::size_t at, std::size_t value) {
  out_[at] = static_cast<std::uint8_t>(value >> 8 & 0xff);
  out_[at + 1] = static_cast<std::uint8_t>(value & 0xff);
}

Result<void> Reader::need(std::size_t count) const {
  if (left() >= count) return {};
  return malformed("needs " + std::to_string(count) + " bytes, there are " + std::to_string(left()));
}

Error Reader::malformed(std::string_view why) const {
  return invalid(reason::kMalformed, std::string(what_) + ": " + std::string(why));
}

ByteView Reader::take(std::size_t count) {
  const auto taken = bytes_.first(std::min(count, bytes_.size()));
  bytes_ = bytes_.subspan(taken.size());
  return taken;
}

std::uint64_t Reader::number(std::size_t width) {
  if (left() < width) {
    rest();
    return 0;
  }
  std::uint64_t value = 0;
  for (const auto byte : take(width)) value = value << 8 | byte;
  return value;
}

}  // namespace pratique::openflow
