#include "services/network/app/call.h"

#include "libs/pg/idempotency.h"

namespace pratique::network {

Result<std::string> once(pg::Tx& tx, const Change& change, const std::function<Result<std::string>()>& fn) {
  if (change.request_id.empty()) return fn();
  TRY(const auto answer, pg::idempotency::find_or_run(
                             tx, {change.request_id, change.actor, change.method, change.request_hash},
                             [&]() -> Result<Bytes> {
                               TRY(const auto name, fn());
                               return to_bytes(name);
                             }));
  return to_string(answer.response);
}

}  // namespace pratique::network
