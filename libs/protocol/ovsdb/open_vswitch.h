// What of the database Open_vSwitch a network controller watches (ovs-vswitchd.conf.db(5)), as plain structs.
//
//   session.get_schema(kDatabase)                     -> require_columns(schema)
//   session.monitor(kDatabase, "switch", watched())   -> Image image(schema, watched()); image.apply(…)
//   TRY(const auto now, read_switch(image));
//   now.port_named("p1")->tag
//
// Changing it: open_vswitch_change.h.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/mac_address.h"
#include "libs/base/result.h"
#include "libs/protocol/ovsdb/image.h"
#include "libs/protocol/ovsdb/monitor.h"
#include "libs/protocol/ovsdb/row.h"
#include "libs/protocol/ovsdb/schema.h"

namespace pratique::ovsdb {

inline constexpr std::string_view kDatabase = "Open_vSwitch";

inline constexpr std::uint16_t kMinVlan = 1;
inline constexpr std::uint16_t kMaxVlan = 4094;     // IEEE 802.1Q; the schema would take 0 and 4095 too
inline constexpr std::uint16_t kMaxOfport = 65279;  // 0xfeff: higher ones are reserved

enum class FailMode { standalone, secure };
std::string_view to_string(FailMode mode);
enum class LinkState { down, up };

struct Bridge {
  Uuid uuid;
  std::string name;
  std::optional<FailMode> fail_mode;       // none: standalone
  std::optional<std::string> datapath_id;  // 16 hexadecimal digits, once the switch has made the bridge
  std::vector<Uuid> ports;
  StringMap external_ids;
};
struct Port {
  Uuid uuid;
  std::string name;
  std::optional<std::uint16_t> tag;  // none: a trunk, or what vlan_mode says
  bool is_protected = false;         // no traffic between two protected ports of a bridge
  std::vector<Uuid> interfaces;      // one; more: a bond
  StringMap external_ids;
};
struct Interface {
  Uuid uuid;
  std::string name;
  std::optional<LinkState> link_state;  // none: the switch has not looked
  std::optional<MacAddress> mac_in_use;
  std::optional<std::int64_t> ofport;  // none: not yet; -1: could not be made, see `error`
  std::optional<std::int64_t> ofport_request;
  std::optional<std::string> error;
  StringMap external_ids;
  bool usable() const { return ofport.has_value() && *ofport > 0; }
};

struct Switch {
  Uuid uuid;                  // of the one row of table Open_vSwitch
  std::int64_t next_cfg = 0;  // what was asked of ovs-vswitchd
  std::int64_t cur_cfg = 0;   // what it has applied
  std::optional<std::string> ovs_version;
  StringMap external_ids;
  std::vector<Bridge> bridges;  // each sorted by name
  std::vector<Port> ports;
  std::vector<Interface> interfaces;

  const Bridge* bridge_named(std::string_view name) const;
  const Port* port_named(std::string_view name) const;
  const Interface* interface_named(std::string_view name) const;
  const Bridge* bridge_of(const Port& port) const;
  /// The port's only interface; nullptr for a bond, and between two updates.
  const Interface* interface_of(const Port& port) const;
  /// Has ovs-vswitchd applied that change? (open_vswitch_change.h: Change::await_switch)
  bool applied(std::int64_t cfg) const { return cur_cfg >= cfg; }
};

/// The tables and columns that read_switch reads.
MonitorRequests watched();
/// FAILED_PRECONDITION OVSDB_SCHEMA_LACKS naming the first that is not there or is of another type.
Result<void> require_columns(const Schema& schema);

/// INVALID_ARGUMENT with the table, the row and the column in the message: OVSDB_COLUMN_MISSING, OVSDB_COLUMN_TYPE,
/// OVSDB_COLUMN_VALUE. FAILED_PRECONDITION OVSDB_SWITCH_EMPTY: no row in table Open_vSwitch (`ovs-vsctl init` did not
/// run).
Result<Switch> read_switch(const Image& image);

}  // namespace pratique::ovsdb
