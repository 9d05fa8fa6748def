#include "services/network/storage/wlans.h"

namespace pratique::network {
namespace {

#define PRATIQUE_WLAN_COLUMNS \
  "id, name, display_name, site, ssid, security, segment, enabled, create_time, update_time, version"
constexpr pg::Statement kInsert{"wlan_insert", "INSERT INTO wlan (" PRATIQUE_WLAN_COLUMNS
                                ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING"};
constexpr pg::Statement kFind{"wlan_find", "SELECT " PRATIQUE_WLAN_COLUMNS " FROM wlan WHERE id = $1"};
constexpr pg::Statement kLock{"wlan_lock",
                              "SELECT " PRATIQUE_WLAN_COLUMNS " FROM wlan WHERE id = $1 FOR NO KEY UPDATE"};
constexpr pg::Statement kTaken{"wlan_taken",
                               "SELECT 1 FROM wlan WHERE (name = $1 OR (site = $2 AND ssid = $3)) AND id <> $4"};
constexpr pg::Statement kUpdate{"wlan_update", R"(
  UPDATE wlan SET name = $2, display_name = $3, site = $4, ssid = $5, security = $6, segment = $7, enabled = $8,
         update_time = $9, version = $10 WHERE id = $1)"};
constexpr pg::Statement kDelete{"wlan_delete", "DELETE FROM wlan WHERE id = $1"};
constexpr pg::Statement kList{"wlan_list", "SELECT " PRATIQUE_WLAN_COLUMNS R"( FROM wlan
  WHERE name > $1 AND ($3::uuid IS NULL OR site = $3) AND ($4::uuid IS NULL OR segment = $4)
  ORDER BY name LIMIT $2)"};
#undef PRATIQUE_WLAN_COLUMNS

Result<Wlan> read(const pg::Row& row) {
  Wlan out;
  out.id = row.id<WlanId>("id");
  out.name = row.text("name");
  out.display_name = row.text("display_name");
  out.site = row.id<SiteId>("site");
  out.ssid = row.bytes("ssid");
  TRY(out.security, parse_wlan_security(row.text("security")));
  out.segment = row.optional_id<SegmentId>("segment");
  out.enabled = row.boolean("enabled");
  out.create_time = row.timestamp("create_time");
  out.update_time = row.timestamp("update_time");
  out.version = row.integer("version");
  return out;
}

Result<Wlan> wlan_of(const std::optional<pg::Row>& row, const WlanId& id) {
  if (!row) return not_found("WLAN_UNKNOWN", "no WLAN '" + id.name() + "'").with("wlan", id.name());
  return read(*row);
}

}  // namespace

Result<bool> insert_wlan(pg::Tx& tx, const Wlan& w) {
  TRY(const auto done, tx.run(kInsert, w.id, w.name, w.display_name, w.site, w.ssid, to_string(w.security), w.segment,
                              w.enabled, w.create_time, w.update_time, w.version));
  return done.affected() == 1;
}

Result<Wlan> get_wlan(pg::Tx& tx, const WlanId& id) {
  TRY(const auto row, tx.find(kFind, id));
  return wlan_of(row, id);
}

Result<Wlan> lock_wlan(pg::Tx& tx, const WlanId& id) {
  TRY(const auto row, tx.find(kLock, id));
  return wlan_of(row, id);
}

Result<void> update_wlan(pg::Tx& tx, Wlan& w) {
  TRY(const auto taken, tx.find(kTaken, w.name, w.site, w.ssid, w.id));
  if (taken)
    return Error{ErrorCode::already_exists, "WLAN_EXISTS", "another WLAN has this name, or this SSID at the site"};
  ++w.version;
  return tx.queue(kUpdate, w.id, w.name, w.display_name, w.site, w.ssid, to_string(w.security), w.segment, w.enabled,
                  w.update_time, w.version);
}

Result<void> delete_wlan(pg::Tx& tx, const WlanId& id) { return tx.queue(kDelete, id); }

Result<std::vector<Wlan>> list_wlans(pg::Tx& tx, const WlanFilter& filter, std::string_view after, int limit) {
  TRY(const auto rows, tx.run(kList, after, limit, filter.site, filter.segment));
  std::vector<Wlan> out;
  for (const pg::Row row : rows) {
    TRY(auto wlan, read(row));
    out.push_back(std::move(wlan));
  }
  return out;
}

}  // namespace pratique::network
