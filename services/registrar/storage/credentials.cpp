#include "services/registrar/storage/credentials.h"

#include "libs/base/hex.h"
#include "libs/crypto/primitives/digest.h"
#include "libs/crypto/x509/certificate.h"
#include "libs/pg/facts.h"

namespace pratique::registrar {
namespace {

constexpr pg::Statement kInsertOrder{"credential_insert_order", R"sql(
INSERT INTO credential_order (id, device, session, profile, renewal, key_fingerprint, public_key, subject, san_dns,
                              san_uri, serial, not_before, not_after, create_time)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14))sql"};
constexpr pg::Statement kFindKeyUse{"credential_find_key_use", R"sql(
SELECT o.*, s.fingerprint IS NOT NULL AS spent FROM (VALUES (1)) AS one
LEFT JOIN credential_order o ON o.key_fingerprint = $1
LEFT JOIN spent_key s ON s.fingerprint = decode($1, 'hex'))sql"};
constexpr pg::Statement kInsert{"credential_insert", R"sql(
INSERT INTO credential (id, device, state, profile, certificate_serial, subject, not_before, not_after, issue_time,
                        key_fingerprint, certificate, certificate_digest)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12))sql"};
constexpr pg::Statement kFind{"credential_find", "SELECT * FROM credential WHERE id = $1"};
constexpr pg::Statement kFindCertificate{"credential_find_certificate",
    "SELECT * FROM credential WHERE certificate_digest = $1"};
constexpr pg::Statement kFindSerial{"credential_find_serial",
    "SELECT * FROM credential WHERE certificate_serial IN ($1, '00' || $1)"};
constexpr pg::Statement kLockLive{"credential_lock_live",
    "SELECT * FROM credential WHERE device = $1 AND state IN ('active', 'successor') ORDER BY state FOR UPDATE"};
constexpr pg::Statement kSetActive{"credential_set_active", "UPDATE credential SET state = 'active' WHERE id = $1"};
constexpr pg::Statement kSetEnded{"credential_set_ended",
    "UPDATE credential SET state = $2, end_reason = $3, end_time = $4, revocation_reason = $5 WHERE id = $1"};
// $1 device or NULL, $2 id or NULL, $3 limit, $4 shown state or NULL, $5 now.
constexpr pg::Statement kList{"credential_list",
    "SELECT * FROM credential WHERE ($1::uuid IS NULL OR device = $1) AND ($2::uuid IS NULL OR id < $2)"
    " AND ($4::text IS NULL OR $4 = CASE WHEN state NOT IN ('active', 'successor') THEN state"
    " WHEN not_after < $5::timestamptz THEN 'expired' ELSE 'active' END) ORDER BY id DESC LIMIT $3"};

Credential credential_of(const pg::Row& row) {
  Credential out;
  out.id = row.id<CredentialId>("id");
  out.device = row.id<DeviceId>("device");
  const auto state = parse_credential_state(row.text("state"));
  if (!state) throw pg::RowDefect("state", "is no state of a credential");
  out.state = *state;
  out.profile = row.text("profile");
  out.certificate_serial = row.text("certificate_serial");
  out.subject = row.text("subject");
  out.not_before = row.timestamp("not_before");
  out.not_after = row.timestamp("not_after");
  out.issue_time = row.timestamp("issue_time");
  out.end_time = row.optional_timestamp("end_time");
  out.end_reason = row.text("end_reason");
  out.key_fingerprint = row.text("key_fingerprint");
  out.certificate = row.bytes("certificate");
  return out;
}

std::vector<Credential> credentials_of(const pg::Rows& rows) {
  std::vector<Credential> out;
  out.reserve(rows.size());
  for (const pg::Row row : rows) out.push_back(credential_of(row));
  return out;
}

Result<StoredOrder> order_of(const pg::Row& row) {
  TRY(auto key, crypto::PublicKey::parse_spki(row.bytes("public_key")));
  TRY(auto subject, pg::parse_facts(row.text("subject")));
  const CredentialNames names{{.organization = subject["organization"],
                               .common_name = subject["common_name"],
                               .serial_number = subject["serial_number"]},
                              {.dns = row.texts("san_dns"), .uri = row.texts("san_uri")}};
  return StoredOrder{{row.id<CredentialId>("id"), std::move(key), names, row.timestamp("not_before"),
                      row.timestamp("not_after"), row.bytes("serial")},
                     row.id<DeviceId>("device"),
                     row.optional_id<SessionId>("session"),
                     row.text("profile"),
                     row.boolean("renewal"),
                     row.timestamp("create_time")};
}

Result<std::optional<Credential>> first_of(Result<pg::Rows> rows) {
  if (!rows) return std::move(rows).error();
  if (rows->empty()) return std::optional<Credential>{};
  return std::optional(credential_of(rows->front()));
}

}  // namespace

Result<void> insert_order(pg::Tx& tx, const StoredOrder& stored) {
  const CertificateOrder& order = stored.order;
  const crypto::Name& subject = order.names.subject;
  return tx.queue(kInsertOrder, order.id, stored.device, stored.session, stored.profile, stored.renewal,
                  hex_encode(order.key.fingerprint_sha256()), order.key.spki(),
                  pg::encode_facts({{"organization", subject.organization},
                                    {"common_name", subject.common_name},
                                    {"serial_number", subject.serial_number}}),
                  order.names.alt_names.dns, order.names.alt_names.uri, order.serial, order.not_before, order.not_after,
                  stored.create_time);
}

Result<KeyUse> find_key_use(pg::Tx& tx, std::string_view key_fingerprint) {
  TRY(const auto row, tx.run_one(kFindKeyUse, key_fingerprint));
  KeyUse use{.order = {}, .spent = row.boolean("spent")};
  if (row.is_null("id")) return use;
  TRY(use.order, order_of(row));
  return use;
}

Result<void> insert_credential(pg::Tx& tx, const Credential& credential) {
  return tx.queue(kInsert, credential.id, credential.device, to_string(credential.state), credential.profile,
                  credential.certificate_serial, credential.subject, credential.not_before, credential.not_after,
                  credential.issue_time, credential.key_fingerprint, credential.certificate,
                  crypto::sha256(credential.certificate));
}

Result<std::optional<Credential>> find_credential(pg::Tx& tx, const CredentialId& id) {
  return first_of(tx.run(kFind, id));
}

Result<std::optional<Credential>> find_credential(pg::Tx& tx, ByteView certificate) {
  return first_of(tx.run(kFindCertificate, crypto::sha256(certificate)));
}

Result<std::optional<Credential>> find_credential(pg::Tx& tx, const CertificateName& name) {
  TRY(const auto rows, tx.run(kFindSerial, name.serial));
  for (auto& credential : credentials_of(rows)) {  // of several CAs, if at all
    TRY(const auto certificate, crypto::Certificate::parse_der(credential.certificate));
    const auto authority = certificate.authority_key_id();
    if (authority && hex_encode(*authority) == name.authority_key_id) return std::optional(std::move(credential));
  }
  return std::optional<Credential>{};
}

Result<std::vector<Credential>> lock_live_credentials(pg::Tx& tx, const DeviceId& device) {
  TRY(const auto rows, tx.run(kLockLive, device));
  return credentials_of(rows);
}

Result<void> set_credential_state(pg::Tx& tx, const CredentialId& id, CredentialState state,
                                  crypto::RevocationReason why, std::string_view reason, Timestamp now) {
  if (state == CredentialState::active) {
    TRY_VOID(tx.queue(kSetActive, id));
  } else {
    TRY_VOID(tx.queue(kSetEnded, id, to_string(state), reason, now, crypto::to_string(why)));
  }
  return {};
}

Result<std::vector<Credential>> revoke_credentials_of(pg::Tx& tx, const DeviceId& device, std::string_view reason,
                                                      Timestamp now) {
  TRY(auto live, lock_live_credentials(tx, device));
  for (const Credential& credential : live) {
    TRY(const auto state, next_state(credential.state, CredentialEvent::revoked));
    TRY_VOID(set_credential_state(tx, credential.id, state, crypto::RevocationReason::cessation_of_operation, reason,
                                  now));
  }
  return live;
}

Result<std::vector<Credential>> list_credentials(pg::Tx& tx, const CredentialFilter& filter, const CredentialId& after,
                                                 int limit, Timestamp now) {
  std::optional<std::string_view> state;
  if (filter.state)
    state = to_string(*filter.state == CredentialState::successor ? CredentialState::active : *filter.state);
  TRY(const auto rows, tx.run(kList, filter.device, after, limit, state, now));
  return credentials_of(rows);
}

}  // namespace pratique::registrar
