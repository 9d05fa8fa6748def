// Bytes and views of bytes; the one vocabulary for everything binary.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pratique {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// The bytes of a text, without a copy. The text must outlive the view.
inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
/// The text over some bytes, without a copy and without a check of its encoding.
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes to_bytes(ByteView view) { return Bytes(view.begin(), view.end()); }
inline Bytes to_bytes(std::string_view text) { return to_bytes(as_bytes(text)); }
inline std::string to_string(ByteView bytes) { return std::string(as_text(bytes)); }

/// Equality in time that depends only on the lengths; for nonces, tags and other secrets.
bool equal_constant_time(ByteView a, ByteView b);
/// Plain equality.
bool equal(ByteView a, ByteView b);

}  // namespace pratique
