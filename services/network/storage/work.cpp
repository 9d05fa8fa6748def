#include "services/network/storage/work.h"

#include <map>

#include "services/network/storage/port_rows.h"
#include "services/network/storage/session_rows.h"

namespace pratique::network {
namespace {

#define PRATIQUE_WORK_COLUMNS                                                                                        \
  "SELECT p.id, p.switch, p.name, p.display_name, p.role, p.fixed_segment, p.nas_port_id, p.authenticator, "         \
  "p.disconnect_at, "                                                                                                \
  "p.create_time, p.update_time, p.version, t.wanted, t.decided_time, t.link_up, t.plan_vlan, t.plan_stations, "     \
  "t.dirty, t.plan_time, t.vlan, t.stations, t.onboarding_only, t.foreign_things, t.observe_time, t.problem, "       \
  "t.problem_message, g.vlan AS fixed_vlan "                                                                         \
  "FROM port_state t JOIN port p ON p.id = t.port LEFT JOIN segment g ON g.id = p.fixed_segment "
// The marked ones are taken from their index in its order, and looked up one by one: their number is bounded, and what
// statistics say of it after a change of very many ports would have all ports read instead.
constexpr pg::Statement kMarked{"work_marked_ports", R"(
  SELECT w.* FROM (SELECT port FROM port_state WHERE switch = $1 AND dirty ORDER BY decided_time LIMIT $2) m
  CROSS JOIN LATERAL ()" PRATIQUE_WORK_COLUMNS R"(WHERE t.port = m.port OFFSET 0) w
  ORDER BY w.decided_time NULLS LAST, w.id)"};
constexpr pg::Statement kAll{"work_all_ports", PRATIQUE_WORK_COLUMNS "WHERE t.switch = $1 ORDER BY p.id"};
constexpr pg::Statement kSome{"work_some_ports", PRATIQUE_WORK_COLUMNS "WHERE t.port = ANY($1::uuid[])"};
#undef PRATIQUE_WORK_COLUMNS
constexpr pg::Statement kSessions{"work_sessions", "SELECT " PRATIQUE_SESSION_COLUMNS R"( FROM session
  WHERE port = ANY($1::uuid[]) AND end_time IS NULL ORDER BY id)"};
// A decision that came while the port was worked on stays: the port is still marked for it.
constexpr pg::Statement kStore{"work_store", R"(
  UPDATE port_state SET done = greatest(done, $2),
         decided_time = CASE WHEN decided_time IS NOT DISTINCT FROM $3 THEN NULL ELSE decided_time END,
         plan_vlan = $4, plan_stations = $5, plan_time = $6, problem = $7, problem_message = $8 WHERE port = $1)"};
constexpr pg::Statement kStoreRead{"work_store_read", R"(
  UPDATE port_state SET done = greatest(done, $2),
         decided_time = CASE WHEN decided_time IS NOT DISTINCT FROM $3 THEN NULL ELSE decided_time END,
         plan_vlan = $4, plan_stations = $5, plan_time = $6, problem = $7, problem_message = $8,
         link_up = CASE WHEN wanted = $2 THEN $9 ELSE link_up END, vlan = $10, stations = $11, onboarding_only = $12,
         foreign_things = $13, observe_time = $14 WHERE port = $1)"};
constexpr pg::Statement kOn{"work_station_on", R"(
  UPDATE port_state SET authenticated = array_append(array_remove(authenticated, $2), $2) WHERE port = $1)"};
constexpr pg::Statement kOff{"work_station_off",
                             "UPDATE port_state SET authenticated = array_remove(authenticated, $2) WHERE port = $1"};
constexpr pg::Statement kNobody{"work_nobody_on", "UPDATE port_state SET authenticated = '{}' WHERE port = $1"};
constexpr pg::Statement kIsOn{"work_station_is_on",
                              "SELECT $2 = ANY(authenticated) AS yes FROM port_state WHERE port = $1 FOR NO KEY UPDATE"};
constexpr pg::Statement kLink{"work_link", "UPDATE port_state SET link_up = $2 WHERE port = $1"};
constexpr pg::Statement kCensus{"work_census", R"(
  SELECT (SELECT count(*) FROM port_state WHERE dirty) AS marked,
         (SELECT count(*) FROM switch WHERE problem <> '') AS troubled,
         (SELECT count(*) FROM session WHERE end_time IS NULL) AS open)"};

Result<std::vector<WorkPort>> load(pg::Tx& tx, const pg::Rows& rows) {
  std::vector<WorkPort> out;
  std::vector<std::string> ids;
  std::map<PortId, std::size_t> places;
  for (const pg::Row row : rows) {
    WorkPort one;
    TRY(one.port, read_port(row));
    one.wanted = row.integer("wanted");
    one.dirty = row.boolean("dirty");
    one.decided_time = row.optional_timestamp("decided_time");
    one.facts = {.port = one.port.name, .role = one.port.role, .link_up = row.boolean("link_up")};
    if (const auto vlan = row.optional_integer("fixed_vlan")) one.facts.fixed_vlan = static_cast<VlanId>(*vlan);
    TRY(one.plan, read_plan(row, one.port.name, one.port.role));
    one.foreign = row.texts("foreign_things");
    TRY(one.observed, read_observed(row, one.port.name));
    one.problem = row.text("problem");
    one.problem_message = row.text("problem_message");
    ids.push_back(one.port.id.text());
    places.emplace(one.port.id, out.size());
    out.push_back(std::move(one));
  }
  if (ids.empty()) return out;
  TRY(const auto sessions, tx.run(kSessions, ids));
  for (const pg::Row row : sessions) {
    TRY(auto session, read_session(row));
    out[places.at(session.port)].sessions.push_back(std::move(session));
  }
  return out;
}

std::vector<std::string> texts_of(const std::vector<MacAddress>& macs) {
  std::vector<std::string> out;
  for (const auto& mac : macs) out.push_back(mac.text());
  return out;
}

std::vector<std::string> stations_of(const PortPlan& plan) {
  std::vector<std::string> out;
  for (const auto& station : plan.stations) out.push_back(station.mac.text());
  return out;
}

/// In what is stored of them.
bool equal(const PortPlan& a, const PortPlan& b) { return a.vlan == b.vlan && stations_of(a) == stations_of(b); }
bool equal(const PortState& a, const PortState& b) {
  return a.link_up == b.link_up && a.vlan == b.vlan && a.admitted == b.admitted &&
         a.onboarding_only == b.onboarding_only && a.foreign == b.foreign;
}

}  // namespace

Result<std::vector<WorkPort>> load_marked_ports(pg::Tx& tx, const SwitchId& on_switch, int limit) {
  TRY(const auto rows, tx.run(kMarked, on_switch, limit));
  return load(tx, rows);
}

Result<std::vector<WorkPort>> load_ports(pg::Tx& tx, const SwitchId& on_switch) {
  TRY(const auto rows, tx.run(kAll, on_switch));
  return load(tx, rows);
}

Result<std::vector<WorkPort>> load_ports(pg::Tx& tx, std::span<const PortId> ids) {
  std::vector<std::string> texts;
  for (const auto& id : ids) texts.push_back(id.text());
  TRY(const auto rows, tx.run(kSome, texts));
  return load(tx, rows);
}

Result<bool> store_outcome(pg::Tx& tx, const WorkPort& port, const WorkOutcome& outcome, Timestamp now) {
  const bool settled = !port.dirty && (outcome.refused || !port.decided_time);
  const bool same_plan = outcome.refused ? !port.plan : port.plan && equal(*port.plan, outcome.plan);
  const bool same_problem = port.problem == outcome.problem && port.problem_message == outcome.message;
  const bool over = outcome.absent && !outcome.state && port.observed;
  const bool same_reading = !over && (!outcome.state || (port.observed && equal(*port.observed, *outcome.state)));
  if (settled && same_plan && same_problem && same_reading) return false;
  // A decision that was refused stays: how long it took is told when it is carried out.
  const auto decided = outcome.refused ? std::optional<Timestamp>{} : port.decided_time;
  const auto plan_time = outcome.refused ? std::optional<Timestamp>{} : std::optional(now);
  const auto stations = stations_of(outcome.plan);
  if (same_reading) {
    TRY_VOID(tx.queue(kStore, port.port.id, port.wanted, decided, outcome.plan.vlan, stations, plan_time,
                      outcome.problem, outcome.message));
    return true;
  }
  const PortState& state = over ? *port.observed : *outcome.state;
  TRY_VOID(tx.queue(kStoreRead, port.port.id, port.wanted, decided, outcome.plan.vlan, stations, plan_time,
                    outcome.problem, outcome.message, state.link_up, state.vlan, texts_of(state.admitted),
                    state.onboarding_only, state.foreign, over ? std::optional<Timestamp>{} : std::optional(now)));
  return true;
}

Result<void> set_authenticated(pg::Tx& tx, const PortId& port, const MacAddress& mac, bool on) {
  return tx.queue(on ? kOn : kOff, port, mac.text());
}

Result<void> clear_authenticated(pg::Tx& tx, const PortId& port) { return tx.queue(kNobody, port); }

Result<bool> is_authenticated(pg::Tx& tx, const PortId& port, const MacAddress& mac) {
  TRY(const auto row, tx.find(kIsOn, port, mac.text()));
  return row && row->boolean("yes");
}

Result<void> set_link(pg::Tx& tx, const PortId& port, bool up) { return tx.queue(kLink, port, up); }

Result<WorkCensus> take_work_census(pg::Tx& tx) {
  TRY(const auto row, tx.run_one(kCensus));
  return WorkCensus{row.integer("marked"), row.integer("troubled"), row.integer("open")};
}

}  // namespace pratique::network
