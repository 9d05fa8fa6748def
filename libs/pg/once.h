// A change that is done once, however often it is asked for.
#pragma once

#include <functional>
#include <string>

#include "libs/base/call.h"
#include "libs/pg/tx.h"

namespace pratique::pg {

/// Runs `fn`, or gives what it gave when this request was done before. `fn` returns the name of the resource that it
/// made or changed ("" where the answer holds none); a repetition is answered with that resource as it stands then
/// (AIP-155). INVALID_ARGUMENT REQUEST_ID_REUSED, REQUEST_ID_INVALID; otherwise the failure of `fn`.
Result<std::string> once(Tx& tx, const Change& change, const std::function<Result<std::string>()>& fn);

}  // namespace pratique::pg
