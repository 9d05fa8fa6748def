#include "services/network/storage/sites.h"

namespace pratique::network {
namespace {

#define PRATIQUE_SITE_COLUMNS "id, name, display_name, create_time, update_time, version"
constexpr pg::Statement kInsertSite{"site_insert", "INSERT INTO site (" PRATIQUE_SITE_COLUMNS
                                    ") VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"};
constexpr pg::Statement kFindSite{"site_find", "SELECT " PRATIQUE_SITE_COLUMNS " FROM site WHERE id = $1"};
constexpr pg::Statement kLockSite{"site_lock",
                                  "SELECT " PRATIQUE_SITE_COLUMNS " FROM site WHERE id = $1 FOR UPDATE"};
constexpr pg::Statement kHoldSite{"site_hold", "SELECT 1 FROM site WHERE id = $1 FOR KEY SHARE"};
constexpr pg::Statement kSiteTaken{"site_taken", "SELECT 1 FROM site WHERE name = $1 AND id <> $2"};
constexpr pg::Statement kUpdateSite{
    "site_update", "UPDATE site SET name = $2, display_name = $3, update_time = $4, version = $5 WHERE id = $1"};
constexpr pg::Statement kSiteInUse{"site_in_use", R"(
  SELECT EXISTS (SELECT FROM switch WHERE site = $1) AS switches, EXISTS (SELECT FROM wlan WHERE site = $1) AS wlans)"};
constexpr pg::Statement kDeleteSite{"site_delete", "DELETE FROM site WHERE id = $1"};
constexpr pg::Statement kListSites{"site_list",
                                   "SELECT " PRATIQUE_SITE_COLUMNS " FROM site WHERE name > $1 ORDER BY name LIMIT $2"};
#undef PRATIQUE_SITE_COLUMNS

#define PRATIQUE_SEGMENT_COLUMNS "id, name, display_name, vlan, purpose, create_time, update_time, version"
constexpr pg::Statement kInsertSegment{"segment_insert", "INSERT INTO segment (" PRATIQUE_SEGMENT_COLUMNS
                                       ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING"};
constexpr pg::Statement kFindSegment{"segment_find", "SELECT " PRATIQUE_SEGMENT_COLUMNS " FROM segment WHERE id = $1"};
constexpr pg::Statement kLockSegment{
    "segment_lock", "SELECT " PRATIQUE_SEGMENT_COLUMNS " FROM segment WHERE id = $1 FOR UPDATE"};
constexpr pg::Statement kHoldSegment{"segment_hold",
                                     "SELECT " PRATIQUE_SEGMENT_COLUMNS " FROM segment WHERE id = $1 FOR KEY SHARE"};
constexpr pg::Statement kSegmentTaken{"segment_taken",
                                      "SELECT 1 FROM segment WHERE (name = $1 OR vlan = $2) AND id <> $3"};
constexpr pg::Statement kUpdateSegment{
    "segment_update",
    "UPDATE segment SET name = $2, display_name = $3, vlan = $4, update_time = $5, version = $6 WHERE id = $1"};
constexpr pg::Statement kSegmentInUse{"segment_in_use", R"(
  SELECT EXISTS (SELECT FROM port WHERE fixed_segment = $1) AS ports,
         EXISTS (SELECT FROM wlan WHERE segment = $1) AS wlans)"};
constexpr pg::Statement kDeleteSegment{"segment_delete", "DELETE FROM segment WHERE id = $1"};
constexpr pg::Statement kListSegments{
    "segment_list", "SELECT " PRATIQUE_SEGMENT_COLUMNS " FROM segment WHERE name > $1 ORDER BY name LIMIT $2"};
constexpr pg::Statement kAllSegments{"segment_all", "SELECT " PRATIQUE_SEGMENT_COLUMNS " FROM segment"};
#undef PRATIQUE_SEGMENT_COLUMNS

Site read_site(const pg::Row& row) {
  return {row.id<SiteId>("id"), row.text("name"), row.text("display_name"), row.timestamp("create_time"),
          row.timestamp("update_time"), row.integer("version")};
}

Result<Segment> read_segment(const pg::Row& row) {
  Segment out;
  out.id = row.id<SegmentId>("id");
  out.name = row.text("name");
  out.display_name = row.text("display_name");
  out.vlan = static_cast<VlanId>(row.integer("vlan"));
  TRY(out.purpose, parse_segment_purpose(row.text("purpose")));
  out.create_time = row.timestamp("create_time");
  out.update_time = row.timestamp("update_time");
  out.version = row.integer("version");
  return out;
}

Error site_unknown(const SiteId& id) {
  return not_found("SITE_UNKNOWN", "no site '" + id.name() + "'").with("site", id.name());
}

Result<Site> site_of(const std::optional<pg::Row>& row, const SiteId& id) {
  if (!row) return site_unknown(id);
  return read_site(*row);
}

Result<Segment> segment_of(const std::optional<pg::Row>& row, const SegmentId& id) {
  if (!row) return not_found("SEGMENT_UNKNOWN", "no segment '" + id.name() + "'").with("segment", id.name());
  return read_segment(*row);
}

}  // namespace

Result<bool> insert_site(pg::Tx& tx, const Site& s) {
  TRY(const auto done, tx.run(kInsertSite, s.id, s.name, s.display_name, s.create_time, s.update_time, s.version));
  return done.affected() == 1;
}

Result<Site> get_site(pg::Tx& tx, const SiteId& id) {
  TRY(const auto row, tx.find(kFindSite, id));
  return site_of(row, id);
}

Result<Site> lock_site(pg::Tx& tx, const SiteId& id) {
  TRY(const auto row, tx.find(kLockSite, id));
  return site_of(row, id);
}

Result<void> hold_site(pg::Tx& tx, const SiteId& id) {
  TRY(const auto row, tx.find(kHoldSite, id));
  if (!row) return site_unknown(id);
  return {};
}

Result<void> update_site(pg::Tx& tx, Site& s) {
  TRY(const auto taken, tx.find(kSiteTaken, s.name, s.id));
  if (taken) return Error{ErrorCode::already_exists, "SITE_EXISTS", "there is a site '" + s.name + "'"};
  ++s.version;
  return tx.queue(kUpdateSite, s.id, s.name, s.display_name, s.update_time, s.version);
}

Result<void> delete_site(pg::Tx& tx, const SiteId& id) {
  TRY(const auto row, tx.run_one(kSiteInUse, id));
  if (row.boolean("switches")) return failed_precondition("SITE_IN_USE", "switches stand at this site");
  if (row.boolean("wlans")) return failed_precondition("SITE_IN_USE", "WLANs are at this site");
  return tx.queue(kDeleteSite, id);
}

Result<std::vector<Site>> list_sites(pg::Tx& tx, std::string_view after, int limit) {
  TRY(const auto rows, tx.run(kListSites, after, limit));
  std::vector<Site> out;
  for (const pg::Row row : rows) out.push_back(read_site(row));
  return out;
}

Result<bool> insert_segment(pg::Tx& tx, const Segment& s) {
  TRY(const auto done, tx.run(kInsertSegment, s.id, s.name, s.display_name, s.vlan, to_string(s.purpose), s.create_time,
                              s.update_time, s.version));
  return done.affected() == 1;
}

Result<Segment> get_segment(pg::Tx& tx, const SegmentId& id) {
  TRY(const auto row, tx.find(kFindSegment, id));
  return segment_of(row, id);
}

Result<Segment> lock_segment(pg::Tx& tx, const SegmentId& id) {
  TRY(const auto row, tx.find(kLockSegment, id));
  return segment_of(row, id);
}

Result<Segment> hold_segment(pg::Tx& tx, const SegmentId& id) {
  TRY(const auto row, tx.find(kHoldSegment, id));
  return segment_of(row, id);
}

Result<void> update_segment(pg::Tx& tx, Segment& s) {
  TRY(const auto taken, tx.find(kSegmentTaken, s.name, s.vlan, s.id));
  if (taken)
    return Error{ErrorCode::already_exists, "SEGMENT_EXISTS", "another segment has this name or this VLAN"};
  ++s.version;
  return tx.queue(kUpdateSegment, s.id, s.name, s.display_name, s.vlan, s.update_time, s.version);
}

Result<void> delete_segment(pg::Tx& tx, const SegmentId& id) {
  TRY(const auto row, tx.run_one(kSegmentInUse, id));
  if (row.boolean("ports")) return failed_precondition("SEGMENT_IN_USE", "a port is fixed to this segment");
  if (row.boolean("wlans")) return failed_precondition("SEGMENT_IN_USE", "a WLAN leads into this segment");
  return tx.queue(kDeleteSegment, id);
}

Result<std::vector<Segment>> list_segments(pg::Tx& tx, std::string_view after, int limit) {
  TRY(const auto rows, tx.run(kListSegments, after, limit));
  std::vector<Segment> out;
  for (const pg::Row row : rows) {
    TRY(auto segment, read_segment(row));
    out.push_back(std::move(segment));
  }
  return out;
}

Result<SiteSegments> load_segments(pg::Tx& tx) {
  TRY(const auto rows, tx.run(kAllSegments));
  SiteSegments out;
  for (const pg::Row row : rows) {
    TRY(const auto segment, read_segment(row));
    switch (segment.purpose) {
      case SegmentPurpose::onboarding: out.onboarding = segment.vlan; break;
      case SegmentPurpose::quarantine: out.quarantine = segment.vlan; break;
      case SegmentPurpose::production: out.production[segment.name] = segment.vlan; break;
    }
  }
  if (out.onboarding == 0 || out.quarantine == 0)
    return internal("SEGMENT_SPECIAL_MISSING", "the onboarding or the quarantine segment is gone");
  return out;
}

Result<SegmentNames> load_segment_names(pg::Tx& tx) {
  TRY(const auto rows, tx.run(kAllSegments));
  SegmentNames out;
  for (const pg::Row row : rows) {
    TRY(auto segment, read_segment(row));
    out.emplace(segment.vlan, std::move(segment.name));
  }
  return out;
}

std::string name_at(const SegmentNames& names, std::optional<VlanId> vlan) {
  const auto found = vlan ? names.find(*vlan) : names.end();
  return found != names.end() ? found->second : std::string();
}

}  // namespace pratique::network
