// Ports as operators register them, with what each does.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/pg/tx.h"
#include "services/network/domain/registered_port.h"

namespace pratique::network {

/// Marked for the reconciler. False if the switch has a port of that name or NAS-Port-Id: nothing was written.
/// FAILED_PRECONDITION PORT_REFERENCE_UNKNOWN: no such switch or segment.
Result<bool> insert_port(pg::Tx& tx, const RegisteredPort& port);
/// NOT_FOUND PORT_UNKNOWN.
Result<RegisteredPort> get_port(pg::Tx& tx, const PortId& id);
Result<RegisteredPort> lock_port(pg::Tx& tx, const PortId& id);
Result<std::optional<RegisteredPort>> find_port(pg::Tx& tx, const SwitchId& on_switch, std::string_view name);
/// By the address from which the switch speaks RADIUS and the port's RADIUS name.
Result<std::optional<RegisteredPort>> find_port_by_radius(pg::Tx& tx, std::string_view nas_address,
                                                          std::string_view nas_port_id);
/// Everything that operators write, update_time and version; the switch stays. ALREADY_EXISTS PORT_EXISTS. Locked.
Result<void> update_port(pg::Tx& tx, RegisteredPort& port);
Result<void> delete_port(pg::Tx& tx, const PortId& id);

struct PortFilter {
  SwitchId on_switch = {};
  std::optional<PortRole> role = {};
  bool troubled = false;  // only those with a problem
};
// Each with what it does against what it is to do, in one statement.

/// Oldest first, behind `after`.
Result<std::vector<PortOverview>> list_ports(pg::Tx& tx, const PortFilter& filter, const PortId& after, int limit);
/// NOT_FOUND PORT_UNKNOWN.
Result<PortOverview> get_port_overview(pg::Tx& tx, const PortId& id);

}  // namespace pratique::network
