#include "services/network/adapters/ovs/reading.h"

#include <algorithm>
#include <utility>

namespace pratique::network {
namespace {

void sort_in(Reading& reading, std::vector<openflow::Flow> flows) {
  for (auto& flow : flows) {
    if (const auto port = port_of(flow)) reading.of_port[*port].push_back(std::move(flow));
    else reading.shared.push_back(std::move(flow));
  }
}

bool passes_all(const openflow::Flow& flow) {
  return flow.table == kPortTable && flow.match.empty() && !flow.instructions.drops();
}

}  // namespace

Result<Reading> read_all(SwitchLink& link, Deadline deadline) {
  Reading out;
  for (const auto table : {kPortTable, kOnboardingTable}) {
    TRY(auto flows, link.flows({.table = table}, deadline));
    sort_in(out, std::move(flows));
  }
  return out;
}

Result<Reading> read_ports(SwitchLink& link, std::span<const std::uint32_t> ofports, Deadline deadline) {
  Reading out;
  TRY(auto guards,
      link.flows({.table = kPortTable, .cookie = cookie_of(RuleKind::guard), .cookie_mask = openflow::kWholeCookie},
                 deadline));
  sort_in(out, std::move(guards));
  TRY(auto onboarding, link.flows({.table = kOnboardingTable}, deadline));
  sort_in(out, std::move(onboarding));
  for (const auto ofport : ofports) {
    TRY(auto flows, link.flows({.table = kPortTable, .match = openflow::Match().in_port(ofport)}, deadline));
    sort_in(out, std::move(flows));
  }
  return out;
}

SharedState judge_shared(std::span<const openflow::Flow> shared, std::span<const openflow::Flow> wanted) {
  SharedState out{.whole = difference(shared, wanted).empty()};
  for (const auto& flow : shared) {
    if (std::ranges::find(wanted, flow) != wanted.end()) continue;
    out.all_pass = out.all_pass || passes_all(flow);
    out.foreign.push_back("a rule that is not ours: " + text_of(flow));
  }
  return out;
}

PortState state_of(const OvsPort& port, std::span<const openflow::Flow> flows, const SharedState& shared) {
  const auto ofport = port.usable() ? static_cast<std::uint32_t>(*port.ofport) : 0;
  auto rules = read_port_rules(ofport, flows);
  PortState out{.port = port.name, .link_up = port.link_up};
  if (port.plain()) out.vlan = port.tag;
  out.admitted = std::move(rules.admitted);
  out.all_pass = rules.all_pass || shared.all_pass;
  const bool access = rules.closed || !out.admitted.empty();
  out.onboarding_only = rules.closed && out.admitted.empty() && !rules.all_pass && !rules.others_pass && shared.whole &&
                        port.is_protected;
  out.foreign = std::move(rules.foreign);
  if (!port.plain()) out.foreign.emplace_back("VLAN mode or trunks are set beside the tag");
  if (access && !port.is_protected) out.foreign.emplace_back("protected is off: devices reach each other");
  if (!port.error.empty()) out.foreign.push_back("the switch could not make the port: " + port.error);
  return out;
}

}  // namespace pratique::network
