// A RADIUS packet (RFC 2865 section 3) as a value: header, and attributes in their order on the wire. No meaning here:
// who signed it is asked in authenticator.h, what attributes say in values.h.
//
//   TRY(const auto packet, parse_packet(datagram));
//   encode_packet(packet)     the same bytes as in the datagram, without what followed its Length
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/radius/code.h"
#include "libs/protocol/radius/dictionary.h"

namespace pratique::radius {

inline constexpr std::size_t kHeaderSize = 20;          // bytes
inline constexpr std::size_t kMaxPacketSize = 4096;     // bytes, with the header
inline constexpr std::size_t kMaxAttributeValue = 253;  // bytes

using Authenticator = std::array<std::uint8_t, 16>;

struct Attribute {
  AttributeType type;
  Bytes value;
  bool operator==(const Attribute&) const = default;
};

struct Packet {
  Code code;
  std::uint8_t identifier = 0;
  Authenticator authenticator{};
  std::vector<Attribute> attributes = {};
  bool operator==(const Packet&) const = default;
};

/// Octets beyond Length are padding and ignored, so a buffer of 4096 bytes takes all that matters. INVALID_ARGUMENT
/// RADIUS_PACKET_MALFORMED: shorter than a header or than its Length, Length outside 20..4096;
/// RADIUS_ATTRIBUTE_MALFORMED: a length below 2 or beyond the end (names the attribute and its offset).
Result<Packet> parse_packet(ByteView datagram);
/// INVALID_ARGUMENT RADIUS_PACKET_TOO_LARGE, RADIUS_ATTRIBUTE_TOO_LARGE (names the attribute).
Result<Bytes> encode_packet(const Packet& packet);

/// The first of this type; nullptr if there is none.
const Attribute* find_first(const Packet& packet, AttributeType type);
std::size_t count(const Packet& packet, AttributeType type);

}  // namespace pratique::radius
