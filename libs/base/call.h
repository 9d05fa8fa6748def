// Who asks a use case for something, until when, and (for a change) how a repetition of the request is known. Made from a
// call on the wire by libs/rpc/change.h; a repetition is recognised by libs/pg/once.h.
//
//   Result<Device> Devices::retire(const Change& change, const DeviceId& id, std::string_view reason) {
//     return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<Device> {
//       TRY(const auto name, pg::once(tx, change, [&]() -> Result<std::string> { …change, event…; return id.name(); }));
//       return load…(name);
//     });
//   }
#pragma once

#include <chrono>
#include <string>

#include "libs/base/bytes.h"

namespace pratique {

struct Call {
  std::string actor;  // "operator/<name>", "service/<name>": of the verified certificate
  std::chrono::steady_clock::time_point deadline;
};

struct Change : Call {
  std::string request_id;  // empty: a repetition is done again
  std::string method;      // full name of the RPC
  Bytes request_hash;      // SHA-256 of the request without its request_id
};

}  // namespace pratique
