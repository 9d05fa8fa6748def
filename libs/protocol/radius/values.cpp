#include "libs/protocol/radius/values.h"

#include "libs/codec/json/utf8.h"

namespace pratique::radius {
namespace {

Error bad_value(AttributeType type, std::string_view what) {
  return invalid("RADIUS_ATTRIBUTE_INVALID", to_string(type) + ": " + std::string(what));
}

/// The one attribute of this type, or nullptr.
Result<const Attribute*> find_only(const Packet& packet, AttributeType type) {
  const Attribute* found = nullptr;
  for (const auto& attribute : packet.attributes) {
    if (attribute.type != type) continue;
    if (found != nullptr) return invalid("RADIUS_ATTRIBUTE_REPEATED", to_string(type) + " stands there twice");
    found = &attribute;
  }
  return found;
}

template <typename T>
Result<std::optional<T>> find_one(const Packet& packet, AttributeType type, Result<T> (*read)(const Attribute&)) {
  TRY(const auto* const attribute, find_only(packet, type));
  if (attribute == nullptr) return std::optional<T>();
  TRY(auto value, read(*attribute));
  return std::optional<T>(std::move(value));
}

template <typename T>
Result<T> demand(Result<std::optional<T>> found, AttributeType type) {
  if (!found) return std::move(found).error();
  if (!found->has_value()) return invalid("RADIUS_ATTRIBUTE_MISSING", to_string(type) + " is missing");
  return *std::move(*std::move(found));
}

bool is_ipv6(AttributeType type) {
  const auto* info = find_attribute(type);
  return info != nullptr && info->kind == ValueKind::ipv6;
}

}  // namespace

Result<std::string> text_of(const Attribute& attribute) {
  auto text = to_string(ByteView(attribute.value));
  if (text.ends_with('\0')) text.pop_back();
  if (text.contains('\0')) return bad_value(attribute.type, "a text with a NUL in it");
  if (!json::utf8_valid(text)) return bad_value(attribute.type, "not UTF-8");
  return text;
}

Result<std::uint32_t> integer_of(const Attribute& attribute) {
  const auto& value = attribute.value;
  if (value.size() != 4) return bad_value(attribute.type, "an integer has four bytes");
  return static_cast<std::uint32_t>(value[0]) << 24 | static_cast<std::uint32_t>(value[1]) << 16 |
         static_cast<std::uint32_t>(value[2]) << 8 | value[3];
}

Result<IpAddress> address_of(const Attribute& attribute) {
  const auto address = IpAddress::from_bytes(attribute.value);
  if (!address || address->is_v6() != is_ipv6(attribute.type))
    return bad_value(attribute.type,
                     is_ipv6(attribute.type) ? "an IPv6 address has sixteen bytes" : "an IPv4 address has four bytes");
  return *address;
}

Result<Timestamp> time_of(const Attribute& attribute) {
  TRY(const auto seconds, integer_of(attribute));
  return Timestamp(std::chrono::seconds(seconds));
}

Result<std::optional<std::string>> find_text(const Packet& packet, AttributeType type) {
  auto found = find_one(packet, type, text_of);
  if (found && *found && (*found)->empty()) return std::optional<std::string>();
  return found;
}
Result<std::optional<std::uint32_t>> find_integer(const Packet& packet, AttributeType type) {
  return find_one(packet, type, integer_of);
}
Result<std::optional<IpAddress>> find_address(const Packet& packet, AttributeType type) {
  return find_one(packet, type, address_of);
}
Result<std::optional<Timestamp>> find_time(const Packet& packet, AttributeType type) {
  return find_one(packet, type, time_of);
}
Result<std::string> get_text(const Packet& packet, AttributeType type) { return demand(find_text(packet, type), type); }
Result<std::uint32_t> get_integer(const Packet& packet, AttributeType type) {
  return demand(find_integer(packet, type), type);
}

Result<std::vector<std::string>> all_texts(const Packet& packet, AttributeType type) {
  std::vector<std::string> out;
  for (const auto& attribute : packet.attributes) {
    if (attribute.type != type) continue;
    TRY(auto text, text_of(attribute));
    out.push_back(std::move(text));
  }
  return out;
}

std::vector<Bytes> all_octets(const Packet& packet, AttributeType type) {
  std::vector<Bytes> out;
  for (const auto& attribute : packet.attributes)
    if (attribute.type == type) out.push_back(attribute.value);
  return out;
}

Bytes concatenated(const Packet& packet, AttributeType type) {
  Bytes out;
  for (const auto& attribute : packet.attributes)
    if (attribute.type == type) out.insert(out.end(), attribute.value.begin(), attribute.value.end());
  return out;
}

Result<Attribute> text_attribute(AttributeType type, std::string_view text) {
  if (text.empty()) return bad_value(type, "a text may not be empty");
  if (text.size() > kMaxAttributeValue) return bad_value(type, "a text has at most 253 bytes");
  if (text.contains('\0')) return bad_value(type, "a text with a NUL in it");
  if (!json::utf8_valid(text)) return bad_value(type, "not UTF-8");
  return Attribute{type, to_bytes(text)};
}

Result<Attribute> octets_attribute(AttributeType type, ByteView octets) {
  if (octets.empty() || octets.size() > kMaxAttributeValue) return bad_value(type, "1 to 253 bytes are possible");
  return Attribute{type, to_bytes(octets)};
}

Attribute integer_attribute(AttributeType type, std::uint32_t value) {
  return {type,
          {static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16 & 0xff),
           static_cast<std::uint8_t>(value >> 8 & 0xff), static_cast<std::uint8_t>(value & 0xff)}};
}

Result<Attribute> address_attribute(AttributeType type, const IpAddress& address) {
  if (address.is_v6() != is_ipv6(type)) return bad_value(type, "an address of the other family");
  return Attribute{type, to_bytes(address.bytes())};
}

Result<Attribute> time_attribute(AttributeType type, Timestamp time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  if (seconds < 0 || seconds > UINT32_MAX) return bad_value(type, "a time before 1970 or after 2106");
  return integer_attribute(type, static_cast<std::uint32_t>(seconds));
}

}  // namespace pratique::radius
