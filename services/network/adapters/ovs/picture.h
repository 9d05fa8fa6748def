// The switch's configuration as OVSDB tells it: ports of our bridge with what matters to us, kept up to date row by
// row. What one change costs does not grow with the number of ports.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/protocol/ovsdb/image.h"
#include "libs/protocol/ovsdb/open_vswitch.h"
#include "libs/protocol/ovsdb/operation.h"
#include "services/network/app/adapter.h"

namespace pratique::network {

/// A port of our bridge, as the database has it.
struct OvsPort {
  std::string name = {};
  ovsdb::Uuid uuid = {};
  ovsdb::Uuid interface_uuid = {};
  std::optional<std::uint16_t> tag = {};
  bool is_protected = false;
  bool trunks = false;  // it has a list of trunks
  std::optional<std::string> vlan_mode = {};
  std::optional<std::int64_t> ofport = {};  // 1 and up, else the port is not to be used
  std::optional<std::int64_t> ofport_request = {};
  bool link_up = false;
  std::string error = {};  // why the switch could not make it
  bool usable() const { return ofport && *ofport > 0 && *ofport < 0xff00; }
  /// Nothing of VLANs but one tag.
  bool plain() const { return !trunks && (!vlan_mode || *vlan_mode == "access"); }
  bool operator==(const OvsPort&) const = default;
};

class Picture {
 public:
  /// Tables and columns to monitor; FAILED_PRECONDITION OVSDB_SCHEMA_LACKS for a schema that lacks one.
  static Result<ovsdb::MonitorRequests> requests(const ovsdb::Schema& schema);

  Picture(ovsdb::Schema schema, ovsdb::MonitorRequests requests, std::string bridge);

  /// What comes of the changes is appended to `events`. An error: monitor anew.
  Result<void> apply(const std::vector<ovsdb::RowChange>& changes, ovsdb::MonitorVersion version,
                     std::vector<PortEvent>& events);

  /// nullptr: no port of our bridge.
  const OvsPort* find(std::string_view name) const;
  const OvsPort* find_number(std::uint32_t ofport) const;
  /// By name; the bridge's own port among them.
  const std::map<std::string, OvsPort, std::less<>>& ports() const { return ports_; }
  bool has_bridge() const { return bridge_.has_value(); }
  const std::optional<ovsdb::Uuid>& bridge_uuid() const { return bridge_; }
  bool secure() const { return secure_; }
  std::int64_t cur_cfg() const { return cur_cfg_; }

 private:
  Result<void> read_bridge(const ovsdb::Uuid& uuid, const ovsdb::Row* row, std::set<std::string>& touched,
                           std::vector<PortEvent>& events);
  Result<void> read_again(const std::string& name, std::vector<PortEvent>& events);
  Result<OvsPort> read_port(const ovsdb::Uuid& uuid, const ovsdb::Row& row) const;

  ovsdb::Image image_;
  std::string name_;
  std::optional<ovsdb::Uuid> bridge_;
  std::set<ovsdb::Uuid> members_;                  // ports of the bridge
  std::map<ovsdb::Uuid, std::string> port_names_;  // of every port row
  std::map<std::string, ovsdb::Uuid, std::less<>> port_rows_;
  std::map<ovsdb::Uuid, std::string> by_interface_;  // to the port's name
  std::map<std::string, OvsPort, std::less<>> ports_;
  std::map<std::uint32_t, std::string> by_number_;
  bool secure_ = false;
  std::int64_t cur_cfg_ = 0;
};

/// The changes of one port that a plan asks for; none where it is as planned. Nothing of an uplink.
std::vector<ovsdb::Operation> settings_for(const OvsPort& port, const PortPlan& plan);

}  // namespace pratique::network
