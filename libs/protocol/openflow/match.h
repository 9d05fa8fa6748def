// Which packets a flow is for: an OXM match (OpenFlow 1.4.0 section 7.2, ofp_match).
//
//   Match().in_port(1).eth_src(mac).eth_type(kEthIpv4).ipv4_src(address, prefix_mask<4>(24))
//
// Always canonical, whatever the order of the calls: terms in the order of Field, bits outside a mask zero, terms that
// say nothing left out. So two matches are equal (==) exactly if they say the same, ours and what a switch reads back.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/openflow/address.h"
#include "libs/protocol/openflow/field_value.h"

namespace pratique::openflow {

inline constexpr std::uint16_t kEthIpv4 = 0x0800, kEthArp = 0x0806, kEthVlan = 0x8100, kEthIpv6 = 0x86dd,
                               kEthEapol = 0x888e, kEthLldp = 0x88cc;
inline constexpr std::uint8_t kIpIcmp = 1, kIpTcp = 6, kIpUdp = 17, kIpIcmpv6 = 58;
inline constexpr std::uint16_t kVlanPresent = 0x1000;  // OFPVID_PRESENT

/// Bits of ct_state (ovs-fields(7)).
inline constexpr std::uint32_t kCtNew = 0x01, kCtEstablished = 0x02, kCtRelated = 0x04, kCtReply = 0x08,
                               kCtInvalid = 0x10, kCtTracked = 0x20, kCtSnat = 0x40, kCtDnat = 0x80;

/// A term whose field we do not know, kept as it came so that a foreign flow is not taken for another.
struct OpaqueField {
  std::uint32_t header = 0;  // class, field, has-mask, length
  Bytes payload = {};

  auto operator<=>(const OpaqueField&) const = default;
};

class Match {
 public:
  /// Any term; one of the same field is replaced.
  Match& add(const FieldValue& value);
  Match& add(OpaqueField field);

  Match& in_port(std::uint32_t port) { return add(number_value(Field::in_port, port)); }
  Match& metadata(std::uint64_t value, std::uint64_t mask = ~std::uint64_t{0}) {
    return add(number_value(Field::metadata, value, mask));
  }
  /// Register 0 to 7.
  Match& reg(unsigned index, std::uint32_t value, std::uint32_t mask = 0xffffffff) {
    return add(number_value(static_cast<Field>(static_cast<unsigned>(Field::reg0) + index % 8), value, mask));
  }
  Match& conj_id(std::uint32_t id) { return add(number_value(Field::conj_id, id)); }
  /// Bits that must be set and bits that must not: ct_state(kCtTracked | kCtNew, kCtInvalid).
  Match& ct_state(std::uint32_t set, std::uint32_t clear = 0) {
    return add(number_value(Field::ct_state, set, set | clear));
  }
  Match& ct_zone(std::uint16_t zone) { return add(number_value(Field::ct_zone, zone)); }
  Match& ct_mark(std::uint32_t value, std::uint32_t mask = 0xffffffff) {
    return add(number_value(Field::ct_mark, value, mask));
  }
  Match& eth_dst(const MacAddress& value, const MacAddress& mask = kExactMac) {
    return add(bytes_value(Field::eth_dst, value, mask));
  }
  Match& eth_src(const MacAddress& value, const MacAddress& mask = kExactMac) {
    return add(bytes_value(Field::eth_src, value, mask));
  }
  Match& eth_type(std::uint16_t type) { return add(number_value(Field::eth_type, type)); }
  /// Tagged with this VLAN, not tagged, tagged with whichever.
  Match& vlan(std::uint16_t id) { return add(number_value(Field::vlan_vid, kVlanPresent | (id & 0xfffU))); }
  Match& no_vlan() { return add(number_value(Field::vlan_vid, 0)); }
  Match& any_vlan() { return add(number_value(Field::vlan_vid, kVlanPresent, kVlanPresent)); }
  Match& ip_proto(std::uint8_t protocol) { return add(number_value(Field::ip_proto, protocol)); }
  Match& ipv4_src(const Ipv4Address& value, const Ipv4Address& mask = prefix_mask<4>(32)) {
    return add(bytes_value(Field::ipv4_src, value, mask));
  }
  Match& ipv4_dst(const Ipv4Address& value, const Ipv4Address& mask = prefix_mask<4>(32)) {
    return add(bytes_value(Field::ipv4_dst, value, mask));
  }
  Match& ipv6_src(const Ipv6Address& value, const Ipv6Address& mask = prefix_mask<16>(128)) {
    return add(bytes_value(Field::ipv6_src, value, mask));
  }
  Match& ipv6_dst(const Ipv6Address& value, const Ipv6Address& mask = prefix_mask<16>(128)) {
    return add(bytes_value(Field::ipv6_dst, value, mask));
  }
  /// Ports may be masked: ranges become a few of these.
  Match& tcp_src(std::uint16_t port, std::uint16_t mask = 0xffff) {
    return add(number_value(Field::tcp_src, port, mask));
  }
  Match& tcp_dst(std::uint16_t port, std::uint16_t mask = 0xffff) {
    return add(number_value(Field::tcp_dst, port, mask));
  }
  Match& udp_src(std::uint16_t port, std::uint16_t mask = 0xffff) {
    return add(number_value(Field::udp_src, port, mask));
  }
  Match& udp_dst(std::uint16_t port, std::uint16_t mask = 0xffff) {
    return add(number_value(Field::udp_dst, port, mask));
  }
  Match& icmpv4_type(std::uint8_t type) { return add(number_value(Field::icmpv4_type, type)); }
  Match& icmpv4_code(std::uint8_t code) { return add(number_value(Field::icmpv4_code, code)); }
  Match& icmpv6_type(std::uint8_t type) { return add(number_value(Field::icmpv6_type, type)); }
  Match& icmpv6_code(std::uint8_t code) { return add(number_value(Field::icmpv6_code, code)); }
  Match& nd_target(const Ipv6Address& value, const Ipv6Address& mask = prefix_mask<16>(128)) {
    return add(bytes_value(Field::nd_target, value, mask));
  }
  Match& nd_sll(const MacAddress& value) { return add(bytes_value(Field::nd_sll, value)); }
  Match& nd_tll(const MacAddress& value) { return add(bytes_value(Field::nd_tll, value)); }
  Match& arp_op(std::uint16_t operation) { return add(number_value(Field::arp_op, operation)); }
  Match& arp_spa(const Ipv4Address& value, const Ipv4Address& mask = prefix_mask<4>(32)) {
    return add(bytes_value(Field::arp_spa, value, mask));
  }
  Match& arp_tpa(const Ipv4Address& value, const Ipv4Address& mask = prefix_mask<4>(32)) {
    return add(bytes_value(Field::arp_tpa, value, mask));
  }
  Match& arp_sha(const MacAddress& value) { return add(bytes_value(Field::arp_sha, value)); }
  Match& arp_tha(const MacAddress& value) { return add(bytes_value(Field::arp_tha, value)); }

  /// In canonical order.
  const std::vector<FieldValue>& terms() const { return terms_; }
  const std::vector<OpaqueField>& opaque() const { return opaque_; }
  const FieldValue* find(Field field) const;
  /// The value of a term that must match exactly; nothing if there is no such term.
  std::optional<std::uint64_t> exact_number(Field field) const;
  bool empty() const { return terms_.empty() && opaque_.empty(); }
  /// "in_port=1,eth_type=0x0800", "any" when empty. For people.
  std::string text() const;

  auto operator<=>(const Match&) const = default;

 private:
  std::vector<FieldValue> terms_;
  std::vector<OpaqueField> opaque_;
};

/// With the padding that follows it.
void write_match(Writer& out, const Match& match);
/// Takes a match and its padding. Known fields of a wrong length, and a field named twice, are malformed; prerequisites
/// are not looked at.
Result<Match> read_match(Reader& in);

}  // namespace pratique::openflow
