#include "libs/protocol/openflow/prerequisites.h"

#include <array>
#include <string>

#include "libs/protocol/openflow/reasons.h"

namespace pratique::openflow {
namespace {

/// `field` needs an exact `on` with one of `values`. `second` equals `first` where there is one.
struct Need {
  Field field;
  Field on;
  std::uint16_t first, second;
};

// clang-format off
constexpr std::array kNeeds{
    Need{Field::ip_dscp,     Field::eth_type,    kEthIpv4,  kEthIpv6},
    Need{Field::ip_proto,    Field::eth_type,    kEthIpv4,  kEthIpv6},
    Need{Field::ipv4_src,    Field::eth_type,    kEthIpv4,  kEthIpv4},
    Need{Field::ipv4_dst,    Field::eth_type,    kEthIpv4,  kEthIpv4},
    Need{Field::ipv6_src,    Field::eth_type,    kEthIpv6,  kEthIpv6},
    Need{Field::ipv6_dst,    Field::eth_type,    kEthIpv6,  kEthIpv6},
    Need{Field::tcp_src,     Field::ip_proto,    kIpTcp,    kIpTcp},
    Need{Field::tcp_dst,     Field::ip_proto,    kIpTcp,    kIpTcp},
    Need{Field::udp_src,     Field::ip_proto,    kIpUdp,    kIpUdp},
    Need{Field::udp_dst,     Field::ip_proto,    kIpUdp,    kIpUdp},
    Need{Field::icmpv4_type, Field::eth_type,    kEthIpv4,  kEthIpv4},
    Need{Field::icmpv4_type, Field::ip_proto,    kIpIcmp,   kIpIcmp},
    Need{Field::icmpv4_code, Field::eth_type,    kEthIpv4,  kEthIpv4},
    Need{Field::icmpv4_code, Field::ip_proto,    kIpIcmp,   kIpIcmp},
    Need{Field::icmpv6_type, Field::eth_type,    kEthIpv6,  kEthIpv6},
    Need{Field::icmpv6_type, Field::ip_proto,    kIpIcmpv6, kIpIcmpv6},
    Need{Field::icmpv6_code, Field::eth_type,    kEthIpv6,  kEthIpv6},
    Need{Field::icmpv6_code, Field::ip_proto,    kIpIcmpv6, kIpIcmpv6},
    Need{Field::nd_target,   Field::icmpv6_type, 135,       136},
    Need{Field::nd_sll,      Field::icmpv6_type, 135,       135},
    Need{Field::nd_tll,      Field::icmpv6_type, 136,       136},
    Need{Field::arp_op,      Field::eth_type,    kEthArp,   kEthArp},
    Need{Field::arp_spa,     Field::eth_type,    kEthArp,   kEthArp},
    Need{Field::arp_tpa,     Field::eth_type,    kEthArp,   kEthArp},
    Need{Field::arp_sha,     Field::eth_type,    kEthArp,   kEthArp},
    Need{Field::arp_tha,     Field::eth_type,    kEthArp,   kEthArp},
};
// clang-format on

std::string number_text(Field field, std::uint16_t number) {
  if (field != Field::eth_type) return std::to_string(number);
  return number_value(field, number).text().substr(info(field).name.size() + 1);
}

Error missing(Field field, std::string needed) {
  const auto name = info(field).name;
  return invalid(reason::kPrerequisiteMissing, std::string(name) + " needs " + needed)
      .with("field", name)
      .with("needs", needed);
}

}  // namespace

Result<void> check_prerequisite(Field field, const Match& match) {
  for (const auto& need : kNeeds) {
    if (need.field != field) continue;
    const auto number = match.exact_number(need.on);
    if (!number || (*number != need.first && *number != need.second)) {
      auto needed = std::string(info(need.on).name) + "=" + number_text(need.on, need.first);
      if (need.second != need.first) needed += " or " + number_text(need.on, need.second);
      return missing(field, std::move(needed));
    }
    TRY_VOID(check_prerequisite(need.on, match).with_context(info(field).name));
  }
  if (field == Field::vlan_pcp) {
    const auto* const vlan = match.find(Field::vlan_vid);
    if (vlan == nullptr || (vlan->number() & vlan->mask_number() & kVlanPresent) == 0)
      return missing(field, "vlan_vid with a VLAN");
  }
  return {};
}

Result<void> check_prerequisites(const Match& match) {
  for (const auto& term : match.terms()) TRY_VOID(check_prerequisite(term.field, match));
  return {};
}

}  // namespace pratique::openflow
