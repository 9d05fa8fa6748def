// What a session tells its owner.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/protocol/openflow/bundle.h"
#include "libs/protocol/openflow/description.h"
#include "libs/protocol/openflow/error_message.h"
#include "libs/protocol/openflow/features.h"
#include "libs/protocol/openflow/flow_removed.h"
#include "libs/protocol/openflow/flow_stats.h"
#include "libs/protocol/openflow/message.h"
#include "libs/protocol/openflow/packet.h"
#include "libs/protocol/openflow/port.h"
#include "libs/protocol/openflow/role.h"
#include "libs/protocol/openflow/table_stats.h"

namespace pratique::openflow {

/// Versions agreed, datapath known: from now on there may be requests. Once, and first.
struct Connected {
  Features features = {};
  bool operator==(const Connected&) const = default;
};
/// All that was sent before the barrier has been carried out or refused.
struct BarrierPassed {
  Xid xid = 0;
  bool operator==(const BarrierPassed&) const = default;
};
struct Echoed {
  Xid xid = 0;
  bool operator==(const Echoed&) const = default;
};
/// Multipart answers, whole.
struct FlowsRead {
  Xid xid = 0;
  std::vector<FlowStats> flows = {};
  bool operator==(const FlowsRead&) const = default;
};
struct TablesRead {
  Xid xid = 0;
  std::vector<TableStats> tables = {};
  bool operator==(const TablesRead&) const = default;
};
struct PortsRead {
  Xid xid = 0;
  std::vector<Port> ports = {};
  bool operator==(const PortsRead&) const = default;
};
struct DescriptionRead {
  Xid xid = 0;
  Description description = {};
  bool operator==(const DescriptionRead&) const = default;
};
struct RoleGiven {
  Xid xid = 0;
  Role role = {};
  bool operator==(const RoleGiven&) const = default;
};
/// The bundle that start_bundle gave this id: committed, or every refusal.
struct BundleOver {
  std::uint32_t id = 0;
  BundleOutcome outcome = {};
  bool operator==(const BundleOver&) const = default;
};
/// The switch refused this request; there will be no other answer to it.
struct Refused {
  Xid xid = 0;
  ErrorMessage error = {};
  bool operator==(const Refused&) const = default;
};
/// A message of a kind that we make nothing of (a change of role, a table's vacancy, an experimenter's).
struct Ignored {
  MessageType type = MessageType::experimenter;
  bool operator==(const Ignored&) const = default;
};

/// PortStatus, FlowRemoved and PacketIn come unasked, after Session::hear_events.
using Event = std::variant<Connected, BarrierPassed, Echoed, FlowsRead, TablesRead, PortsRead, DescriptionRead,
                           RoleGiven, BundleOver, Refused, PortStatus, FlowRemoved, PacketIn, Ignored>;

}  // namespace pratique::openflow
