#include "libs/protocol/openflow/field.h"

#include <array>

namespace pratique::openflow {
namespace {

// clang-format off
constexpr std::array kFields{
    //        field              name           class         nr  width bits maskable settable
    FieldInfo{Field::in_port,     "in_port",     kClassBasic,   0,   4,  32, false, false},
    FieldInfo{Field::metadata,    "metadata",    kClassBasic,   2,   8,  64, true,  true},
    FieldInfo{Field::reg0,        "reg0",        kClassNicira,  0,   4,  32, true,  true},
    FieldInfo{Field::reg1,        "reg1",        kClassNicira,  1,   4,  32, true,  true},
    FieldInfo{Field::reg2,        "reg2",        kClassNicira,  2,   4,  32, true,  true},
    FieldInfo{Field::reg3,        "reg3",        kClassNicira,  3,   4,  32, true,  true},
    FieldInfo{Field::reg4,        "reg4",        kClassNicira,  4,   4,  32, true,  true},
    FieldInfo{Field::reg5,        "reg5",        kClassNicira,  5,   4,  32, true,  true},
    FieldInfo{Field::reg6,        "reg6",        kClassNicira,  6,   4,  32, true,  true},
    FieldInfo{Field::reg7,        "reg7",        kClassNicira,  7,   4,  32, true,  true},
    FieldInfo{Field::conj_id,     "conj_id",     kClassNicira, 37,   4,  32, false, false},
    FieldInfo{Field::ct_state,    "ct_state",    kClassNicira, 105,  4,   8, true,  false},
    FieldInfo{Field::ct_zone,     "ct_zone",     kClassNicira, 106,  2,  16, false, false},
    FieldInfo{Field::ct_mark,     "ct_mark",     kClassNicira, 107,  4,  32, true,  true},
    FieldInfo{Field::eth_dst,     "eth_dst",     kClassBasic,   3,   6,  48, true,  true},
    FieldInfo{Field::eth_src,     "eth_src",     kClassBasic,   4,   6,  48, true,  true},
    FieldInfo{Field::eth_type,    "eth_type",    kClassBasic,   5,   2,  16, false, false},
    FieldInfo{Field::vlan_vid,    "vlan_vid",    kClassBasic,   6,   2,  13, true,  true},
    FieldInfo{Field::vlan_pcp,    "vlan_pcp",    kClassBasic,   7,   1,   3, false, true},
    FieldInfo{Field::ip_dscp,     "ip_dscp",     kClassBasic,   8,   1,   6, false, true},
    FieldInfo{Field::ip_proto,    "ip_proto",    kClassBasic,  10,   1,   8, false, false},
    FieldInfo{Field::ipv4_src,    "ipv4_src",    kClassBasic,  11,   4,  32, true,  true},
    FieldInfo{Field::ipv4_dst,    "ipv4_dst",    kClassBasic,  12,   4,  32, true,  true},
    FieldInfo{Field::ipv6_src,    "ipv6_src",    kClassBasic,  26,  16, 128, true,  true},
    FieldInfo{Field::ipv6_dst,    "ipv6_dst",    kClassBasic,  27,  16, 128, true,  true},
    FieldInfo{Field::tcp_src,     "tcp_src",     kClassBasic,  13,   2,  16, true,  true},
    FieldInfo{Field::tcp_dst,     "tcp_dst",     kClassBasic,  14,   2,  16, true,  true},
    FieldInfo{Field::udp_src,     "udp_src",     kClassBasic,  15,   2,  16, true,  true},
    FieldInfo{Field::udp_dst,     "udp_dst",     kClassBasic,  16,   2,  16, true,  true},
    FieldInfo{Field::icmpv4_type, "icmpv4_type", kClassBasic,  19,   1,   8, false, true},
    FieldInfo{Field::icmpv4_code, "icmpv4_code", kClassBasic,  20,   1,   8, false, true},
    FieldInfo{Field::icmpv6_type, "icmpv6_type", kClassBasic,  29,   1,   8, false, true},
    FieldInfo{Field::icmpv6_code, "icmpv6_code", kClassBasic,  30,   1,   8, false, true},
    FieldInfo{Field::nd_target,   "nd_target",   kClassBasic,  31,  16, 128, true,  true},
    FieldInfo{Field::nd_sll,      "nd_sll",      kClassBasic,  32,   6,  48, true,  true},
    FieldInfo{Field::nd_tll,      "nd_tll",      kClassBasic,  33,   6,  48, true,  true},
    FieldInfo{Field::arp_op,      "arp_op",      kClassBasic,  21,   2,  16, false, true},
    FieldInfo{Field::arp_spa,     "arp_spa",     kClassBasic,  22,   4,  32, true,  true},
    FieldInfo{Field::arp_tpa,     "arp_tpa",     kClassBasic,  23,   4,  32, true,  true},
    FieldInfo{Field::arp_sha,     "arp_sha",     kClassBasic,  24,   6,  48, true,  true},
    FieldInfo{Field::arp_tha,     "arp_tha",     kClassBasic,  25,   6,  48, true,  true},
};
// clang-format on

constexpr bool in_order() {
  for (std::size_t i = 0; i < kFields.size(); ++i)
    if (static_cast<std::size_t>(kFields[i].field) != i) return false;
  return true;
}
static_assert(in_order(), "the table is indexed by Field");
static_assert(kFields.size() == static_cast<std::size_t>(Field::arp_tha) + 1);

}  // namespace

std::span<const FieldInfo> fields() { return kFields; }

const FieldInfo& info(Field field) { return kFields[static_cast<std::size_t>(field)]; }

const FieldInfo* find_field(std::uint16_t oxm_class, std::uint8_t number) {
  for (const auto& each : kFields)
    if (each.oxm_class == oxm_class && each.number == number) return &each;
  return nullptr;
}

}  // namespace pratique::openflow
