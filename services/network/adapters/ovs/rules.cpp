#include "services/network/adapters/ovs/rules.h"

#include <algorithm>
#include <map>
#include <utility>

namespace pratique::network {
namespace {

using openflow::Flow;
using openflow::FlowMod;
using openflow::Match;

constexpr std::uint64_t kTag = 0xd;
constexpr std::uint16_t kAllow = 200, kSpoofed = 210;  // priorities of table 1
constexpr std::uint8_t kRouterSolicitation = 133, kNeighbourSolicitation = 135, kNeighbourAdvertisement = 136;
constexpr std::uint16_t kDhcpClient = 68, kDhcpServer = 67, kDhcp6Client = 546, kDhcp6Server = 547, kMdns = 5353;
constexpr openflow::Ipv4Address kMdns4{224, 0, 0, 251};
constexpr openflow::Ipv6Address kMdns6{0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfb};

openflow::Instructions normal() { return {.apply = {openflow::Output{openflow::kPortNormal}}}; }
openflow::Instructions onboarding() { return {.goto_table = kOnboardingTable}; }

template <std::size_t N>
std::array<std::uint8_t, N> array_of(ByteView bytes) {
  std::array<std::uint8_t, N> out{};
  std::ranges::copy(bytes.first(std::min(N, bytes.size())), out.begin());
  return out;
}

openflow::MacAddress wire(const MacAddress& mac) { return array_of<6>(mac.bytes()); }

/// Order and identity of flows in a table (OpenFlow 1.4.0 section 6.4): table, priority, match.
auto place_of(const Flow& flow) { return std::tie(flow.table, flow.priority, flow.match); }

void add_service(std::vector<Flow>& out, const OnboardingService& service) {
  const auto rule = [&](std::uint16_t priority, Match match, bool pass) {
    out.push_back({.table = kOnboardingTable,
                   .priority = priority,
                   .match = std::move(match),
                   .instructions = pass ? normal() : openflow::Instructions{},
                   .cookie = cookie_of(RuleKind::onboarding)});
  };
  if (service.address.is_v4()) {
    const auto address = array_of<4>(service.address.bytes());
    rule(kAllow,
         Match().eth_type(openflow::kEthIpv4).ip_proto(openflow::kIpTcp).ipv4_dst(address).tcp_dst(service.port), true);
    rule(kSpoofed, Match().eth_type(openflow::kEthArp).arp_spa(address), false);
  } else {
    const auto address = array_of<16>(service.address.bytes());
    rule(kAllow,
         Match().eth_type(openflow::kEthIpv6).ip_proto(openflow::kIpTcp).ipv6_dst(address).tcp_dst(service.port), true);
    rule(kSpoofed,
         Match()
             .eth_type(openflow::kEthIpv6)
             .ip_proto(openflow::kIpIcmpv6)
             .icmpv6_type(kNeighbourAdvertisement)
             .nd_target(address),
         false);
  }
}

}  // namespace

std::uint64_t cookie_of(RuleKind kind, std::uint32_t ofport, const MacAddress& mac) {
  std::uint64_t station = 0;
  for (const auto byte : mac.bytes().subspan(1)) station = station << 8 | byte;
  return kTag << 60 | static_cast<std::uint64_t>(kind) << 56 | static_cast<std::uint64_t>(ofport & 0xffff) << 40 |
         station;
}

openflow::FlowQuery rules_of_station(std::uint32_t ofport, const MacAddress& mac) {
  openflow::FlowQuery out{.table = kPortTable, .cookie = cookie_of(RuleKind::station, ofport, mac)};
  out.match.eth_src(wire(mac));  // two addresses may share five octets
  if (ofport != 0) out.match.in_port(ofport);
  out.cookie_mask = ofport != 0 ? openflow::kWholeCookie : ~(std::uint64_t{0xffff} << 40);
  return out;
}

std::vector<Flow> shared_rules(const OnboardingAccess& access) {
  std::vector<Flow> out;
  for (const auto type : {openflow::kEthEapol, openflow::kEthLldp})
    out.push_back({.table = kPortTable,
                   .priority = kGuardPriority,
                   .match = Match().eth_type(type),
                   .cookie = cookie_of(RuleKind::guard)});
  const auto allow = [&](Match match) {
    out.push_back({.table = kOnboardingTable,
                   .priority = kAllow,
                   .match = std::move(match),
                   .instructions = normal(),
                   .cookie = cookie_of(RuleKind::onboarding)});
  };
  const auto udp = [](std::uint16_t eth_type) { return Match().eth_type(eth_type).ip_proto(openflow::kIpUdp); };
  allow(Match().eth_type(openflow::kEthArp));
  for (const auto type : {kRouterSolicitation, kNeighbourSolicitation, kNeighbourAdvertisement})
    allow(Match().eth_type(openflow::kEthIpv6).ip_proto(openflow::kIpIcmpv6).icmpv6_type(type));
  if (access.dhcp) {
    allow(udp(openflow::kEthIpv4).udp_src(kDhcpClient).udp_dst(kDhcpServer));
    allow(udp(openflow::kEthIpv6).udp_src(kDhcp6Client).udp_dst(kDhcp6Server));
  }
  if (access.mdns) {
    allow(udp(openflow::kEthIpv4).ipv4_dst(kMdns4).udp_dst(kMdns));
    allow(udp(openflow::kEthIpv6).ipv6_dst(kMdns6).udp_dst(kMdns));
  }
  for (const auto& service : access.services) add_service(out, service);
  std::ranges::sort(out, {}, place_of);
  const auto twice = std::ranges::unique(out, {}, place_of);  // two services at one address
  out.erase(twice.begin(), twice.end());
  return out;
}

Flow closed_rule(std::uint32_t ofport) {
  return {.table = kPortTable,
          .priority = kClosedPriority,
          .match = Match().in_port(ofport),
          .instructions = onboarding(),
          .cookie = cookie_of(RuleKind::closed, ofport),
          .send_removed = true};
}

std::vector<Flow> port_rules(const PortPlan& plan, std::uint32_t ofport) {
  const auto whole = [&](std::uint16_t priority, RuleKind kind) {
    return Flow{.table = kPortTable,
                .priority = priority,
                .match = Match().in_port(ofport),
                .instructions = normal(),
                .cookie = cookie_of(kind, ofport),
                .send_removed = true};
  };
  switch (plan.role) {
    case PortRole::uplink: return {whole(kUplinkPriority, RuleKind::uplink)};
    case PortRole::service: return {whole(kServicePriority, RuleKind::service)};
    case PortRole::access: break;
  }
  if (plan.stations.empty()) return {closed_rule(ofport)};
  std::vector<Flow> out;
  for (const auto& station : plan.stations)
    out.push_back({.table = kPortTable,
                   .priority = kStationPriority,
                   .match = Match().in_port(ofport).eth_src(wire(station.mac)),
                   .instructions = normal(),
                   .cookie = cookie_of(RuleKind::station, ofport, station.mac),
                   .send_removed = true});
  std::ranges::sort(out, {}, place_of);
  const auto twice = std::ranges::unique(out, {}, place_of);
  out.erase(twice.begin(), twice.end());
  return out;
}

std::optional<std::uint32_t> port_of(const Flow& flow) {
  if (flow.table != kPortTable) return std::nullopt;
  const auto number = flow.match.exact_number(openflow::Field::in_port);
  if (!number) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

bool in_our_tables(const Flow& flow) { return flow.table == kPortTable || flow.table == kOnboardingTable; }

PortRules read_port_rules(std::uint32_t ofport, std::span<const Flow> flows) {
  PortRules out;
  for (const auto& flow : flows) {
    if (flow == closed_rule(ofport)) {
      out.closed = true;
      continue;
    }
    const auto* const source = flow.match.find(openflow::Field::eth_src);
    if (source != nullptr && source->is_exact()) {
      const MacAddress mac(array_of<6>(source->value_bytes()));
      const PortPlan alone{.vlan = kMinVlan, .stations = {{mac, {}}}};
      if (flow == port_rules(alone, ofport).front()) {
        out.admitted.push_back(mac);
        continue;
      }
    }
    const bool wide = flow.match.terms().size() == 1 && flow.match.opaque().empty();
    const bool passes = !flow.instructions.drops();
    const bool ours = flow == port_rules({.role = PortRole::uplink}, ofport).front() ||
                      flow == port_rules({.role = PortRole::service}, ofport).front();
    if (passes && wide) out.all_pass = true;
    if (ours) continue;
    if (passes) out.others_pass = true;
    out.foreign.push_back("a rule that is not ours: " + text_of(flow));
  }
  std::ranges::sort(out.admitted);
  return out;
}

std::vector<FlowMod> difference(std::span<const Flow> there, std::span<const Flow> wanted) {
  std::vector<const Flow*> left, right;
  for (const auto& flow : there) left.push_back(&flow);
  for (const auto& flow : wanted) right.push_back(&flow);
  const auto by_place = [](const Flow* flow) { return place_of(*flow); };
  std::ranges::sort(left, {}, by_place);
  std::ranges::sort(right, {}, by_place);
  std::vector<FlowMod> removals, additions;
  const auto removal = [](const Flow& flow) {
    auto mod = openflow::remove_flow(flow);
    mod.flow.send_removed = flow.send_removed;  // whether the switch will tell of it
    return mod;
  };
  auto here = left.begin();
  for (const auto* want : right) {
    for (; here != left.end() && place_of(**here) < place_of(*want); ++here)
      removals.push_back(removal(**here));
    if (here != left.end() && place_of(**here) == place_of(*want)) {
      if (**here != *want) additions.push_back(openflow::add_flow(*want));  // takes the other's place
      ++here;
    } else {
      additions.push_back(openflow::add_flow(*want));
    }
  }
  for (; here != left.end(); ++here) removals.push_back(removal(**here));
  removals.insert(removals.end(), std::make_move_iterator(additions.begin()), std::make_move_iterator(additions.end()));
  return removals;
}

std::string text_of(const Flow& flow) {
  return "table=" + std::to_string(flow.table) + ",priority=" + std::to_string(flow.priority) + "," +
         flow.match.text() + (flow.instructions.drops() ? " drops" : " passes");
}

}  // namespace pratique::network
