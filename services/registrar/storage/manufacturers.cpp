#include "services/registrar/storage/manufacturers.h"

#include <iterator>

#include "libs/base/hex.h"
#include "libs/crypto/primitives/digest.h"

namespace pratique::registrar {
namespace {

// Columns by name: an added one must not change what a prepared statement gives.
#define PRATIQUE_MANUFACTURER_COLUMNS \
  "id, display_name, wire_profile, masa_url, disabled, create_time, update_time, version"
#define PRATIQUE_ANCHOR_COLUMNS \
  "id, manufacturer, certificate, purposes, protocols, serial_pattern, start_time, end_time, create_time, remove_time"
constexpr pg::Statement kInsert{"manufacturer_insert", R"(
  INSERT INTO manufacturer (id, display_name, wire_profile, masa_url, disabled, create_time, update_time, version)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING)"};
constexpr pg::Statement kFind{"manufacturer_find",
                              "SELECT " PRATIQUE_MANUFACTURER_COLUMNS " FROM manufacturer WHERE id = $1"};
constexpr pg::Statement kName{"manufacturer_name", "SELECT display_name FROM manufacturer WHERE id = $1"};
constexpr pg::Statement kLock{
    "manufacturer_lock", "SELECT " PRATIQUE_MANUFACTURER_COLUMNS " FROM manufacturer WHERE id = $1 FOR NO KEY UPDATE"};
constexpr pg::Statement kNameTaken{"manufacturer_name_taken",
                                   "SELECT 1 FROM manufacturer WHERE display_name = $1 AND id <> $2"};
constexpr pg::Statement kUpdate{"manufacturer_update", R"(
  UPDATE manufacturer SET display_name = $2, wire_profile = $3, masa_url = $4, disabled = $5, update_time = $6,
         version = $7
  WHERE id = $1)"};
constexpr pg::Statement kList{
    "manufacturer_list",
    "SELECT " PRATIQUE_MANUFACTURER_COLUMNS
    R"( FROM manufacturer WHERE display_name COLLATE "C" > $1 ORDER BY display_name COLLATE "C" LIMIT $2)"};

constexpr pg::Statement kInsertAnchor{"trust_anchor_insert", R"(
  INSERT INTO trust_anchor (id, manufacturer, certificate, subject_key, certificate_key, purposes, protocols,
                            serial_pattern, start_time, end_time, create_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11))"};
constexpr pg::Statement kFindAnchor{"trust_anchor_find",
                                    "SELECT " PRATIQUE_ANCHOR_COLUMNS " FROM trust_anchor WHERE id = $1"};
constexpr pg::Statement kRemoveAnchor{"trust_anchor_remove", "UPDATE trust_anchor SET remove_time = $2 WHERE id = $1"};
constexpr pg::Statement kAnchorsOf{
    "trust_anchor_of", "SELECT " PRATIQUE_ANCHOR_COLUMNS
                       R"( FROM trust_anchor WHERE manufacturer = ANY ($1::uuid[]) ORDER BY manufacturer, id)"};
constexpr pg::Statement kMatching{
    "trust_anchor_matching",
    "SELECT " PRATIQUE_ANCHOR_COLUMNS
    R"(, disabled
  FROM trust_anchor a JOIN (SELECT id AS maker, disabled FROM manufacturer) m ON m.maker = a.manufacturer
  WHERE subject_key = ANY ($1::bytea[]) OR certificate_key = ANY ($2::bytea[]) ORDER BY id)"};
#undef PRATIQUE_ANCHOR_COLUMNS
#undef PRATIQUE_MANUFACTURER_COLUMNS

Result<TrustAnchor> read_anchor(const pg::Row& row) {
  TRY(auto certificate, crypto::Certificate::parse_der(row.bytes("certificate")).with_context("stored trust anchor"));
  TrustAnchor a{.id = row.id<TrustAnchorId>("id"), .manufacturer = row.id<ManufacturerId>("manufacturer"),
                .certificate = std::move(certificate)};
  for (const auto& word : row.texts("purposes"))
    if (const auto purpose = parse_anchor_purpose(word)) a.purposes.push_back(*purpose);
  a.protocols = row.texts("protocols");
  a.serial_pattern = row.text("serial_pattern");
  a.start_time = row.optional_timestamp("start_time");
  a.end_time = row.optional_timestamp("end_time");
  a.create_time = row.timestamp("create_time");
  a.remove_time = row.optional_timestamp("remove_time");
  return a;
}

Manufacturer read(const pg::Row& row) {
  Manufacturer m;
  m.id = row.id<ManufacturerId>("id");
  m.display_name = row.text("display_name");
  m.wire_profile = parse_wire_profile(row.text("wire_profile")).value_or(WireProfile::strict);
  m.masa_url = row.text("masa_url");
  m.disabled = row.boolean("disabled");
  m.create_time = row.timestamp("create_time");
  m.update_time = row.timestamp("update_time");
  m.version = row.integer("version");
  return m;
}

Result<void> add_anchors(pg::Tx& tx, std::vector<Manufacturer>& manufacturers) {
  std::vector<std::string> ids;
  for (const auto& m : manufacturers) ids.push_back(m.id.text());
  TRY(const auto rows, tx.run(kAnchorsOf, ids));
  for (const pg::Row row : rows) {
    TRY(auto anchor, read_anchor(row));
    for (auto& m : manufacturers)
      if (m.id == anchor.manufacturer) m.trust_anchors.push_back(anchor);
  }
  return {};
}

Error unknown(const ManufacturerId& id) {
  return not_found("MANUFACTURER_UNKNOWN", "no manufacturer '" + id.name() + "'").with("manufacturer", id.name());
}

Result<Manufacturer> with_anchors(pg::Tx& tx, const std::optional<pg::Row>& row, const ManufacturerId& id) {
  if (!row) return unknown(id);
  std::vector<Manufacturer> one{read(*row)};
  TRY_VOID(add_anchors(tx, one));
  return std::move(one.front());
}

Error exists(std::string_view name) {
  return Error{ErrorCode::already_exists, "MANUFACTURER_EXISTS", "another manufacturer has this display name"}.with(
      "display_name", name);
}

std::vector<std::string> bytea_texts(const std::vector<Bytes>& keys) {
  std::vector<std::string> out;
  for (const auto& key : keys) out.push_back("\\x" + hex_encode(key));
  return out;
}

}  // namespace

Result<void> insert_manufacturer(pg::Tx& tx, const Manufacturer& m) {
  TRY(const auto done, tx.run(kInsert, m.id, m.display_name, to_string(m.wire_profile), m.masa_url, m.disabled,
                              m.create_time, m.update_time, m.version));
  if (done.affected() == 0) return exists(m.display_name);
  return {};
}

Result<Manufacturer> get_manufacturer(pg::Tx& tx, const ManufacturerId& id) {
  TRY(const auto row, tx.find(kFind, id));
  return with_anchors(tx, row, id);
}

Result<std::string> get_manufacturer_name(pg::Tx& tx, const ManufacturerId& id) {
  TRY(const auto row, tx.find(kName, id));
  if (!row) return unknown(id);
  return row->text("display_name");
}

Result<Manufacturer> lock_manufacturer(pg::Tx& tx, const ManufacturerId& id) {
  TRY(const auto row, tx.find(kLock, id));
  return with_anchors(tx, row, id);
}

Result<void> update_manufacturer(pg::Tx& tx, Manufacturer& m) {
  TRY(const auto taken, tx.find(kNameTaken, m.display_name, m.id));
  if (taken) return exists(m.display_name);
  ++m.version;
  return tx.queue(kUpdate, m.id, m.display_name, to_string(m.wire_profile), m.masa_url, m.disabled, m.update_time,
                  m.version);
}

Result<std::vector<Manufacturer>> list_manufacturers(pg::Tx& tx, std::string_view after, int limit) {
  TRY(const auto rows, tx.run(kList, after, limit));
  std::vector<Manufacturer> out;
  for (const pg::Row row : rows) out.push_back(read(row));
  TRY_VOID(add_anchors(tx, out));
  return out;
}

Result<void> insert_trust_anchor(pg::Tx& tx, const TrustAnchor& a) {
  std::vector<std::string> purposes;
  for (const auto purpose : a.purposes) purposes.emplace_back(to_string(purpose));
  return tx.queue(kInsertAnchor, a.id, a.manufacturer, a.certificate.der(), crypto::sha256(a.certificate.subject_der()),
                  a.certificate.fingerprint_sha256(), purposes, a.protocols, a.serial_pattern, a.start_time, a.end_time,
                  a.create_time);
}

Result<TrustAnchor> get_trust_anchor(pg::Tx& tx, const TrustAnchorId& id) {
  TRY(const auto row, tx.find(kFindAnchor, id));
  if (!row)
    return not_found("TRUST_ANCHOR_UNKNOWN", "no trust anchor '" + id.name() + "'").with("trust_anchor", id.name());
  return read_anchor(*row);
}

Result<void> remove_trust_anchor(pg::Tx& tx, const TrustAnchorId& id, Timestamp now) {
  return tx.queue(kRemoveAnchor, id, now);
}

Result<std::vector<KnownAnchor>> find_anchors(pg::Tx& tx, const Idevid& idevid) {
  TRY(const auto rows, tx.run(kMatching, bytea_texts(anchor_subject_keys(idevid)),
                              bytea_texts(anchor_certificate_keys(idevid))));
  std::vector<KnownAnchor> out;
  for (const pg::Row row : rows) {
    TRY(auto anchor, read_anchor(row));
    out.push_back({std::move(anchor), row.boolean("disabled")});
  }
  return out;
}

}  // namespace pratique::registrar
