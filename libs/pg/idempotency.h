// A request that is sent twice is done once (AIP-155). The answer is stored in the transaction of the change, so a
// caller that lost an answer (or was told DATABASE_IN_DOUBT) asks again with the same request_id and learns it.
//
//   pool.with(deadline, [&](pg::Tx& tx) -> Result<Bytes> {
//     const pg::RequestKey key{request_id, caller, "AdmitDevice", sha256(request)};
//     TRY(auto answer, pg::idempotency::find_or_run(tx, key, [&]() -> Result<Bytes> {
//       … change things …;  return serialized_response;
//     }));
//     return answer.response;
//   });
//
// Two requests with one id at the same time: the second waits for the first, then gets its answer. A failure is not
// stored: the transaction rolls back, and the next try runs anew.
// DDL: the line "--@ request_v1" in a migration makes the table request in the service's schema.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "libs/base/result.h"
#include "libs/pg/tx.h"

namespace pratique::pg {

struct RequestKey {
  std::string request_id;  // the caller's; 1..kMaxRequestId bytes
  std::string caller;      // who asks: one caller's ids never meet another's
  std::string method;
  Bytes request_hash;      // over the request without its request_id field
};

struct IdempotentAnswer {
  Bytes response;
  bool replayed = false;   // stored earlier; nothing was done now
};

inline constexpr std::size_t kMaxRequestId = 128;
inline constexpr std::size_t kMaxCaller = 512;

namespace idempotency {

/// INVALID_ARGUMENT REQUEST_ID_REUSED: this caller used the id for another method or request.
/// INVALID_ARGUMENT REQUEST_ID_INVALID: an id that is empty or too long, or a caller too long.
/// Otherwise the failure of `fn`.
Result<IdempotentAnswer> find_or_run(Tx& tx, const RequestKey& key, const std::function<Result<Bytes>()>& fn);
/// Forgets requests older than `before`, the oldest first and `limit` at most; their number.
Result<std::int64_t> trim(Tx& tx, Timestamp before, int limit);

}  // namespace idempotency
}  // namespace pratique::pg
