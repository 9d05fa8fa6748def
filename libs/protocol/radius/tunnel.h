// The VLAN of a session as tunnel attributes (RFC 3580 section 3.31, RFC 2868): Tunnel-Type = VLAN, Tunnel-Medium-Type
// = IEEE-802, and in Tunnel-Private-Group-Id the number of a VLAN as text, or a name that the switch knows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/protocol/radius/packet.h"

namespace pratique::radius {

inline constexpr std::uint32_t kTunnelTypeVlan = 13;
inline constexpr std::uint32_t kTunnelMediumIeee802 = 6;
inline constexpr std::uint8_t kMaxTunnelTag = 31;

template <typename T>
struct Tagged {
  std::uint8_t tag;  // 0: none, 1 to 31
  T value;
  bool operator==(const Tagged&) const = default;
};

/// 24 bits. A tag byte above 31 is refused: RADIUS_ATTRIBUTE_INVALID.
Result<Tagged<std::uint32_t>> tagged_integer_of(const Attribute& attribute);
/// A first byte of 0 to 31 is a tag, another belongs to the text (RFC 2868 section 3.6).
Result<Tagged<std::string>> tagged_text_of(const Attribute& attribute);
/// INVALID_ARGUMENT RADIUS_ATTRIBUTE_INVALID: a tag above 31, more than 24 bits.
Result<Attribute> tagged_integer_attribute(AttributeType type, std::uint32_t value, std::uint8_t tag = 0);
/// With tag 0 no tag byte is sent; so the text may not begin with a byte below 32. RADIUS_ATTRIBUTE_INVALID.
Result<Attribute> tagged_text_attribute(AttributeType type, std::string_view text, std::uint8_t tag = 0);

/// "42", or a name.
struct VlanAssignment {
  std::string group;
  /// 1 to 4094, where the group is such a number and nothing else.
  std::optional<std::uint16_t> number() const;
  bool operator==(const VlanAssignment&) const = default;
};

/// INVALID_ARGUMENT RADIUS_VLAN_INVALID outside 1 to 4094.
Result<VlanAssignment> vlan_numbered(unsigned number);
/// The three attributes. INVALID_ARGUMENT RADIUS_ATTRIBUTE_INVALID (as tagged_text_attribute), RADIUS_VLAN_INVALID for
/// a group of digits that is no VLAN.
Result<std::vector<Attribute>> vlan_attributes(const VlanAssignment& vlan, std::uint8_t tag = 0);
/// The VLAN that a packet assigns; none where no tag has all three (a tunnel of another kind is none). INVALID_ARGUMENT
/// RADIUS_VLAN_AMBIGUOUS where two tags, or one tag twice, name different groups.
Result<std::optional<VlanAssignment>> find_vlan(const Packet& packet);

}  // namespace pratique::radius
