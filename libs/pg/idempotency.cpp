#include "libs/pg/idempotency.h"

#include <fmt/format.h>

#include "libs/pg/fragments.h"

namespace pratique::pg {

const std::string_view kRequestV1 = R"sql(
CREATE TABLE request (
  caller       text NOT NULL,
  request_id   text NOT NULL,
  method       text NOT NULL,
  request_hash bytea NOT NULL,
  response     bytea,
  at           timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (caller, request_id)
);
CREATE INDEX request_at ON request (at);
COMMENT ON COLUMN request.response IS 'NULL only inside the transaction that runs the request';
)sql";

namespace {

// Waits for another transaction that holds the same key, until that one ends.
constexpr Statement kClaim{"pg_request_claim", R"sql(
INSERT INTO request (caller, request_id, method, request_hash) VALUES ($1, $2, $3, $4)
ON CONFLICT (caller, request_id) DO NOTHING)sql"};
constexpr Statement kFind{"pg_request_find",
                          "SELECT method, request_hash, response FROM request WHERE caller = $1 AND request_id = $2"};
constexpr Statement kAnswer{"pg_request_answer",
                            "UPDATE request SET response = $3 WHERE caller = $1 AND request_id = $2"};
constexpr Statement kTrim{"pg_request_trim", R"sql(
DELETE FROM request WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM request WHERE at < $1 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)))sql"};

}  // namespace

namespace idempotency {

Result<IdempotentAnswer> find_or_run(Tx& tx, const RequestKey& key, const std::function<Result<Bytes>()>& fn) {
  if (key.request_id.empty() || key.request_id.size() > kMaxRequestId)
    return invalid("REQUEST_ID_INVALID", fmt::format("request_id must have 1 to {} bytes", kMaxRequestId));
  if (key.caller.size() > kMaxCaller)
    return invalid("REQUEST_ID_INVALID", fmt::format("the caller's name is longer than {} bytes", kMaxCaller));
  TRY(const auto claimed, tx.run(kClaim, key.caller, key.request_id, key.method, key.request_hash));
  if (claimed.affected() == 1) {
    TRY(auto response, fn());
    TRY_VOID(tx.queue(kAnswer, key.caller, key.request_id, response));
    return IdempotentAnswer{std::move(response), false};
  }
  TRY(const auto row, tx.run_one(kFind, key.caller, key.request_id));
  if (row.text("method") != key.method || row.bytes("request_hash") != key.request_hash)
    return invalid("REQUEST_ID_REUSED",
                   fmt::format("request_id '{}' was used before for another request", key.request_id));
  return IdempotentAnswer{row.bytes("response"), true};
}

Result<std::int64_t> trim(Tx& tx, Timestamp before, int limit) {
  TRY(const auto rows, tx.run(kTrim, before, limit));
  return rows.affected();
}

}  // namespace idempotency
}  // namespace pratique::pg
