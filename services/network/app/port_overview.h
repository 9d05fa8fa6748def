// A port as it is told: what it is to do now, not what it was made to do last.
#pragma once

#include <vector>

#include "libs/pg/tx.h"
#include "services/network/domain/registered_port.h"

namespace pratique::network {

/// Where more is ahead of a port than it was made to do, or it did not do it: its plan is the reconciler's of now. In
/// one snapshot with what was read of the ports.
Result<void> look_ahead(pg::Tx& tx, std::vector<PortOverview>& ports);
/// NOT_FOUND PORT_UNKNOWN.
Result<PortOverview> overview_now(pg::Tx& tx, const PortId& id);

}  // namespace pratique::network
