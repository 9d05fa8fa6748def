// How ports and plans stand in rows. For this room's own files.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/pg/rows.h"
#include "services/network/domain/registered_port.h"

namespace pratique::network {

/// From the columns of table port.
Result<RegisteredPort> read_port(const pg::Row& row);
Result<std::vector<MacAddress>> read_macs(const std::vector<std::string>& texts);
/// From plan_vlan, plan_stations and plan_time; none where nothing was applied yet.
Result<std::optional<PortPlan>> read_plan(const pg::Row& row, const std::string& name, PortRole role);
/// From link_up, vlan, stations, onboarding_only, foreign_things and observe_time; none where it was not read.
Result<std::optional<PortState>> read_observed(const pg::Row& row, const std::string& name);

}  // namespace pratique::network
