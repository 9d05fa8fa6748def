#include "services/network/storage/switches.h"

#include "services/network/storage/sites.h"

namespace pratique::network {
namespace {

#define PRATIQUE_SWITCH_COLUMNS                                                                                  \
  "id, site, name, display_name, kind, settings::text AS settings, host(nas_address) AS nas_address, "           \
  "nas_identifier, enabled, radius_secret IS NOT NULL AS has_secret, last_seen_time, problem, problem_message, " \
  "problem_since, create_time, update_time, version"
constexpr pg::Statement kInsert{"switch_insert", R"(
  WITH put AS (INSERT INTO switch (id, site, name, display_name, kind, settings, nas_address, nas_identifier, enabled,
                                   create_time, update_time, version)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING RETURNING id)
  SELECT count(*) AS number FROM put)"};
constexpr pg::Statement kInsertLease{"switch_insert_lease", "INSERT INTO switch_lease (switch) VALUES ($1)"};
constexpr pg::Statement kFind{"switch_find", "SELECT " PRATIQUE_SWITCH_COLUMNS " FROM switch WHERE id = $1"};
constexpr pg::Statement kLock{"switch_lock",
                              "SELECT " PRATIQUE_SWITCH_COLUMNS " FROM switch WHERE id = $1 FOR NO KEY UPDATE"};
constexpr pg::Statement kTaken{"switch_taken",
                               "SELECT 1 FROM switch WHERE (name = $1 OR nas_address = $2) AND id <> $3"};
constexpr pg::Statement kUpdate{"switch_update", R"(
  UPDATE switch SET site = $2, name = $3, display_name = $4, settings = $5, nas_address = $6, nas_identifier = $7,
         enabled = $8, update_time = $9, version = $10 WHERE id = $1)"};
constexpr pg::Statement kInUse{"switch_in_use", "SELECT EXISTS (SELECT FROM port WHERE switch = $1) AS used"};
constexpr pg::Statement kDelete{"switch_delete", "DELETE FROM switch WHERE id = $1"};
constexpr pg::Statement kList{"switch_list", "SELECT " PRATIQUE_SWITCH_COLUMNS R"( FROM switch
  WHERE name > $1 AND ($3::uuid IS NULL OR site = $3) AND ($4::text IS NULL OR kind = $4) AND (NOT $5 OR problem <> '')
  ORDER BY name LIMIT $2)"};
#undef PRATIQUE_SWITCH_COLUMNS
constexpr pg::Statement kSetSecret{
    "switch_set_secret", "UPDATE switch SET radius_secret = $2, radius_secret_for_server = $3 WHERE id = $1"};
constexpr pg::Statement kLoadSecret{"switch_load_secret",
                                    "SELECT radius_secret, radius_secret_for_server FROM switch WHERE id = $1"};
// What was noted before, and the new note, in one step. (A WITH of a locking SELECT beside an UPDATE would not do:
// which of the two comes first is open, and the other then finds no row.)
constexpr pg::Statement kAnswered{"switch_answered", R"(
  UPDATE switch s SET last_seen_time = $2, problem = '', problem_message = '', problem_since = NULL
  FROM (SELECT id, problem FROM switch WHERE id = $1 FOR NO KEY UPDATE) before
  WHERE s.id = before.id RETURNING before.problem)"};
constexpr pg::Statement kTroubled{"switch_troubled", R"(
  UPDATE switch s SET problem = $2, problem_message = $3,
         problem_since = CASE WHEN before.problem = $2 THEN s.problem_since ELSE $4 END
  FROM (SELECT id, problem FROM switch WHERE id = $1 FOR NO KEY UPDATE) before
  WHERE s.id = before.id RETURNING before.problem)"};

Result<Switch> read(const pg::Row& row) {
  Switch out;
  out.id = row.id<SwitchId>("id");
  out.site = row.id<SiteId>("site");
  out.name = row.text("name");
  out.display_name = row.text("display_name");
  TRY(out.kind, parse_switch_kind(row.text("kind")));
  out.settings = row.text("settings");
  if (const auto address = row.optional_text("nas_address")) {
    TRY(out.nas_address, IpAddress::parse(*address));
  }
  out.nas_identifier = row.text("nas_identifier");
  out.enabled = row.boolean("enabled");
  out.has_secret = row.boolean("has_secret");
  out.last_seen_time = row.optional_timestamp("last_seen_time");
  out.problem = row.text("problem");
  out.problem_message = row.text("problem_message");
  out.problem_since = row.optional_timestamp("problem_since");
  out.create_time = row.timestamp("create_time");
  out.update_time = row.timestamp("update_time");
  out.version = row.integer("version");
  return out;
}

Error unknown(const SwitchId& id) {
  return not_found("SWITCH_UNKNOWN", "no switch '" + id.name() + "'").with("switch", id.name());
}

std::optional<std::string> address_text(const Switch& s) {
  return s.nas_address ? std::optional(s.nas_address->text()) : std::nullopt;
}

}  // namespace

Result<bool> insert_switch(pg::Tx& tx, const Switch& s) {
  TRY_VOID(hold_site(tx, s.site));
  TRY(const auto done,
      tx.run_one(kInsert, s.id, s.site, s.name, s.display_name, to_string(s.kind), s.settings, address_text(s),
                 s.nas_identifier, s.enabled, s.create_time, s.update_time, s.version));
  if (done.integer("number") == 0) return false;
  TRY_VOID(tx.queue(kInsertLease, s.id));
  return true;
}

Result<Switch> get_switch(pg::Tx& tx, const SwitchId& id) {
  TRY(const auto row, tx.find(kFind, id));
  if (!row) return unknown(id);
  return read(*row);
}

Result<Switch> lock_switch(pg::Tx& tx, const SwitchId& id) {
  TRY(const auto row, tx.find(kLock, id));
  if (!row) return unknown(id);
  return read(*row);
}

Result<void> update_switch(pg::Tx& tx, Switch& s) {
  TRY_VOID(hold_site(tx, s.site));
  TRY(const auto taken, tx.find(kTaken, s.name, address_text(s), s.id));
  if (taken)
    return Error{ErrorCode::already_exists, "SWITCH_EXISTS", "another switch has this name or this NAS address"};
  ++s.version;
  return tx.queue(kUpdate, s.id, s.site, s.name, s.display_name, s.settings, address_text(s), s.nas_identifier,
                  s.enabled, s.update_time, s.version);
}

Result<void> delete_switch(pg::Tx& tx, const SwitchId& id) {
  TRY(const auto row, tx.run_one(kInUse, id));
  if (row.boolean("used")) return failed_precondition("SWITCH_IN_USE", "the switch has ports; delete them first");
  return tx.queue(kDelete, id);
}

Result<std::vector<Switch>> list_switches(pg::Tx& tx, const SwitchFilter& filter, std::string_view after, int limit) {
  const auto kind = filter.kind ? std::optional(std::string(to_string(*filter.kind))) : std::nullopt;
  TRY(const auto rows, tx.run(kList, after, limit, filter.site, kind, filter.troubled));
  std::vector<Switch> out;
  for (const pg::Row row : rows) {
    TRY(auto one, read(row));
    out.push_back(std::move(one));
  }
  return out;
}

Result<void> set_switch_secret(pg::Tx& tx, const SwitchId& id, const SwitchSecret& secret) {
  const auto unless_empty = [](const Bytes& bytes) { return bytes.empty() ? std::nullopt : std::optional(bytes); };
  return tx.queue(kSetSecret, id, unless_empty(secret.sealed), unless_empty(secret.for_server));
}

Result<SwitchSecret> load_switch_secret(pg::Tx& tx, const SwitchId& id) {
  TRY(const auto row, tx.find(kLoadSecret, id));
  if (!row) return unknown(id);
  return SwitchSecret{row->optional_bytes("radius_secret").value_or(Bytes{}),
                      row->optional_bytes("radius_secret_for_server").value_or(Bytes{})};
}

Result<bool> switch_answered(pg::Tx& tx, const SwitchId& id, Timestamp now) {
  TRY(const auto row, tx.find(kAnswered, id, now));
  return row && !row->text("problem").empty();
}

Result<bool> switch_troubled(pg::Tx& tx, const SwitchId& id, std::string_view problem, std::string_view message,
                             Timestamp now) {
  TRY(const auto row, tx.find(kTroubled, id, problem, message, now));
  return row && row->text("problem") != problem;
}

}  // namespace pratique::network
