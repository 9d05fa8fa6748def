#include "services/network/app/port_overview.h"

#include <algorithm>

#include "services/network/app/port_judgement.h"
#include "services/network/storage/ports.h"
#include "services/network/storage/sites.h"

namespace pratique::network {

Result<void> look_ahead(pg::Tx& tx, std::vector<PortOverview>& ports) {
  std::vector<PortId> ids;
  for (const auto& one : ports)
    if (one.condition.dirty || !one.condition.plan) ids.push_back(one.port.id);
  if (ids.empty()) return {};
  TRY(const auto works, load_ports(tx, ids));
  TRY(const auto segments, load_segments(tx));
  TRY(const auto allowed, load_allowed(tx, devices_of(works)));
  TRY(const auto names, load_segment_names(tx));
  for (const auto& work : works) {
    auto& condition = std::ranges::find(ports, work.port.id, [](const auto& one) { return one.port.id; })->condition;
    condition.plan = judge_port(work, segments, allowed).plan;
    condition.planned_segment = name_at(names, condition.plan->vlan);
  }
  return {};
}

Result<PortOverview> overview_now(pg::Tx& tx, const PortId& id) {
  TRY(auto one, get_port_overview(tx, id));
  std::vector<PortOverview> alone{std::move(one)};
  TRY_VOID(look_ahead(tx, alone));
  return std::move(alone.front());
}

}  // namespace pratique::network
