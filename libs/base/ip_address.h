// IPv4 and IPv6 addresses as values: RFC 4291 section 2.2 to read, RFC 5952 to write. No names, no ports, no zones.
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

class IpAddress {
 public:
  using V4 = std::array<std::uint8_t, 4>;
  using V6 = std::array<std::uint8_t, 16>;

  constexpr IpAddress() = default;  // 0.0.0.0
  constexpr explicit IpAddress(V4 bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes_[i] = bytes[i];
  }
  constexpr explicit IpAddress(V6 bytes) : size_(16), bytes_(bytes) {}
  /// "192.0.2.7" (four decimal numbers without leading zeros) or "2001:db8::7"; no brackets, no zone.
  /// INVALID_ARGUMENT IP_ADDRESS_INVALID.
  static Result<IpAddress> parse(std::string_view text);
  /// Four or sixteen bytes in network order. INVALID_ARGUMENT IP_ADDRESS_INVALID.
  static Result<IpAddress> from_bytes(ByteView bytes);

  bool is_v4() const { return size_ == 4; }
  bool is_v6() const { return size_ == 16; }
  /// Network order; four or sixteen.
  ByteView bytes() const { return ByteView(bytes_).first(size_); }
  std::string text() const;
  /// The IPv4 address behind ::ffff:a.b.c.d (how a dual-stack socket shows an IPv4 peer); any other as it is.
  IpAddress unmapped() const;
  /// IPv4 sorts before IPv6.
  auto operator<=>(const IpAddress&) const = default;

 private:
  std::uint8_t size_ = 4;
  V6 bytes_{};  // IPv4: the first four, the rest zero
};

}  // namespace pratique

template <>
struct std::hash<pratique::IpAddress> {
  std::size_t operator()(const pratique::IpAddress& address) const noexcept {
    return std::hash<std::string_view>()(pratique::as_text(address.bytes()));
  }
};
