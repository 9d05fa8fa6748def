#include "services/network/storage/ports.h"

#include "services/network/storage/port_rows.h"

namespace pratique::network {
namespace {

#define PRATIQUE_PORT_COLUMNS                                                                                    \
  "p.id, p.switch, p.name, p.display_name, p.role, p.fixed_segment, p.nas_port_id, p.authenticator, "              \
  "p.disconnect_at, p.create_time, p.update_time, p.version"
constexpr pg::Statement kReferences{"port_references", R"(
  SELECT EXISTS (SELECT FROM switch WHERE id = $1) AND ($2::uuid IS NULL OR EXISTS (SELECT FROM segment WHERE id = $2))
         AS known)"};
constexpr pg::Statement kInsert{"port_insert", R"(
  INSERT INTO port (id, switch, name, display_name, role, fixed_segment, nas_port_id, authenticator,
                    disconnect_at, create_time, update_time, version)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING)"};
constexpr pg::Statement kInsertState{"port_insert_state", R"(
  WITH put AS (INSERT INTO port_state (port, switch) VALUES ($1, $2))
  SELECT pg_notify(current_schema() || '_work', ''))"};
constexpr pg::Statement kFind{"port_find", "SELECT " PRATIQUE_PORT_COLUMNS " FROM port p WHERE id = $1"};
constexpr pg::Statement kLock{"port_lock",
                              "SELECT " PRATIQUE_PORT_COLUMNS " FROM port p WHERE id = $1 FOR NO KEY UPDATE"};
constexpr pg::Statement kByName{"port_by_name",
                                "SELECT " PRATIQUE_PORT_COLUMNS " FROM port p WHERE switch = $1 AND name = $2"};
constexpr pg::Statement kByRadius{"port_by_radius", "SELECT " PRATIQUE_PORT_COLUMNS R"( FROM port p
  JOIN switch s ON s.id = p.switch WHERE s.nas_address = $1 AND p.radius_name = $2)"};
constexpr pg::Statement kTaken{"port_taken", R"(
  SELECT 1 FROM port WHERE switch = $1 AND (name = $2 OR radius_name = $3) AND id <> $4)"};
constexpr pg::Statement kUpdate{"port_update", R"(
  UPDATE port SET name = $2, display_name = $3, role = $4, fixed_segment = $5, nas_port_id = $6, authenticator = $7,
         disconnect_at = $8, update_time = $9, version = $10 WHERE id = $1)"};
constexpr pg::Statement kDelete{"port_delete", "DELETE FROM port WHERE id = $1"};
#define PRATIQUE_PORT_OVERVIEW                                                                           \
  "SELECT " PRATIQUE_PORT_COLUMNS ", t.dirty, t.plan_vlan, t.plan_stations, t.plan_time, t.link_up, "    \
  "t.vlan, t.stations, t.onboarding_only, t.foreign_things, t.problem, "                                 \
  "CASE WHEN t.observe_time IS NOT NULL THEN greatest(t.observe_time, l.read_time) END AS observe_time, " \
  "t.problem_message, ARRAY(SELECT mac || ' ' || device || ' ' || id FROM session WHERE port = p.id "    \
  "AND end_time IS NULL ORDER BY id) AS present, "                                                       \
  "coalesce((SELECT name FROM segment WHERE vlan = t.plan_vlan), '') AS planned_segment, "               \
  "coalesce((SELECT name FROM segment WHERE vlan = t.vlan), '') AS observed_segment "                    \
  "FROM port p JOIN port_state t ON t.port = p.id JOIN switch_lease l ON l.switch = p.switch "
constexpr pg::Statement kOverview{"port_overview", PRATIQUE_PORT_OVERVIEW "WHERE p.id = $1"};
// One statement for each filter that may lead: a switch has some hundred ports, the whole network very many.
constexpr pg::Statement kList{"port_list", PRATIQUE_PORT_OVERVIEW R"(
  WHERE ($1::uuid IS NULL OR p.id > $1) AND ($3::text IS NULL OR p.role = $3) AND (NOT $4 OR t.problem <> '')
  ORDER BY p.id LIMIT $2)"};
constexpr pg::Statement kListOfSwitch{"port_list_of_switch", PRATIQUE_PORT_OVERVIEW R"(
  WHERE p.switch = $5 AND ($1::uuid IS NULL OR p.id > $1) AND ($3::text IS NULL OR p.role = $3)
        AND (NOT $4 OR t.problem <> '')
  ORDER BY p.id LIMIT $2)"};
#undef PRATIQUE_PORT_OVERVIEW
#undef PRATIQUE_PORT_COLUMNS

Error unknown(const PortId& id) {
  return not_found("PORT_UNKNOWN", "no port '" + id.name() + "'").with("port", id.name());
}

Result<std::optional<RegisteredPort>> optional_port(const std::optional<pg::Row>& row) {
  if (!row) return std::optional<RegisteredPort>{};
  TRY(auto port, read_port(*row));
  return std::optional<RegisteredPort>{std::move(port)};
}

/// "<mac> <device> <session>", as PRATIQUE_PORT_OVERVIEW writes it.
Result<PresentStation> read_present(std::string_view text) {
  const auto first = text.find(' '), second = text.rfind(' ');
  PresentStation out;
  TRY(out.mac, MacAddress::parse(text.substr(0, first)));
  TRY(out.device, DeviceId::parse(text.substr(first + 1, second - first - 1)));
  TRY(out.session, SessionId::parse(text.substr(second + 1)));
  return out;
}

Result<PortOverview> read_overview(const pg::Row& row) {
  PortOverview out;
  TRY(out.port, read_port(row));
  auto& now = out.condition;
  now.dirty = row.boolean("dirty");
  TRY(now.plan, read_plan(row, out.port.name, out.port.role));
  now.plan_time = row.optional_timestamp("plan_time");
  now.observe_time = row.optional_timestamp("observe_time");
  TRY(now.observed, read_observed(row, out.port.name));
  now.problem = row.text("problem");
  now.problem_message = row.text("problem_message");
  for (const auto& text : row.texts("present")) {
    TRY(const auto station, read_present(text));
    now.present.push_back(station);
  }
  now.planned_segment = row.text("planned_segment");
  now.observed_segment = row.text("observed_segment");
  return out;
}

Result<void> check_references(pg::Tx& tx, const RegisteredPort& port) {
  TRY(const auto row, tx.run_one(kReferences, port.on_switch, port.fixed_segment));
  if (!row.boolean("known"))
    return failed_precondition("PORT_REFERENCE_UNKNOWN", "the port's switch or its segment is not there");
  return {};
}

}  // namespace

Result<RegisteredPort> read_port(const pg::Row& row) {
  RegisteredPort out;
  out.id = row.id<PortId>("id");
  out.on_switch = row.id<SwitchId>("switch");
  out.name = row.text("name");
  out.display_name = row.text("display_name");
  TRY(out.role, parse_port_role(row.text("role")));
  out.fixed_segment = row.optional_id<SegmentId>("fixed_segment");
  out.nas_port_id = row.text("nas_port_id");
  out.authenticator = row.text("authenticator");
  out.disconnect_at = row.text("disconnect_at");
  out.create_time = row.timestamp("create_time");
  out.update_time = row.timestamp("update_time");
  out.version = row.integer("version");
  return out;
}

Result<std::vector<MacAddress>> read_macs(const std::vector<std::string>& texts) {
  std::vector<MacAddress> out;
  for (const auto& text : texts) {
    TRY(const auto mac, MacAddress::parse(text));
    out.push_back(mac);
  }
  return out;
}

Result<std::optional<PortPlan>> read_plan(const pg::Row& row, const std::string& name, PortRole role) {
  if (row.is_null("plan_time")) return std::optional<PortPlan>{};
  PortPlan out{.port = name, .role = role, .vlan = static_cast<VlanId>(row.optional_integer("plan_vlan").value_or(0))};
  TRY(const auto macs, read_macs(row.texts("plan_stations")));
  for (const auto& mac : macs) out.stations.push_back({mac, {}});
  return std::optional<PortPlan>{std::move(out)};
}

Result<std::optional<PortState>> read_observed(const pg::Row& row, const std::string& name) {
  if (row.is_null("observe_time")) return std::optional<PortState>{};
  PortState out{.port = name, .link_up = row.boolean("link_up")};
  if (const auto vlan = row.optional_integer("vlan")) out.vlan = static_cast<VlanId>(*vlan);
  TRY(out.admitted, read_macs(row.texts("stations")));
  out.onboarding_only = row.boolean("onboarding_only");
  out.foreign = row.texts("foreign_things");
  return std::optional<PortState>{std::move(out)};
}

Result<bool> insert_port(pg::Tx& tx, const RegisteredPort& p) {
  TRY_VOID(check_references(tx, p));
  TRY(const auto done, tx.run(kInsert, p.id, p.on_switch, p.name, p.display_name, to_string(p.role), p.fixed_segment,
                              p.nas_port_id, p.authenticator, p.disconnect_at, p.create_time, p.update_time,
                              p.version));
  if (done.affected() == 0) return false;
  TRY_VOID(tx.queue(kInsertState, p.id, p.on_switch));
  return true;
}

Result<RegisteredPort> get_port(pg::Tx& tx, const PortId& id) {
  TRY(const auto row, tx.find(kFind, id));
  if (!row) return unknown(id);
  return read_port(*row);
}

Result<RegisteredPort> lock_port(pg::Tx& tx, const PortId& id) {
  TRY(const auto row, tx.find(kLock, id));
  if (!row) return unknown(id);
  return read_port(*row);
}

Result<std::optional<RegisteredPort>> find_port(pg::Tx& tx, const SwitchId& on_switch, std::string_view name) {
  TRY(const auto row, tx.find(kByName, on_switch, name));
  return optional_port(row);
}

Result<std::optional<RegisteredPort>> find_port_by_radius(pg::Tx& tx, std::string_view nas_address,
                                                          std::string_view nas_port_id) {
  TRY(const auto row, tx.find(kByRadius, nas_address, nas_port_id));
  return optional_port(row);
}

Result<void> update_port(pg::Tx& tx, RegisteredPort& p) {
  TRY_VOID(check_references(tx, p));
  TRY(const auto taken, tx.find(kTaken, p.on_switch, p.name, p.nas_port_id.empty() ? p.name : p.nas_port_id, p.id));
  if (taken)
    return Error{ErrorCode::already_exists, "PORT_EXISTS", "the switch has another port of this name or NAS-Port-Id"};
  ++p.version;
  return tx.queue(kUpdate, p.id, p.name, p.display_name, to_string(p.role), p.fixed_segment, p.nas_port_id,
                  p.authenticator, p.disconnect_at, p.update_time, p.version);
}

Result<void> delete_port(pg::Tx& tx, const PortId& id) { return tx.queue(kDelete, id); }

Result<std::vector<PortOverview>> list_ports(pg::Tx& tx, const PortFilter& filter, const PortId& after, int limit) {
  const auto role = filter.role ? std::optional(std::string(to_string(*filter.role))) : std::nullopt;
  TRY(const auto rows, filter.on_switch.empty()
                           ? tx.run(kList, after, limit, role, filter.troubled)
                           : tx.run(kListOfSwitch, after, limit, role, filter.troubled, filter.on_switch));
  std::vector<PortOverview> out;
  for (const pg::Row row : rows) {
    TRY(auto port, read_overview(row));
    out.push_back(std::move(port));
  }
  return out;
}

Result<PortOverview> get_port_overview(pg::Tx& tx, const PortId& id) {
  TRY(const auto row, tx.find(kOverview, id));
  if (!row) return unknown(id);
  return read_overview(*row);
}

}  // namespace pratique::network
