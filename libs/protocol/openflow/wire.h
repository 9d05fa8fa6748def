// Numbers on the wire: network byte order (OpenFlow 1.4.0 section 7), and padding to eight bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "libs/base/bytes.h"
#include "libs/base/result.h"

namespace pratique::openflow {

class Writer {
 public:
  void u8(std::uint8_t value) { out_.push_back(value); }
  void u16(std::uint16_t value);
  void u32(std::uint32_t value);
  void u64(std::uint64_t value);
  void bytes(ByteView bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  void zeros(std::size_t count) { out_.insert(out_.end(), count, std::uint8_t{0}); }
  /// Zeros until what was written since `start` is a multiple of eight.
  void pad8(std::size_t start) { zeros((8 - (out_.size() - start) % 8) % 8); }
  /// Overwrites two bytes at `at`, which must have been written: lengths that are known afterwards.
  void set_u16(std::size_t at, std::size_t value);

  std::size_t size() const { return out_.size(); }
  ByteView view() const { return out_; }
  Bytes take() { return std::move(out_); }

 private:
  Bytes out_;
};

/// Views into the input, which must outlive it. Ask need() first: a read past the end gives zero and never touches
/// memory that is not the input's.
class Reader {
 public:
  /// `what` names the structure in errors; a constant.
  Reader(ByteView bytes, std::string_view what) : bytes_(bytes), what_(what) {}

  /// OPENFLOW_MESSAGE_MALFORMED if fewer bytes than this are left.
  Result<void> need(std::size_t count) const;
  /// OPENFLOW_MESSAGE_MALFORMED with this room's wording.
  Error malformed(std::string_view why) const;

  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() { return number(8); }
  /// So many bytes, or what is left of them.
  ByteView take(std::size_t count);
  void skip(std::size_t count) { take(count); }
  ByteView rest() { return take(left()); }
  template <std::size_t N>
  std::array<std::uint8_t, N> array() {
    std::array<std::uint8_t, N> out{};
    const auto from = take(N);
    for (std::size_t i = 0; i < from.size(); ++i) out[i] = from[i];
    return out;
  }

  std::size_t left() const { return bytes_.size(); }
  bool at_end() const { return bytes_.empty(); }

 private:
  std::uint64_t number(std::size_t width);

  ByteView bytes_;
  std::string_view what_;
};

}  // namespace pratique::openflow
