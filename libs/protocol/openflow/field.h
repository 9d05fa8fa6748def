// The fields of packets that flows look at and set: OXM (OpenFlow 1.4.0 section 7.2, oxm_ofb_match_fields) and, for
// connection tracking, registers and conjunctive matches, Nicira's NXM class 1 (ovs-fields(7)).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace pratique::openflow {

inline constexpr std::uint16_t kClassNicira = 0x0001, kClassBasic = 0x8000, kClassExperimenter = 0xffff;
inline constexpr std::size_t kMaxFieldWidth = 16;

/// In canonical order: what a field needs (prerequisites.h) stands before it.
enum class Field : std::uint8_t {
  in_port,
  metadata,
  reg0,
  reg1,
  reg2,
  reg3,
  reg4,
  reg5,
  reg6,
  reg7,
  conj_id,
  ct_state,
  ct_zone,
  ct_mark,
  eth_dst,
  eth_src,
  eth_type,
  vlan_vid,
  vlan_pcp,
  ip_dscp,
  ip_proto,
  ipv4_src,
  ipv4_dst,
  ipv6_src,
  ipv6_dst,
  tcp_src,
  tcp_dst,
  udp_src,
  udp_dst,
  icmpv4_type,
  icmpv4_code,
  icmpv6_type,
  icmpv6_code,
  nd_target,
  nd_sll,
  nd_tll,
  arp_op,
  arp_spa,
  arp_tpa,
  arp_sha,
  arp_tha,
};

struct FieldInfo {
  Field field;
  std::string_view name;  // as ovs-ofctl writes it
  std::uint16_t oxm_class;
  std::uint8_t number;  // oxm_field
  std::uint8_t width;   // bytes
  std::uint16_t bits;   // that may be set, from the least
  bool maskable;        // in Open vSwitch 3.1
  bool settable;        // by set_field
};

/// All of them, in canonical order.
std::span<const FieldInfo> fields();
const FieldInfo& info(Field field);
/// nullptr for a field that we do not know.
const FieldInfo* find_field(std::uint16_t oxm_class, std::uint8_t number);

}  // namespace pratique::openflow
