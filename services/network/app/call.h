// Who asks, until when, and (for a change) how a repetition of the request is known.
//
//   Result<Site> Sites::update(const Change& change, const SiteId& id, const Edit& edit) {
//     return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<Device> {
//       TRY(const auto name, once(tx, change, [&]() -> Result<std::string> { …change, audit, event…; return id.name();
//       })); return load…(name);
//     });
//   }
//
// What is stored with a request_id is the name of the resource that the request made or changed: a repetition is
// answered with that resource as it stands then (AIP-155), and changes nothing.
#pragma once

#include <functional>
#include <string>

#include "libs/base/bytes.h"
#include "libs/pg/pool.h"

namespace pratique::network {

struct Call {
  std::string actor;  // "operator/<name>", "service/<name>": of the verified certificate
  pg::Deadline deadline;
};

struct Change : Call {
  std::string request_id;  // empty: a repetition is done again
  std::string method;      // full name of the RPC
  Bytes request_hash;      // SHA-256 of the request without its request_id
};

/// Runs `fn`, or gives what it gave when this request was done before. `fn` returns a resource name ("" where the
/// answer holds none). INVALID_ARGUMENT REQUEST_ID_REUSED, REQUEST_ID_INVALID; otherwise the failure of `fn`.
Result<std::string> once(pg::Tx& tx, const Change& change, const std::function<Result<std::string>()>& fn);

}  // namespace pratique::network
