#include "libs/protocol/radius/tunnel.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "libs/protocol/radius/values.h"

namespace pratique::radius {
namespace {

constexpr unsigned kMinVlan = 1, kMaxVlan = 4094;

Error bad_value(AttributeType type, std::string_view what) {
  return invalid("RADIUS_ATTRIBUTE_INVALID", to_string(type) + ": " + std::string(what));
}
Error no_such_vlan() { return invalid("RADIUS_VLAN_INVALID", "a VLAN has a number from 1 to 4094, or a name"); }

bool only_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Result<Tagged<std::uint32_t>> tagged_integer_of(const Attribute& attribute) {
  TRY(const auto whole, integer_of(attribute));
  const auto tag = static_cast<std::uint8_t>(whole >> 24);
  if (tag > kMaxTunnelTag) return bad_value(attribute.type, "a tag above 31");
  return Tagged<std::uint32_t>{tag, whole & 0xffffff};
}

Result<Tagged<std::string>> tagged_text_of(const Attribute& attribute) {
  const bool has_tag = !attribute.value.empty() && attribute.value.front() <= kMaxTunnelTag;
  Attribute rest = attribute;
  if (has_tag) rest.value.erase(rest.value.begin());
  TRY(auto text, text_of(rest));
  return Tagged<std::string>{has_tag ? attribute.value.front() : std::uint8_t{0}, std::move(text)};
}

Result<Attribute> tagged_integer_attribute(AttributeType type, std::uint32_t value, std::uint8_t tag) {
  if (tag > kMaxTunnelTag) return bad_value(type, "a tag above 31");
  if (value > 0xffffff) return bad_value(type, "more than 24 bits");
  return integer_attribute(type, static_cast<std::uint32_t>(tag) << 24 | value);
}

Result<Attribute> tagged_text_attribute(AttributeType type, std::string_view text, std::uint8_t tag) {
  if (tag > kMaxTunnelTag) return bad_value(type, "a tag above 31");
  TRY(auto attribute, text_attribute(type, text));
  if (attribute.value.front() <= kMaxTunnelTag) return bad_value(type, "a text that begins with a control character");
  if (tag == 0) return attribute;
  if (text.size() >= kMaxAttributeValue) return bad_value(type, "a text with a tag has at most 252 bytes");
  attribute.value.insert(attribute.value.begin(), tag);
  return attribute;
}

std::optional<std::uint16_t> VlanAssignment::number() const {
  if (!only_digits(group)) return std::nullopt;
  unsigned value = 0;
  const auto read = std::from_chars(group.data(), group.data() + group.size(), value);
  if (read.ec != std::errc() || value < kMinVlan || value > kMaxVlan) return std::nullopt;
  return static_cast<std::uint16_t>(value);
}

Result<VlanAssignment> vlan_numbered(unsigned number) {
  if (number < kMinVlan || number > kMaxVlan) return no_such_vlan();
  return VlanAssignment{std::to_string(number)};
}

Result<std::vector<Attribute>> vlan_attributes(const VlanAssignment& vlan, std::uint8_t tag) {
  if (only_digits(vlan.group) && !vlan.number()) return no_such_vlan();
  TRY(auto type, tagged_integer_attribute(AttributeType::tunnel_type, kTunnelTypeVlan, tag));
  TRY(auto medium, tagged_integer_attribute(AttributeType::tunnel_medium_type, kTunnelMediumIeee802, tag));
  TRY(auto group, tagged_text_attribute(AttributeType::tunnel_private_group_id, vlan.group, tag));
  return std::vector{std::move(type), std::move(medium), std::move(group)};
}

Result<std::optional<VlanAssignment>> find_vlan(const Packet& packet) {
  struct Tunnel {
    bool vlan = false, ieee802 = false;
    std::optional<std::string> group;
  };
  std::array<Tunnel, kMaxTunnelTag + 1> tunnels;
  const auto ambiguous = [] {
    return invalid("RADIUS_VLAN_AMBIGUOUS", "Tunnel-Private-Group-Id names more than one VLAN");
  };
  for (const auto& attribute : packet.attributes) {
    if (attribute.type == AttributeType::tunnel_type) {
      TRY(const auto type, tagged_integer_of(attribute));
      tunnels[type.tag].vlan = type.value == kTunnelTypeVlan;
    } else if (attribute.type == AttributeType::tunnel_medium_type) {
      TRY(const auto medium, tagged_integer_of(attribute));
      tunnels[medium.tag].ieee802 = medium.value == kTunnelMediumIeee802;
    } else if (attribute.type == AttributeType::tunnel_private_group_id) {
      TRY(auto group, tagged_text_of(attribute));
      auto& known = tunnels[group.tag].group;
      if (known && *known != group.value) return ambiguous();
      known = std::move(group.value);
    }
  }
  std::optional<VlanAssignment> found;
  for (auto& tunnel : tunnels) {
    if (!tunnel.vlan || !tunnel.ieee802 || tunnel.group.value_or("").empty()) continue;
    if (found && found->group != *tunnel.group) return ambiguous();
    found = VlanAssignment{*std::move(tunnel.group)};
  }
  return found;
}

}  // namespace pratique::radius
