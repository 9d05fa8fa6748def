#include "services/network/adapters/ovs/picture.h"

#include <algorithm>
#include <utility>

#include "libs/protocol/ovsdb/reasons.h"

namespace pratique::network {
namespace {

using ovsdb::Row;
using ovsdb::Uuid;

ovsdb::Where row_of(const Uuid& uuid) { return {{"_uuid", ovsdb::Function::equal, uuid}}; }

PortEvent changed(std::string port) { return {.kind = PortEvent::Kind::changed, .port = std::move(port)}; }

}  // namespace

Result<ovsdb::MonitorRequests> Picture::requests(const ovsdb::Schema& schema) {
  TRY_VOID(ovsdb::require_columns(schema));
  auto out = ovsdb::watched();
  for (const std::string column : {"trunks", "vlan_mode"}) {
    if (schema.find_column("Port", column) == nullptr)
      return failed_precondition(ovsdb::reason::kSchemaLacks, "table 'Port' has no column '" + column + "'");
    out["Port"].columns->push_back(column);
  }
  return out;
}

Picture::Picture(ovsdb::Schema schema, ovsdb::MonitorRequests requests, std::string bridge)
    : image_(std::move(schema), std::move(requests)), name_(std::move(bridge)) {}

Result<void> Picture::apply(const std::vector<ovsdb::RowChange>& changes, ovsdb::MonitorVersion version,
                            std::vector<PortEvent>& events) {
  std::set<std::string> touched;  // names of ports
  for (const auto& change : changes) {
    TRY_VOID(image_.apply(change, version));
    const auto* const row = image_.find(change.table, change.uuid);
    if (change.table == "Open_vSwitch" && row != nullptr) {
      TRY(cur_cfg_, row->int_at("cur_cfg"));
    } else if (change.table == "Bridge") {
      TRY_VOID(read_bridge(change.uuid, row, touched, events));
    } else if (change.table == "Port") {
      if (const auto known = port_names_.find(change.uuid); known != port_names_.end()) {
        touched.insert(known->second);
        if (const auto at = port_rows_.find(known->second); at != port_rows_.end() && at->second == change.uuid)
          port_rows_.erase(at);
        port_names_.erase(known);
      }
      if (row != nullptr) {
        TRY(auto name, row->string_at("name"));
        TRY(const auto interfaces, row->uuids_at("interfaces"));
        for (const auto& each : interfaces) by_interface_[each] = name;
        port_rows_[name] = change.uuid;
        touched.insert(name);
        port_names_[change.uuid] = std::move(name);
      }
    } else if (change.table == "Interface") {
      if (const auto port = by_interface_.find(change.uuid); port != by_interface_.end()) {
        touched.insert(port->second);
        if (row == nullptr) by_interface_.erase(port);
      }
    }
  }
  for (const auto& name : touched) TRY_VOID(read_again(name, events));
  return {};
}

Result<void> Picture::read_bridge(const Uuid& uuid, const Row* row, std::set<std::string>& touched,
                                  std::vector<PortEvent>& events) {
  std::set<Uuid> members;
  bool secure = false;
  if (row != nullptr) {
    TRY(const auto name, row->string_at("name"));
    if (name != name_) return {};
    TRY(const auto ports, row->uuids_at("ports"));
    members.insert(ports.begin(), ports.end());
    TRY(const auto mode, row->optional_string("fail_mode"));
    secure = mode == "secure";
    bridge_ = uuid;
  } else {
    if (bridge_ != uuid) return {};
    bridge_.reset();
  }
  std::vector<Uuid> differing;
  std::ranges::set_symmetric_difference(members_, members, std::back_inserter(differing));
  members_ = std::move(members);
  for (const auto& each : differing)
    if (const auto known = port_names_.find(each); known != port_names_.end()) touched.insert(known->second);
  if (std::exchange(secure_, secure) && !secure) events.push_back(changed(""));
  return {};
}

Result<void> Picture::read_again(const std::string& name, std::vector<PortEvent>& events) {
  std::optional<OvsPort> now;
  const auto known = port_rows_.find(name);
  if (known != port_rows_.end() && members_.contains(known->second)) {
    const auto* const row = image_.find("Port", known->second);
    if (row != nullptr) {
      TRY(now, read_port(known->second, *row));
    }
  }
  std::optional<OvsPort> before;
  if (const auto at = ports_.find(name); at != ports_.end()) {
    before = std::move(at->second);
    ports_.erase(at);
    if (before->usable()) {
      const auto number = by_number_.find(static_cast<std::uint32_t>(*before->ofport));
      if (number != by_number_.end() && number->second == name) by_number_.erase(number);
    }
  }
  const bool was_up = before && before->link_up;
  const bool is_up = now && now->link_up;
  if (was_up != is_up)
    events.push_back({.kind = is_up ? PortEvent::Kind::link_up : PortEvent::Kind::link_down, .port = name});
  if (before.has_value() != now.has_value()) {
    events.push_back(changed(name));
  } else if (before && now) {
    before->link_up = now->link_up;
    before->ofport_request = now->ofport_request;
    if (*before != *now) events.push_back(changed(name));
  }
  if (now) {
    if (now->usable()) by_number_[static_cast<std::uint32_t>(*now->ofport)] = name;
    ports_.emplace(name, *std::move(now));
  }
  return {};
}

Result<OvsPort> Picture::read_port(const Uuid& uuid, const Row& row) const {
  OvsPort out;
  out.uuid = uuid;
  TRY(out.name, row.string_at("name"));
  TRY(const auto tag, row.optional_int("tag"));
  if (tag) out.tag = static_cast<std::uint16_t>(*tag & 0xfff);
  TRY(out.is_protected, row.bool_at("protected"));
  TRY(const auto trunks, row.ints_at("trunks"));
  out.trunks = !trunks.empty();
  TRY(out.vlan_mode, row.optional_string("vlan_mode"));
  TRY(const auto interfaces, row.uuids_at("interfaces"));
  if (interfaces.size() != 1) return out;  // a bond: none that devices are plugged into
  out.interface_uuid = interfaces.front();
  const auto* const interface = image_.find("Interface", interfaces.front());
  if (interface == nullptr) return out;  // comes with the next change
  TRY(out.ofport, interface->optional_int("ofport"));
  TRY(out.ofport_request, interface->optional_int("ofport_request"));
  TRY(const auto link, interface->optional_string("link_state"));
  out.link_up = link == "up";
  TRY(auto error, interface->optional_string("error"));
  out.error = std::move(error).value_or("");
  return out;
}

const OvsPort* Picture::find(std::string_view name) const {
  const auto at = ports_.find(name);
  return at == ports_.end() ? nullptr : &at->second;
}

const OvsPort* Picture::find_number(std::uint32_t ofport) const {
  const auto at = by_number_.find(ofport);
  return at == by_number_.end() ? nullptr : find(at->second);
}

std::vector<ovsdb::Operation> settings_for(const OvsPort& port, const PortPlan& plan) {
  if (plan.role == PortRole::uplink) return {};
  Row row;
  const bool isolated = plan.role == PortRole::access;
  if (port.tag != plan.vlan) row.set("tag", std::int64_t{plan.vlan});
  if (port.is_protected != isolated) row.set("protected", isolated);
  if (port.trunks) row.set("trunks", ovsdb::Datum());
  if (port.vlan_mode && *port.vlan_mode != "access") row.set("vlan_mode", ovsdb::Datum());
  std::vector<ovsdb::Operation> out;
  if (!row.empty()) out.push_back(ovsdb::Update{"Port", row_of(port.uuid), std::move(row)});
  // Without it numbers change under the rules when ports come and go.
  if (!port.ofport_request && port.usable())
    out.push_back(ovsdb::Update{"Interface", row_of(port.interface_uuid), {{"ofport_request", *port.ofport}}});
  return out;
}

}  // namespace pratique::network
