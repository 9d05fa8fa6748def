#include "services/registrar/storage/devices.h"

#include "libs/pg/facts.h"
#include "services/registrar/storage/approvals.h"

namespace pratique::registrar {
namespace {

// Columns by name: an added one must not change what a prepared statement gives.
#define PRATIQUE_DEVICE_COLUMNS \
  "id, manufacturer, serial_number, model, state, authorized, credential_revoked, display_name, location, segment, " \
  "credential_profile, labels, granted_segment, granted_profile, idevid_fingerprint, mud_url, decision, credential, " \
  "onboarding_count, last_seen_time, create_time, update_time, version"
constexpr pg::Statement kInsert{"device_insert", R"(
  INSERT INTO device (id, manufacturer, serial_number, model, state, authorized, credential_revoked, display_name,
                      location, segment, credential_profile, labels, granted_segment, granted_profile,
                      idevid_fingerprint, mud_url, decision, credential, onboarding_count, last_seen_time,
                      create_time, update_time, version)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
  ON CONFLICT (manufacturer, serial_number) WHERE state <> 'retired' DO NOTHING)"};
constexpr pg::Statement kUpdate{"device_update", R"(
  UPDATE device SET model = $2, state = $3, authorized = $4, credential_revoked = $5, display_name = $6, location = $7,
         segment = $8, credential_profile = $9, labels = $10, granted_segment = $11, granted_profile = $12,
         idevid_fingerprint = $13, mud_url = $14, decision = $15, credential = $16, onboarding_count = $17,
         last_seen_time = $18, update_time = $19, version = $20
  WHERE id = $1)"};
constexpr pg::Statement kLockSeen{"device_lock_seen", "UPDATE device SET last_seen_time = $2 WHERE id = $1 RETURNING "
                                  PRATIQUE_DEVICE_COLUMNS};
constexpr pg::Statement kTouch{"device_touch", "UPDATE device SET last_seen_time = $2 WHERE id = $1"};

constexpr pg::Statement kFind{"device_find", "SELECT " PRATIQUE_DEVICE_COLUMNS " FROM device WHERE id = $1"};
constexpr pg::Statement kLock{"device_lock",
                              "SELECT " PRATIQUE_DEVICE_COLUMNS " FROM device WHERE id = $1 FOR NO KEY UPDATE"};
constexpr pg::Statement kLockAtDoor{"device_lock_at_door",
                                    "SELECT " PRATIQUE_DEVICE_COLUMNS
                                    R"( FROM device WHERE manufacturer = $1 AND serial_number = $2
  ORDER BY state = 'retired', id DESC LIMIT 1 FOR NO KEY UPDATE)"};
constexpr pg::Statement kFindBySerial{
    "device_find_by_serial", "SELECT " PRATIQUE_DEVICE_COLUMNS
                             R"( FROM device WHERE serial_number = $1 ORDER BY state = 'retired', id DESC LIMIT $2)"};

// One statement for each filter that may lead: it walks that filter's index from the newest on, and the others only
// sift. A single statement for all could be planned for none of them.
#define PRATIQUE_DEVICE_SIFT                                                                                       \
  " AND ($1::uuid IS NULL OR id < $1) AND ($3::text IS NULL OR state = $3)"                                        \
  " AND ($4::uuid IS NULL OR manufacturer = $4) AND ($5::text IS NULL OR effective_segment = $5)"                  \
  " AND ($6::text IS NULL OR strpos(search_text, $6) > 0) ORDER BY id DESC LIMIT $2"
constexpr pg::Statement kList{"device_list",
                              "SELECT " PRATIQUE_DEVICE_COLUMNS " FROM device WHERE true" PRATIQUE_DEVICE_SIFT};
constexpr pg::Statement kListByState{
    "device_list_by_state", "SELECT " PRATIQUE_DEVICE_COLUMNS " FROM device WHERE state = $3" PRATIQUE_DEVICE_SIFT};
constexpr pg::Statement kListByManufacturer{"device_list_by_manufacturer",
                                            "SELECT " PRATIQUE_DEVICE_COLUMNS
                                            " FROM device WHERE manufacturer = $4" PRATIQUE_DEVICE_SIFT};
constexpr pg::Statement kListBySegment{"device_list_by_segment",
                                       "SELECT " PRATIQUE_DEVICE_COLUMNS
                                       " FROM device WHERE effective_segment = $5" PRATIQUE_DEVICE_SIFT};
constexpr pg::Statement kListBySearch{"device_list_by_search",
                                      "SELECT " PRATIQUE_DEVICE_COLUMNS
                                      " FROM device WHERE grams(search_text) @> grams($6)" PRATIQUE_DEVICE_SIFT};
#undef PRATIQUE_DEVICE_SIFT
constexpr pg::Statement kLower{"device_search_lower", "SELECT lower($1::text) AS text"};
constexpr std::size_t kGramLength = 3;
#undef PRATIQUE_DEVICE_COLUMNS

Result<Device> read(const pg::Row& row) {
  Device d;
  d.id = row.id<DeviceId>("id");
  d.manufacturer = row.id<ManufacturerId>("manufacturer");
  d.serial_number = row.text("serial_number");
  d.model = row.text("model");
  const auto state = parse_device_state(row.text("state"));
  if (!state) return internal("DEVICE_ROW_DEFECT", "unknown device state '" + row.text("state") + "'");
  d.state = *state;
  d.authorized = row.boolean("authorized");
  d.credential_revoked = row.boolean("credential_revoked");
  d.display_name = row.text("display_name");
  d.location = row.text("location");
  d.segment = row.text("segment");
  d.credential_profile = row.text("credential_profile");
  TRY(d.labels, pg::parse_facts(row.text("labels")));
  d.granted_segment = row.text("granted_segment");
  d.granted_profile = row.text("granted_profile");
  d.idevid_fingerprint = row.text("idevid_fingerprint");
  d.mud_url = row.text("mud_url");
  d.decision = row.optional_id<DecisionId>("decision");
  d.credential = row.optional_id<CredentialId>("credential");
  d.onboarding_count = static_cast<std::int32_t>(row.integer("onboarding_count"));
  d.last_seen_time = row.optional_timestamp("last_seen_time");
  d.create_time = row.timestamp("create_time");
  d.update_time = row.timestamp("update_time");
  d.version = row.integer("version");
  return d;
}

Result<std::vector<Device>> read_all(const pg::Rows& rows) {
  std::vector<Device> out;
  for (const pg::Row row : rows) {
    TRY(auto device, read(row));
    out.push_back(std::move(device));
  }
  return out;
}

Result<std::optional<Device>> read_optional(const std::optional<pg::Row>& row) {
  if (!row) return std::optional<Device>{};
  TRY(auto device, read(*row));
  return std::optional<Device>{std::move(device)};
}

Error unknown(const DeviceId& id) {
  return not_found("DEVICE_UNKNOWN", "no device '" + id.name() + "'").with("device", id.name());
}

const pg::Statement& lead(const DeviceFilter& filter) {
  if (filter.search.size() >= kGramLength) return kListBySearch;
  if (!filter.manufacturer.empty()) return kListByManufacturer;
  if (!filter.segment.empty()) return kListBySegment;
  if (filter.state) return kListByState;
  return kList;
}

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

Result<bool> insert_device(pg::Tx& tx, const Device& d) {
  TRY(const auto done, tx.run(kInsert, d.id, d.manufacturer, d.serial_number, d.model, to_string(d.state), d.authorized,
                              d.credential_revoked, d.display_name, d.location, d.segment, d.credential_profile,
                              pg::encode_facts(d.labels), d.granted_segment, d.granted_profile, d.idevid_fingerprint,
                              d.mud_url, d.decision, d.credential, d.onboarding_count, d.last_seen_time, d.create_time,
                              d.update_time, d.version));
  return done.affected() == 1;
}

Result<std::optional<Device>> find_device(pg::Tx& tx, const DeviceId& id) {
  TRY(const auto row, tx.find(kFind, id));
  return read_optional(row);
}

Result<Device> get_device(pg::Tx& tx, const DeviceId& id) {
  TRY(auto device, find_device(tx, id));
  if (!device) return unknown(id);
  return *std::move(device);
}

Result<Device> lock_device(pg::Tx& tx, const DeviceId& id) {
  TRY(const auto row, tx.find(kLock, id));
  if (!row) return unknown(id);
  return read(*row);
}

Result<Device> lock_seen_device(pg::Tx& tx, const DeviceId& id, Timestamp now) {
  TRY(const auto row, tx.find(kLockSeen, id, now));
  if (!row) return unknown(id);
  return read(*row);
}

Result<std::optional<Device>> lock_device_at_door(pg::Tx& tx, const ManufacturerId& manufacturer,
                                                  std::string_view serial_number) {
  TRY(const auto row, tx.find(kLockAtDoor, manufacturer, serial_number));
  return read_optional(row);
}

Result<std::vector<Device>> find_devices(pg::Tx& tx, std::string_view serial_number, int limit) {
  TRY(const auto rows, tx.run(kFindBySerial, serial_number, limit));
  return read_all(rows);
}

Result<void> update_device(pg::Tx& tx, Device& d) {
  ++d.version;
  return tx.queue(kUpdate, d.id, d.model, to_string(d.state), d.authorized, d.credential_revoked, d.display_name,
                  d.location, d.segment, d.credential_profile, pg::encode_facts(d.labels), d.granted_segment,
                  d.granted_profile, d.idevid_fingerprint, d.mud_url, d.decision, d.credential, d.onboarding_count,
                  d.last_seen_time, d.update_time, d.version);
}

Result<void> touch_device(pg::Tx& tx, const DeviceId& id, Timestamp now) {
  return tx.queue(kTouch, id, now);
}

Result<Device> admit_device(pg::Tx& tx, const DeviceId& id, const CredentialId& credential, Timestamp now) {
  TRY(auto device, lock_device(tx, id));
  const bool first = device.state == DeviceState::onboarding;
  TRY(device.state, next_state(device.state, DeviceEvent::admit));
  device.credential = credential;
  device.last_seen_time = device.update_time = now;
  if (first) {
    ++device.onboarding_count;
    TRY_VOID(close_approvals(tx, id, now));
  }
  TRY_VOID(update_device(tx, device));
  return device;
}

Result<Device> set_device_credential(pg::Tx& tx, const DeviceId& id, const CredentialId& credential, Timestamp now) {
  TRY(auto device, lock_device(tx, id));
  device.credential = credential;
  device.last_seen_time = device.update_time = now;
  TRY_VOID(update_device(tx, device));
  return device;
}

Result<Device> mark_credential_revoked(pg::Tx& tx, const DeviceId& id, Timestamp now) {
  TRY(auto device, lock_device(tx, id));
  device.credential_revoked = true;
  device.update_time = now;
  TRY_VOID(update_device(tx, device));
  return device;
}

Result<std::vector<Device>> list_devices(pg::Tx& tx, const DeviceFilter& filter, const DeviceId& after, int limit) {
  TRY(const auto lowered, tx.run_one(kLower, filter.search));
  const auto state = filter.state ? std::optional(std::string(to_string(*filter.state))) : std::nullopt;
  TRY(const auto rows, tx.run(lead(filter), after, limit, state, filter.manufacturer, unless_empty(filter.segment),
                              unless_empty(lowered.text("text"))));
  return read_all(rows);
}

}  // namespace pratique::registrar
