// IEEE 802 MAC addresses (EUI-48), and the ways in which equipment writes them.
//
//   TRY(const auto mac, MacAddress::parse("00d0.e5f2.0002"));
//   mac.text()                                     "00:d0:e5:f2:00:02"   (Linux, Open vSwitch, hostapd)
//   mac.text(MacForm::dash, LetterCase::upper)     "00-D0-E5-F2-00-02"   (IEEE 802; RFC 3580 section 3.20)
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "libs/base/bytes.h"
#include "libs/base/result.h"

namespace pratique {

enum class MacForm {
  colon,  // 00:d0:e5:f2:00:02
  dash,   // 00-d0-e5-f2-00-02
  dot,    // 00d0.e5f2.0002
  bare,   // 00d0e5f20002
};
enum class LetterCase { lower, upper };

class MacAddress {
 public:
  static constexpr std::size_t kSize = 6;  // bytes

  constexpr MacAddress() = default;  // all zero: nobody's
  constexpr explicit MacAddress(std::array<std::uint8_t, kSize> bytes) : bytes_(bytes) {}
  /// Any of the four forms, in either case or both mixed; separators all of one kind, every group whole.
  /// INVALID_ARGUMENT MAC_ADDRESS_INVALID.
  static Result<MacAddress> parse(std::string_view text);
  /// Exactly six bytes. INVALID_ARGUMENT MAC_ADDRESS_INVALID.
  static Result<MacAddress> from_bytes(ByteView bytes);

  ByteView bytes() const { return bytes_; }
  std::string text(MacForm form = MacForm::colon, LetterCase letters = LetterCase::lower) const;

  /// A multicast or broadcast address: never a sender's.
  bool is_group() const { return (bytes_[0] & 0x01) != 0; }
  /// Chosen by an administrator or by the device itself (a randomised address), not by its maker.
  bool is_locally_administered() const { return (bytes_[0] & 0x02) != 0; }
  bool is_zero() const { return *this == MacAddress(); }
  auto operator<=>(const MacAddress&) const = default;

 private:
  std::array<std::uint8_t, kSize> bytes_{};
};

}  // namespace pratique

template <>
struct std::hash<pratique::MacAddress> {
  std::size_t operator()(const pratique::MacAddress& mac) const noexcept {
    std::uint64_t value = 0;
    for (const auto byte : mac.bytes()) value = value << 8 | byte;
    return std::hash<std::uint64_t>()(value);
  }
};
