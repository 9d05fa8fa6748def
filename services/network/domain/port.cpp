#include "services/network/domain/port.h"

#include <algorithm>
#include <array>
#include <utility>

#include "services/network/domain/field_check.h"

namespace pratique::network {
namespace {

constexpr std::array<std::pair<PortRole, std::string_view>, 3> kRoles{{
    {PortRole::access, "access"},
    {PortRole::service, "service"},
    {PortRole::uplink, "uplink"},
}};

}  // namespace

std::string_view to_string(PortRole role) {
  return std::ranges::find(kRoles, role, [](const auto& pair) { return pair.first; })->second;
}

Result<PortRole> parse_port_role(std::string_view word) {
  const auto found = std::ranges::find(kRoles, word, [](const auto& pair) { return pair.second; });
  if (found == kRoles.end()) return field_invalid("role", "must be access, service or uplink");
  return found->first;
}

bool fulfils(const PortState& state, const PortPlan& plan) {
  if (state.port != plan.port) return false;
  if (plan.role == PortRole::uplink) return state.all_pass.value_or(true);
  if (state.vlan != plan.vlan) return false;
  if (plan.role == PortRole::service) return state.all_pass.value_or(true);
  return !state.all_pass.value_or(false) && state.onboarding_only == plan.stations.empty() &&
         std::ranges::equal(state.admitted, plan.stations, {}, {}, &AdmittedStation::mac);
}

}  // namespace pratique::network
