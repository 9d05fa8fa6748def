#include "services/network/domain/difference.h"

#include <algorithm>

namespace pratique::network {
namespace {

std::string word(bool yes) { return yes ? "true" : "false"; }
std::string vlan_text(std::optional<VlanId> vlan) { return vlan ? std::to_string(*vlan) : "none"; }

template <typename Range, typename Mac>
std::string list_of(const Range& stations, Mac mac) {
  std::string out;
  for (const auto& station : stations) out += (out.empty() ? "" : ", ") + mac(station).text();
  return out.empty() ? "none" : out;
}

}  // namespace

std::vector<Difference> differences(const PortState& state, const PortPlan& plan) {
  std::vector<Difference> out;
  const bool access = plan.role == PortRole::access;
  if (plan.role != PortRole::uplink && state.vlan != plan.vlan)
    out.push_back({"vlan", vlan_text(plan.vlan), vlan_text(state.vlan)});
  if (state.all_pass.value_or(!access) == access) out.push_back({"all_pass", word(!access), word(access)});
  if (access) {
    if (!std::ranges::equal(state.admitted, plan.stations, {}, {}, &AdmittedStation::mac))
      out.push_back({"stations", list_of(plan.stations, [](const AdmittedStation& one) { return one.mac; }),
                     list_of(state.admitted, [](const MacAddress& one) { return one; })});
    if (state.onboarding_only != plan.stations.empty())
      out.push_back({"onboarding_only", word(plan.stations.empty()), word(state.onboarding_only)});
  }
  for (const auto& thing : state.foreign) out.push_back({"foreign", "none", thing});
  return out;
}

}  // namespace pratique::network
