#include "services/network/storage/grants.h"

namespace pratique::network {
namespace {

constexpr pg::Statement kPutGrant{"grant_put", R"(
  INSERT INTO grant_ AS g (device, standing, segment, serial_number, decided_time, cursor)
  VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (device) DO UPDATE SET standing = excluded.standing, segment = excluded.segment,
    serial_number = excluded.serial_number, decided_time = excluded.decided_time, cursor = excluded.cursor
  WHERE g.cursor < excluded.cursor)"};
constexpr pg::Statement kPutCredential{"credential_put", R"(
  INSERT INTO credential AS c (authority_key_id, serial, device, live, reason, not_after, cursor)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (serial, authority_key_id) DO UPDATE SET device = excluded.device, live = excluded.live,
    reason = excluded.reason, not_after = excluded.not_after, cursor = excluded.cursor
  WHERE c.cursor < excluded.cursor)"};
#define PRATIQUE_GRANT_COLUMNS "device, standing, segment, serial_number, decided_time, cursor"
constexpr pg::Statement kFindGrant{"grant_find", "SELECT " PRATIQUE_GRANT_COLUMNS " FROM grant_ WHERE device = $1"};
constexpr pg::Statement kGrantsOf{"grant_of_devices",
                                  "SELECT " PRATIQUE_GRANT_COLUMNS " FROM grant_ WHERE device = ANY($1::uuid[])"};
#undef PRATIQUE_GRANT_COLUMNS
#define PRATIQUE_CREDENTIAL_COLUMNS "authority_key_id, serial, device, live, reason, not_after"
constexpr pg::Statement kFindCredential{
    "credential_find",
    "SELECT " PRATIQUE_CREDENTIAL_COLUMNS " FROM credential WHERE serial = $1 AND authority_key_id = $2"};
constexpr pg::Statement kCredentialsOf{"credential_of_devices", "SELECT " PRATIQUE_CREDENTIAL_COLUMNS
                                       " FROM credential WHERE device = ANY($1::uuid[]) ORDER BY not_after DESC"};
#undef PRATIQUE_CREDENTIAL_COLUMNS
constexpr pg::Statement kPlace{"feed_place", "SELECT cursor, started FROM registrar_feed"};
constexpr pg::Statement kLock{"feed_lock", "SELECT cursor, started FROM registrar_feed FOR UPDATE"};
constexpr pg::Statement kSet{"feed_set", "UPDATE registrar_feed SET cursor = $1, handle_time = $2, started = true"};
constexpr pg::Statement kRewindGrants{"grant_rewind", "UPDATE grant_ SET cursor = $1 - 1 WHERE cursor >= $1"};
constexpr pg::Statement kRewindCredentials{"credential_rewind",
                                           "UPDATE credential SET cursor = $1 - 1 WHERE cursor >= $1"};
constexpr pg::Statement kExclude{"grant_exclude_unlisted", R"(
  UPDATE grant_ SET standing = 'excluded', decided_time = $3, cursor = $2
  WHERE cursor < $2 AND standing <> 'excluded' AND device <> ALL($1::uuid[]) RETURNING device)"};
constexpr pg::Statement kEndUnlisted{"credential_end_unlisted", R"(
  UPDATE credential SET live = false, reason = 'unlisted', cursor = $2
  WHERE cursor < $2 AND live AND serial || '@' || authority_key_id <> ALL($1::text[]) RETURNING device)"};

Grant read_grant(const pg::Row& row) {
  const auto standing = row.text("standing");
  return {.device = row.id<DeviceId>("device"),
          .standing = standing == "admitted" ? Standing::admitted
                      : standing == "quarantined" ? Standing::quarantined : Standing::excluded,
          .segment = row.text("segment"),
          .serial_number = row.text("serial_number"),
          .decided_at = row.timestamp("decided_time"),
          .cursor = row.integer("cursor")};
}

Credential read_credential(const pg::Row& row) {
  return {.serial = row.text("serial"), .authority_key_id = row.text("authority_key_id"),
          .device = row.id<DeviceId>("device"), .live = row.boolean("live"), .reason = row.text("reason"),
          .not_after = row.timestamp("not_after")};
}

FeedPlace read_place(const pg::Row& row) { return {row.integer("cursor"), row.boolean("started")}; }

std::vector<std::string> texts_of(std::span<const DeviceId> devices) {
  std::vector<std::string> out;
  for (const auto& device : devices) out.push_back(device.text());
  return out;
}

std::vector<DeviceId> devices_of(const pg::Rows& rows) {
  std::vector<DeviceId> out;
  for (const pg::Row row : rows) out.push_back(row.id<DeviceId>("device"));
  return out;
}

}  // namespace

Result<bool> put_grant(pg::Tx& tx, const Grant& g) {
  TRY(const auto done,
      tx.run(kPutGrant, g.device, to_string(g.standing), g.segment, g.serial_number, g.decided_at, g.cursor));
  return done.affected() == 1;
}

Result<bool> put_credential(pg::Tx& tx, const Credential& c, std::int64_t cursor) {
  TRY(const auto done,
      tx.run(kPutCredential, c.authority_key_id, c.serial, c.device, c.live, c.reason, c.not_after, cursor));
  return done.affected() == 1;
}

Result<std::optional<Grant>> find_grant(pg::Tx& tx, const DeviceId& device) {
  TRY(const auto row, tx.find(kFindGrant, device));
  return row ? std::optional(read_grant(*row)) : std::nullopt;
}

Result<std::optional<Credential>> find_credential(pg::Tx& tx, std::string_view authority_key_id,
                                                  std::string_view serial) {
  TRY(const auto row, tx.find(kFindCredential, serial, authority_key_id));
  return row ? std::optional(read_credential(*row)) : std::nullopt;
}

Result<std::vector<Credential>> list_credentials(pg::Tx& tx, const DeviceId& device) {
  TRY(const auto rows, tx.run(kCredentialsOf, texts_of(std::span(&device, 1))));
  std::vector<Credential> out;
  for (const pg::Row row : rows) out.push_back(read_credential(row));
  return out;
}

Result<Allowed> load_allowed(pg::Tx& tx, std::span<const DeviceId> devices) {
  Allowed out;
  if (devices.empty()) return out;
  const auto texts = texts_of(devices);
  TRY(const auto grants, tx.run(kGrantsOf, texts));
  for (const pg::Row row : grants) {
    auto grant = read_grant(row);
    out.grants.emplace(grant.device, std::move(grant));
  }
  TRY(const auto credentials, tx.run(kCredentialsOf, texts));
  for (const pg::Row row : credentials) {
    auto credential = read_credential(row);
    std::pair key{credential.authority_key_id, credential.serial};
    out.credentials.emplace(std::move(key), std::move(credential));
  }
  return out;
}

Result<FeedPlace> feed_place(pg::Tx& tx) {
  TRY(const auto row, tx.run_one(kPlace));
  return read_place(row);
}

Result<FeedPlace> lock_feed(pg::Tx& tx) {
  TRY(const auto row, tx.run_one(kLock));
  return read_place(row);
}

Result<void> rewind_feed(pg::Tx& tx, std::int64_t cursor) {
  TRY_VOID(tx.queue(kRewindGrants, cursor));
  return tx.queue(kRewindCredentials, cursor);
}

Result<void> set_feed(pg::Tx& tx, std::int64_t cursor, Timestamp now) { return tx.queue(kSet, cursor, now); }

Result<std::vector<DeviceId>> exclude_unlisted(pg::Tx& tx, std::span<const DeviceId> listed, std::int64_t cursor,
                                               Timestamp now) {
  TRY(const auto rows, tx.run(kExclude, texts_of(listed), cursor, now));
  return devices_of(rows);
}

Result<std::vector<DeviceId>> end_unlisted(pg::Tx& tx, std::span<const CredentialName> listed, std::int64_t cursor) {
  std::vector<std::string> texts;
  for (const auto& name : listed) texts.push_back(name.serial + "@" + name.authority_key_id);
  TRY(const auto rows, tx.run(kEndUnlisted, texts, cursor));
  return devices_of(rows);
}

}  // namespace pratique::network
