// Addresses as they stand on the wire, most significant byte first.
#pragma once

#include <array>
#include <cstdint>

namespace pratique::openflow {

using MacAddress = std::array<std::uint8_t, 6>;
using Ipv4Address = std::array<std::uint8_t, 4>;
using Ipv6Address = std::array<std::uint8_t, 16>;

inline constexpr MacAddress kExactMac{0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

/// The mask of a prefix; beyond the address's bits the whole address.
template <std::size_t N>
constexpr std::array<std::uint8_t, N> prefix_mask(unsigned bits) {
  std::array<std::uint8_t, N> mask{};
  for (std::size_t i = 0; i < N; ++i) {
    const unsigned here = bits > i * 8 ? bits - static_cast<unsigned>(i * 8) : 0;
    mask[i] = here >= 8 ? std::uint8_t{0xff} : static_cast<std::uint8_t>(0xff00U >> here);
  }
  return mask;
}

}  // namespace pratique::openflow
