#include "services/network/storage/sessions.h"

#include "services/network/storage/session_rows.h"

namespace pratique::network {
namespace {

constexpr pg::Statement kInsert{"session_insert", "INSERT INTO session (" PRATIQUE_SESSION_COLUMNS R"() VALUES
  ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23))"};
constexpr pg::Statement kUpdate{"session_update", R"(
  UPDATE session SET user_name = $2, accounting_id = $3, given_vlan = $4, state = $5, start_time = $6, heard_time = $7,
         end_time = $8, end_code = $9, end_message = $10, input_octets = $11, output_octets = $12,
         framed_addresses = $13, accounted = $14 WHERE id = $1)"};
#define SESSION_OPEN(condition, more) \
  "SELECT " PRATIQUE_SESSION_COLUMNS " FROM session WHERE end_time IS NULL AND " condition \
  " ORDER BY id " more "FOR UPDATE"
constexpr pg::Statement kFind{"session_find", "SELECT " PRATIQUE_SESSION_COLUMNS " FROM session WHERE id = $1"};
constexpr pg::Statement kLock{"session_lock",
                              "SELECT " PRATIQUE_SESSION_COLUMNS " FROM session WHERE id = $1 FOR UPDATE"};
constexpr pg::Statement kOpen{"session_open", SESSION_OPEN("port = $1 AND mac = $2", "")};
constexpr pg::Statement kOpenOfPort{"session_open_of_port", SESSION_OPEN("port = $1", "")};
constexpr pg::Statement kOpenOfSwitch{"session_open_of_switch", SESSION_OPEN("switch = $1", "")};
constexpr pg::Statement kRivals{"session_rivals", SESSION_OPEN(
    "id <> $1 AND port <> $5 AND (mac = $2 OR (certificate_serial = $3 AND authority_key_id = $4))", "")};
constexpr pg::Statement kSilent{"session_silent", SESSION_OPEN(
    "heard_time < greatest($1::timestamptz, $2::timestamptz) AND "
    "((state = 'accepted' AND heard_time < $1) OR (accounted AND end_code = '' AND heard_time < $2))", "LIMIT $3 ")};
#undef SESSION_OPEN
// One statement for each filter that may lead: it walks that filter's index from the newest on, the others only sift.
#define SESSION_LIST(lead)                                                                                        \
  "SELECT " PRATIQUE_SESSION_COLUMNS " FROM session WHERE " lead " AND ($1::uuid IS NULL OR id < $1)"             \
  " AND ($3::uuid IS NULL OR device = $3) AND ($4::uuid IS NULL OR switch = $4) AND ($5::uuid IS NULL OR port = $5)" \
  " AND ($6::text IS NULL OR mac = $6)"                                                                           \
  " AND ($7::timestamptz IS NULL OR (accept_time <= $7 AND (end_time IS NULL OR end_time > $7)))"                 \
  " AND (NOT $8 OR end_time IS NULL) ORDER BY id DESC LIMIT $2"
constexpr pg::Statement kList{"session_list", SESSION_LIST("true")};
constexpr pg::Statement kListByDevice{"session_list_by_device", SESSION_LIST("device = $3")};
constexpr pg::Statement kListByPort{"session_list_by_port", SESSION_LIST("port = $5")};
constexpr pg::Statement kListByMac{"session_list_by_mac", SESSION_LIST("mac = $6")};
constexpr pg::Statement kListBySwitch{"session_list_by_switch", SESSION_LIST("switch = $4")};
#undef SESSION_LIST
constexpr pg::Statement kForget{"session_forget", R"(
  DELETE FROM session WHERE id IN (SELECT id FROM session WHERE end_time < $1 ORDER BY end_time LIMIT $2))"};

constexpr pg::Statement kInsertReport{"radius_report_insert", R"(
  WITH put AS (INSERT INTO radius_report (at, kind, nas_address, nas_identifier, nas_port_id, calling_station_id,
                 user_name, accounting_id, certificate_serial, authority_key_id, given_vlan, input_octets,
                 output_octets, framed_addresses, terminate_cause)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15))
  SELECT pg_notify(current_schema() || '_radius', ''))"};
// In the order of ids, by one replica at a time: of two reports of one station, the second is never handled first.
constexpr pg::Statement kTakeTurn{"radius_report_turn", R"(
  SELECT pg_try_advisory_xact_lock(hashtext(current_schema() || '.radius_report')) AS mine)"};
// An accept becomes the last word at its port, too (0005_radius_logon.sql): a logon waits for no more than it needs.
constexpr pg::Statement kTakeReports{"radius_report_take", R"(
  WITH taken AS (DELETE FROM radius_report WHERE id IN (SELECT id FROM radius_report ORDER BY id LIMIT $1) RETURNING *)
  SELECT t.at, t.kind, host(t.nas_address) AS nas_address, t.nas_identifier, t.nas_port_id, t.calling_station_id,
         t.user_name, t.accounting_id, t.certificate_serial, t.authority_key_id, t.given_vlan, t.input_octets,
         t.output_octets, t.framed_addresses, t.terminate_cause,
         CASE WHEN t.kind = 'accept' THEN
           radius_word('accept', '', '', c.device, t.given_vlan, t.nas_address, t.nas_identifier, t.nas_port_id,
                       t.calling_station_id, t.user_name, t.certificate_serial, t.authority_key_id, t.at) END AS word
  FROM taken t LEFT JOIN credential c ON c.serial = t.certificate_serial AND c.authority_key_id = t.authority_key_id
  ORDER BY t.id)"};

Result<std::optional<Session>> optional_session(const std::optional<pg::Row>& row) {
  if (!row) return std::optional<Session>{};
  TRY(auto session, read_session(*row));
  return std::optional<Session>{std::move(session)};
}

Result<std::vector<Session>> read_all(const pg::Rows& rows) {
  std::vector<Session> out;
  for (const pg::Row row : rows) {
    TRY(auto session, read_session(row));
    out.push_back(std::move(session));
  }
  return out;
}

std::optional<VlanId> vlan_of(const pg::Row& row) {
  const auto vlan = row.optional_integer("given_vlan");
  return vlan ? std::optional(static_cast<VlanId>(*vlan)) : std::nullopt;
}

const pg::Statement& lead(const SessionFilter& filter) {
  if (!filter.port.empty()) return kListByPort;
  if (!filter.device.empty()) return kListByDevice;
  if (filter.mac) return kListByMac;
  if (!filter.on_switch.empty()) return kListBySwitch;
  return kList;
}

}  // namespace

Result<Session> read_session(const pg::Row& row) {
  Session out;
  out.id = row.id<SessionId>("id");
  out.device = row.id<DeviceId>("device");
  out.on_switch = row.id<SwitchId>("switch");
  out.switch_name = row.text("switch_name");
  out.port = row.id<PortId>("port");
  out.port_name = row.text("port_name");
  TRY(out.mac, MacAddress::parse(row.text("mac")));
  out.user_name = row.text("user_name");
  out.accounting_id = row.text("accounting_id");
  out.certificate_serial = row.text("certificate_serial");
  out.authority_key_id = row.text("authority_key_id");
  out.given_vlan = vlan_of(row);
  TRY(out.state, parse_session_state(row.text("state")));
  out.accept_time = row.timestamp("accept_time");
  out.start_time = row.optional_timestamp("start_time");
  out.heard_time = row.timestamp("heard_time");
  out.end_time = row.optional_timestamp("end_time");
  out.end_code = row.text("end_code");
  out.end_message = row.text("end_message");
  out.input_octets = row.integer("input_octets");
  out.output_octets = row.integer("output_octets");
  out.framed_addresses = row.texts("framed_addresses");
  out.accounted = row.boolean("accounted");
  return out;
}

Result<void> insert_session(pg::Tx& tx, const Session& s) {
  return tx.queue(kInsert, s.id, s.device, s.on_switch, s.switch_name, s.port, s.port_name, s.mac.text(), s.user_name,
                  s.accounting_id, s.certificate_serial, s.authority_key_id, s.given_vlan, to_string(s.state),
                  s.accept_time, s.start_time, s.heard_time, s.end_time, s.end_code, s.end_message, s.input_octets,
                  s.output_octets, s.framed_addresses, s.accounted);
}

Result<void> update_session(pg::Tx& tx, const Session& s) {
  return tx.queue(kUpdate, s.id, s.user_name, s.accounting_id, s.given_vlan, to_string(s.state), s.start_time,
                  s.heard_time, s.end_time, s.end_code, s.end_message, s.input_octets, s.output_octets,
                  s.framed_addresses, s.accounted);
}

Result<std::optional<Session>> find_session(pg::Tx& tx, const SessionId& id) {
  TRY(const auto row, tx.find(kFind, id));
  return optional_session(row);
}

Result<std::optional<Session>> lock_session(pg::Tx& tx, const SessionId& id) {
  TRY(const auto row, tx.find(kLock, id));
  return optional_session(row);
}

Result<std::optional<Session>> lock_open_session(pg::Tx& tx, const PortId& port, const MacAddress& mac) {
  TRY(const auto row, tx.find(kOpen, port, mac.text()));
  return optional_session(row);
}

Result<std::vector<Session>> lock_open_sessions_of_port(pg::Tx& tx, const PortId& port) {
  TRY(const auto rows, tx.run(kOpenOfPort, port));
  return read_all(rows);
}

Result<std::vector<Session>> lock_open_sessions_of_switch(pg::Tx& tx, const SwitchId& on_switch) {
  TRY(const auto rows, tx.run(kOpenOfSwitch, on_switch));
  return read_all(rows);
}

Result<std::vector<Session>> lock_rivals(pg::Tx& tx, const Session& s) {
  TRY(const auto rows, tx.run(kRivals, s.id, s.mac.text(), s.certificate_serial, s.authority_key_id, s.port));
  return read_all(rows);
}

Result<std::vector<Session>> lock_silent_sessions(pg::Tx& tx, Timestamp accepted_before, Timestamp heard_before,
                                                  int limit) {
  TRY(const auto rows, tx.run(kSilent, accepted_before, heard_before, limit));
  return read_all(rows);
}

Result<std::vector<Session>> list_sessions(pg::Tx& tx, const SessionFilter& filter, const SessionId& after, int limit) {
  const auto mac = filter.mac ? std::optional(filter.mac->text()) : std::nullopt;
  TRY(const auto rows, tx.run(lead(filter), after, limit, filter.device, filter.on_switch, filter.port, mac, filter.at,
                              filter.open));
  return read_all(rows);
}

Result<std::int64_t> forget_sessions(pg::Tx& tx, Timestamp ended_before, int limit) {
  TRY(const auto done, tx.run(kForget, ended_before, limit));
  return done.affected();
}

Result<void> insert_radius_report(pg::Tx& tx, const RadiusReport& r) {
  return tx.queue(kInsertReport, r.at, to_string(r.kind), r.nas_address, r.nas_identifier, r.nas_port_id,
                  r.calling_station_id, r.user_name, r.accounting_id, r.certificate_serial, r.authority_key_id,
                  r.given_vlan, r.input_octets, r.output_octets, r.framed_addresses, r.terminate_cause);
}

Result<std::vector<RadiusReport>> take_radius_reports(pg::Tx& tx, int limit) {
  std::vector<RadiusReport> out;
  TRY(const auto turn, tx.run_one(kTakeTurn));
  if (!turn.boolean("mine")) return out;
  TRY(const auto rows, tx.run(kTakeReports, limit));
  for (const pg::Row row : rows) {
    RadiusReport r;
    r.at = row.timestamp("at");
    TRY(r.kind, parse_radius_report_kind(row.text("kind")));
    r.nas_address = row.text("nas_address");
    r.nas_identifier = row.text("nas_identifier");
    r.nas_port_id = row.text("nas_port_id");
    r.calling_station_id = row.text("calling_station_id");
    r.user_name = row.text("user_name");
    r.accounting_id = row.text("accounting_id");
    r.certificate_serial = row.text("certificate_serial");
    r.authority_key_id = row.text("authority_key_id");
    r.given_vlan = vlan_of(row);
    r.input_octets = row.integer("input_octets");
    r.output_octets = row.integer("output_octets");
    r.framed_addresses = row.texts("framed_addresses");
    r.terminate_cause = row.text("terminate_cause");
    out.push_back(std::move(r));
  }
  return out;
}

std::string radius_channel(std::string_view schema) { return std::string(schema) + "_radius"; }

}  // namespace pratique::network
