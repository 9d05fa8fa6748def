#include "services/registrar/storage/crls.h"

namespace pratique::registrar {
namespace {

constexpr pg::Statement kHeads{"crl_heads", R"sql(
SELECT issuer_key_id, number, through_event, this_update, next_update FROM crl WHERE number > 0)sql"};
constexpr pg::Statement kFind{"crl_find", "SELECT * FROM crl WHERE issuer_key_id = $1 AND number > 0"};
// By the database's clock, which all replicas share.
constexpr pg::Statement kClaim{"crl_claim", R"sql(
INSERT INTO crl (issuer_key_id, claimed_until) VALUES ($1, clock_timestamp() + make_interval(secs => $3))
ON CONFLICT (issuer_key_id) DO UPDATE SET claimed_until = excluded.claimed_until
WHERE crl.number = $2 AND crl.claimed_until < clock_timestamp()
RETURNING number)sql"};
constexpr pg::Statement kPublish{"crl_publish", R"sql(
WITH published AS (UPDATE crl SET number = $3, through_event = $4, this_update = $5, next_update = $6, der = $7,
                                  claimed_until = '-infinity'
                   WHERE issuer_key_id = $1 AND number = $2 RETURNING number)
SELECT pg_notify(current_schema() || '_outbox', '') FROM published)sql"};

CrlHead head_of(const pg::Row& row) {
  return {row.text("issuer_key_id"), row.integer("number"), row.integer("through_event"), row.timestamp("this_update"),
          row.timestamp("next_update")};
}

}  // namespace

Result<std::vector<CrlHead>> list_crls(pg::Tx& tx) {
  TRY(const auto rows, tx.run(kHeads));
  std::vector<CrlHead> out;
  for (const pg::Row row : rows) out.push_back(head_of(row));
  return out;
}

Result<std::optional<StoredCrl>> find_crl(pg::Tx& tx, std::string_view issuer_key_id) {
  TRY(const auto row, tx.find(kFind, issuer_key_id));
  if (!row) return std::optional<StoredCrl>{};
  return std::optional(StoredCrl{head_of(*row), row->bytes("der")});
}

Result<bool> claim_crl(pg::Tx& tx, std::string_view issuer_key_id, std::int64_t after) {
  TRY(const auto row, tx.find(kClaim, issuer_key_id, after, static_cast<std::int64_t>(kCrlClaim.count())));
  return row.has_value() && row->integer("number") == after;
}

Result<bool> publish_crl(pg::Tx& tx, const StoredCrl& crl, std::int64_t after) {
  TRY(const auto row, tx.find(kPublish, crl.issuer_key_id, after, crl.number, crl.through_event, crl.this_update,
                              crl.next_update, crl.der));
  return row.has_value();
}

}  // namespace pratique::registrar
