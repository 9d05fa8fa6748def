#include "libs/protocol/ovsdb/open_vswitch.h"

#include <algorithm>

#include "libs/protocol/ovsdb/reasons.h"

namespace pratique::ovsdb {
namespace {

struct Watched {
  std::string_view table;
  std::string_view column;
  AtomKind key;
  bool many;     // a set or a map of any size; else at most one
  bool strings;  // a map of strings
};
constexpr Watched kWatched[] = {
    {"Open_vSwitch", "next_cfg", AtomKind::integer, false, false},
    {"Open_vSwitch", "cur_cfg", AtomKind::integer, false, false},
    {"Open_vSwitch", "ovs_version", AtomKind::string, false, false},
    {"Open_vSwitch", "external_ids", AtomKind::string, true, true},
    {"Bridge", "name", AtomKind::string, false, false},
    {"Bridge", "fail_mode", AtomKind::string, false, false},
    {"Bridge", "datapath_id", AtomKind::string, false, false},
    {"Bridge", "ports", AtomKind::uuid, true, false},
    {"Bridge", "external_ids", AtomKind::string, true, true},
    {"Port", "name", AtomKind::string, false, false},
    {"Port", "tag", AtomKind::integer, false, false},
    {"Port", "protected", AtomKind::boolean, false, false},
    {"Port", "interfaces", AtomKind::uuid, true, false},
    {"Port", "external_ids", AtomKind::string, true, true},
    {"Interface", "name", AtomKind::string, false, false},
    {"Interface", "link_state", AtomKind::string, false, false},
    {"Interface", "mac_in_use", AtomKind::string, false, false},
    {"Interface", "ofport", AtomKind::integer, false, false},
    {"Interface", "ofport_request", AtomKind::integer, false, false},
    {"Interface", "error", AtomKind::string, false, false},
    {"Interface", "external_ids", AtomKind::string, true, true},
};

Error bad_value(std::string_view column, std::string_view what) {
  return invalid(reason::kColumnValue, "column '" + std::string(column) + "': " + std::string(what));
}

Result<Bridge> read_bridge(const Uuid& uuid, const Row& row) {
  Bridge out;
  out.uuid = uuid;
  TRY(out.name, row.string_at("name"));
  TRY(const auto mode, row.optional_string("fail_mode"));
  if (mode) {
    if (*mode == "secure") out.fail_mode = FailMode::secure;
    else if (*mode == "standalone") out.fail_mode = FailMode::standalone;
    else return bad_value("fail_mode", "an unknown mode");
  }
  TRY(out.datapath_id, row.optional_string("datapath_id"));
  TRY(out.ports, row.uuids_at("ports"));
  TRY(out.external_ids, row.string_map_at("external_ids"));
  return out;
}

Result<Port> read_port(const Uuid& uuid, const Row& row) {
  Port out;
  out.uuid = uuid;
  TRY(out.name, row.string_at("name"));
  TRY(const auto tag, row.optional_int("tag"));
  if (tag) {
    if (*tag < 0 || *tag > 4095) return bad_value("tag", "no VLAN");
    out.tag = static_cast<std::uint16_t>(*tag);
  }
  TRY(out.is_protected, row.bool_at("protected"));
  TRY(out.interfaces, row.uuids_at("interfaces"));
  TRY(out.external_ids, row.string_map_at("external_ids"));
  return out;
}

Result<Interface> read_interface(const Uuid& uuid, const Row& row) {
  Interface out;
  out.uuid = uuid;
  TRY(out.name, row.string_at("name"));
  TRY(const auto link, row.optional_string("link_state"));
  if (link) {
    if (*link != "up" && *link != "down") return bad_value("link_state", "neither up nor down");
    out.link_state = *link == "up" ? LinkState::up : LinkState::down;
  }
  TRY(const auto mac, row.optional_string("mac_in_use"));
  if (mac) {
    auto address = MacAddress::parse(*mac);
    if (!address) return bad_value("mac_in_use", "no MAC address");
    out.mac_in_use = *address;
  }
  TRY(out.ofport, row.optional_int("ofport"));
  TRY(out.ofport_request, row.optional_int("ofport_request"));
  TRY(out.error, row.optional_string("error"));
  TRY(out.external_ids, row.string_map_at("external_ids"));
  return out;
}

template <typename T>
Result<std::vector<T>> read_table(const Image& image, std::string_view table,
                                  Result<T> (*read)(const Uuid&, const Row&)) {
  std::vector<T> out;
  for (const auto& [uuid, row] : image.rows(table)) {
    TRY(auto one, read(uuid, row).with_context("table '" + std::string(table) + "': row " + uuid.text));
    out.push_back(std::move(one));
  }
  std::ranges::sort(out, {}, &T::name);
  return out;
}

template <typename T>
const T* named(const std::vector<T>& sorted, std::string_view name) {
  const auto at = std::ranges::lower_bound(sorted, name, {}, [](const T& one) { return std::string_view(one.name); });
  return at == sorted.end() || at->name != name ? nullptr : &*at;
}

}  // namespace

std::string_view to_string(FailMode mode) { return mode == FailMode::secure ? "secure" : "standalone"; }

MonitorRequests watched() {
  MonitorRequests out;
  for (const auto& one : kWatched) {
    auto& request = out[std::string(one.table)];
    if (!request.columns) request.columns.emplace();
    request.columns->emplace_back(one.column);
  }
  return out;
}

Result<void> require_columns(const Schema& schema) {
  if (schema.name != kDatabase) return failed_precondition(reason::kSchemaLacks, "the schema of another database");
  for (const auto& one : kWatched) {
    const auto* type = schema.find_column(one.table, one.column);
    const auto where = "column '" + std::string(one.table) + "." + std::string(one.column) + "'";
    if (type == nullptr) return failed_precondition(reason::kSchemaLacks, where + ": is not there");
    const bool map = type->value.has_value();
    if (type->key != one.key || map != one.strings || (map && *type->value != AtomKind::string) ||
        type->is_single() == one.many)
      return failed_precondition(reason::kSchemaLacks, where + ": is of another type");
  }
  return {};
}

Result<Switch> read_switch(const Image& image) {
  const auto& roots = image.rows("Open_vSwitch");
  if (roots.empty())
    return failed_precondition(reason::kSwitchEmpty,
                               "no row in table Open_vSwitch: the database was never initialised");
  const auto& [uuid, row] = *roots.begin();  // the schema has it that there is one at most
  const auto read_root = [&]() -> Result<Switch> {
    Switch out;
    out.uuid = uuid;
    TRY(out.next_cfg, row.int_at("next_cfg"));
    TRY(out.cur_cfg, row.int_at("cur_cfg"));
    TRY(out.ovs_version, row.optional_string("ovs_version"));
    TRY(out.external_ids, row.string_map_at("external_ids"));
    return out;
  };
  TRY(auto out, read_root().with_context("table 'Open_vSwitch': row " + uuid.text));
  TRY(out.bridges, read_table(image, "Bridge", &read_bridge));
  TRY(out.ports, read_table(image, "Port", &read_port));
  TRY(out.interfaces, read_table(image, "Interface", &read_interface));
  return out;
}

const Bridge* Switch::bridge_named(std::string_view name) const { return named(bridges, name); }
const Port* Switch::port_named(std::string_view name) const { return named(ports, name); }
const Interface* Switch::interface_named(std::string_view name) const { return named(interfaces, name); }

const Bridge* Switch::bridge_of(const Port& port) const {
  const auto at = std::ranges::find_if(
      bridges, [&](const Bridge& bridge) { return std::ranges::binary_search(bridge.ports, port.uuid); });
  return at == bridges.end() ? nullptr : &*at;
}

const Interface* Switch::interface_of(const Port& port) const {
  if (port.interfaces.size() != 1) return nullptr;
  const auto at = std::ranges::find(interfaces, port.interfaces.front(), &Interface::uuid);
  return at == interfaces.end() ? nullptr : &*at;
}

}  // namespace pratique::ovsdb
