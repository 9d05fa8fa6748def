#include "libs/protocol/radius/packet.h"

#include <algorithm>
#include <string>

namespace pratique::radius {
namespace {

Error malformed(const std::string& what) { return invalid("RADIUS_PACKET_MALFORMED", what); }

}  // namespace

Result<Packet> parse_packet(ByteView datagram) {
  if (datagram.size() < kHeaderSize)
    return malformed("the datagram has " + std::to_string(datagram.size()) + " bytes, fewer than a RADIUS header");
  const auto length = static_cast<std::size_t>(datagram[2] << 8 | datagram[3]);
  if (length < kHeaderSize || length > kMaxPacketSize)
    return malformed("the Length field says " + std::to_string(length) + ", outside 20 to 4096");
  if (length > datagram.size())
    return malformed("the Length field says " + std::to_string(length) + ", but the datagram has " +
                     std::to_string(datagram.size()) + " bytes");

  Packet packet{.code = Code{datagram[0]}, .identifier = datagram[1]};
  std::ranges::copy(datagram.subspan(4, packet.authenticator.size()), packet.authenticator.begin());
  for (std::size_t at = kHeaderSize; at < length;) {
    const AttributeType type{datagram[at]};
    const std::size_t size = at + 1 < length ? datagram[at + 1] : 0;
    if (size < 2 || size > length - at)
      return invalid("RADIUS_ATTRIBUTE_MALFORMED",
                     to_string(type) + " at offset " + std::to_string(at) + ": its length does not fit");
    packet.attributes.push_back({type, to_bytes(datagram.subspan(at + 2, size - 2))});
    at += size;
  }
  return packet;
}

Result<Bytes> encode_packet(const Packet& packet) {
  Bytes out(kHeaderSize);
  out[0] = static_cast<std::uint8_t>(packet.code);
  out[1] = packet.identifier;
  std::ranges::copy(packet.authenticator, out.begin() + 4);
  for (const auto& attribute : packet.attributes) {
    if (attribute.value.size() > kMaxAttributeValue)
      return invalid(
          "RADIUS_ATTRIBUTE_TOO_LARGE",
          to_string(attribute.type) + " has " + std::to_string(attribute.value.size()) + " bytes, more than 253");
    out.push_back(static_cast<std::uint8_t>(attribute.type));
    out.push_back(static_cast<std::uint8_t>(attribute.value.size() + 2));
    out.insert(out.end(), attribute.value.begin(), attribute.value.end());
  }
  if (out.size() > kMaxPacketSize)
    return invalid("RADIUS_PACKET_TOO_LARGE",
                   "the packet would have " + std::to_string(out.size()) + " bytes, more than 4096");
  out[2] = static_cast<std::uint8_t>(out.size() >> 8);
  out[3] = static_cast<std::uint8_t>(out.size() & 0xff);
  return out;
}

const Attribute* find_first(const Packet& packet, AttributeType type) {
  const auto at = std::ranges::find(packet.attributes, type, &Attribute::type);
  return at == packet.attributes.end() ? nullptr : &*at;
}

std::size_t count(const Packet& packet, AttributeType type) {
  return static_cast<std::size_t>(std::ranges::count(packet.attributes, type, &Attribute::type));
}

}  // namespace pratique::radius
