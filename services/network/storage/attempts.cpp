#include "services/network/storage/attempts.h"

#include <array>
#include <charconv>

#include "services/network/domain/field_check.h"

namespace pratique::network {
namespace {

// One statement for each filter that may lead; without one, the whole table is looked at, which is bounded.
#define ATTEMPT_LIST(lead)                                                                                           \
  "SELECT a.verdict, a.code, a.detail, a.device, s.id AS switch, coalesce(s.name, '') AS switch_name, p.id AS port," \
  " a.port_name, a.station, a.user_name, a.certificate_serial, a.authority_key_id, a.nas_identifier, a.nas_port_id," \
  " host(a.nas_address) AS nas_address, a.vlan, a.times, a.first_time, a.last_time, a.slot FROM radius_auth a"       \
  " LEFT JOIN switch s ON s.nas_address = a.nas_address LEFT JOIN port p ON p.switch = s.id AND p.name = a.port_name" \
  " WHERE " lead                                                                                                      \
  " AND ($1::timestamptz IS NULL OR "                                                                                \
  "(a.last_time, a.nas_address, a.port_name, a.verdict, a.slot) < ($1, $2::inet, $3, $4, $5::smallint))"             \
  " AND ($7::uuid IS NULL OR a.device = $7) AND ($8::uuid IS NULL OR s.id = $8) AND ($9::uuid IS NULL OR p.id = $9)" \
  " AND ($10::text IS NULL OR a.station = $10) AND ($11::text IS NULL OR a.verdict = $11)"                           \
  " AND ($12::timestamptz IS NULL OR a.last_time >= $12) AND ($13::timestamptz IS NULL OR a.last_time < $13)"        \
  " ORDER BY a.last_time DESC, a.nas_address DESC, a.port_name DESC, a.verdict DESC, a.slot DESC LIMIT $6"
constexpr pg::Statement kList{"attempt_list", ATTEMPT_LIST("true")};
constexpr pg::Statement kListByDevice{"attempt_list_by_device", ATTEMPT_LIST("a.device = $7")};
constexpr pg::Statement kListBySwitch{"attempt_list_by_switch", ATTEMPT_LIST("s.id = $8")};
constexpr pg::Statement kListByPort{"attempt_list_by_port", ATTEMPT_LIST("p.id = $9")};
constexpr pg::Statement kListByMac{"attempt_list_by_mac", ATTEMPT_LIST("a.station = $10")};
#undef ATTEMPT_LIST
// A row that was written anew meanwhile has another place and another time: it stays.
#define ATTEMPT_SWEEP(from)                                                                                          \
  "WITH looked AS MATERIALIZED (SELECT ctid AS place, nas_address, port_name, verdict, slot, last_time "             \
  "FROM radius_auth " from " ORDER BY nas_address, port_name, verdict, slot LIMIT $2), "                             \
  "gone AS (DELETE FROM radius_auth WHERE ctid = ANY (ARRAY(SELECT place FROM looked WHERE last_time < $1)) "        \
  "AND last_time < $1 RETURNING 1) "                                                                                 \
  "SELECT (SELECT count(*) FROM looked) AS looked, (SELECT count(*) FROM gone) AS gone, last.* FROM (VALUES (1)) v " \
  "LEFT JOIN (SELECT host(nas_address) AS nas_address, port_name, verdict, slot FROM looked "                        \
  "ORDER BY looked.nas_address DESC, port_name DESC, verdict DESC, slot DESC LIMIT 1) last ON true"
constexpr pg::Statement kSweepFirst{"attempt_sweep_first", ATTEMPT_SWEEP("")};
constexpr pg::Statement kSweepOn{"attempt_sweep_on", ATTEMPT_SWEEP(
    "WHERE (nas_address, port_name, verdict, slot) > ($3::inet, $4, $5, $6::smallint)")};
#undef ATTEMPT_SWEEP

constexpr std::string_view kAccept = "accept", kReject = "reject";

/// "<microseconds>|<NAS address>|<verdict>|<slot>|<port name>". A port's name may hold anything, so it is last.
struct Place {
  std::int64_t time = 0;
  std::string nas_address = {};
  std::string verdict = {};
  int slot = 0;
  std::string port_name = {};
};

std::string write_place(const Place& p) {
  return std::to_string(p.time) + '|' + p.nas_address + '|' + p.verdict + '|' + std::to_string(p.slot) + '|' +
         p.port_name;
}

template <typename T>
bool read_number(std::string_view text, T& out) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc{} && end == text.data() + text.size();
}

Result<Place> read_place(std::string_view text) {
  std::array<std::string_view, 4> parts;
  for (auto& part : parts) {
    const auto bar = text.find('|');
    if (bar == std::string_view::npos) return field_invalid("page_token", "is none of ours");
    part = text.substr(0, bar);
    text.remove_prefix(bar + 1);
  }
  Place out{.nas_address = std::string(parts[1]), .verdict = std::string(parts[2]), .port_name = std::string(text)};
  if (!read_number(parts[0], out.time) || !read_number(parts[3], out.slot))
    return field_invalid("page_token", "is none of ours");
  return out;
}

Timestamp time_of(const Place& place) { return Timestamp(std::chrono::microseconds(place.time)); }

Attempt read_attempt(const pg::Row& row) {
  Attempt out;
  out.accepted = row.text("verdict") == kAccept;
  out.code = row.text("code");
  out.detail = row.text("detail");
  out.device = row.optional_id<DeviceId>("device");
  out.on_switch = row.optional_id<SwitchId>("switch");
  out.switch_name = row.text("switch_name");
  out.port = row.optional_id<PortId>("port");
  out.port_name = row.text("port_name");
  out.station = row.text("station");
  out.user_name = row.text("user_name");
  out.certificate_serial = row.text("certificate_serial");
  out.authority_key_id = row.text("authority_key_id");
  out.nas_address = row.text("nas_address");
  out.nas_identifier = row.text("nas_identifier");
  out.nas_port_id = row.text("nas_port_id");
  if (const auto vlan = row.optional_integer("vlan")) out.vlan = static_cast<VlanId>(*vlan);
  out.times = row.integer("times");
  out.first_time = row.timestamp("first_time");
  out.last_time = row.timestamp("last_time");
  return out;
}

const pg::Statement& lead(const AttemptFilter& filter) {
  if (!filter.device.empty()) return kListByDevice;
  if (!filter.port.empty()) return kListByPort;
  if (filter.mac) return kListByMac;
  if (!filter.on_switch.empty()) return kListBySwitch;
  return kList;
}

}  // namespace

Result<std::vector<ListedAttempt>> list_attempts(pg::Tx& tx, const AttemptFilter& filter, std::string_view after,
                                                 int limit) {
  std::optional<Place> from;
  if (!after.empty()) {
    TRY(from, read_place(after));
  }
  const auto part = [&](auto member) { return from ? std::optional((*from).*member) : std::nullopt; };
  const auto mac = filter.mac ? std::optional(filter.mac->text()) : std::nullopt;
  const auto verdict = filter.accepted ? std::optional(*filter.accepted ? kAccept : kReject) : std::nullopt;
  TRY(const auto rows,
      tx.run(lead(filter), from ? std::optional(time_of(*from)) : std::nullopt, part(&Place::nas_address),
             part(&Place::port_name), part(&Place::verdict), part(&Place::slot), limit, filter.device, filter.on_switch,
             filter.port, mac, verdict, filter.from, filter.until));
  std::vector<ListedAttempt> out;
  for (const pg::Row row : rows) {
    auto attempt = read_attempt(row);
    const Place place{.time = attempt.last_time.time_since_epoch().count(), .nas_address = attempt.nas_address,
                      .verdict = row.text("verdict"), .slot = static_cast<int>(row.integer("slot")),
                      .port_name = attempt.port_name};
    out.push_back({std::move(attempt), write_place(place)});
  }
  return out;
}

Result<AttemptSweep> sweep_attempts(pg::Tx& tx, Timestamp before, std::string_view after, int limit) {
  const auto sweep = [&]() -> Result<pg::Row> {
    if (after.empty()) return tx.run_one(kSweepFirst, before, limit);
    TRY(const auto from, read_place(after));
    return tx.run_one(kSweepOn, before, limit, from.nas_address, from.port_name, from.verdict, from.slot);
  };
  TRY(const auto row, sweep());
  AttemptSweep out{.forgotten = row.integer("gone")};
  if (row.integer("looked") >= limit)
    out.last = write_place({.nas_address = row.text("nas_address"), .verdict = row.text("verdict"),
                            .slot = static_cast<int>(row.integer("slot")), .port_name = row.text("port_name")});
  return out;
}

}  // namespace pratique::network
