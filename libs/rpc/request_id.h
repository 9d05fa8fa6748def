// Idempotency by AIP-155: a client gives each change a UUID and repeats it when it repeats the call.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/base/result.h"

namespace pratique::rpc {

/// Lower-case UUID, or nothing for an empty field; INVALID_ARGUMENT REQUEST_ID_INVALID.
Result<std::optional<std::string>> parse_request_id(std::string_view request_id);
/// For methods that insist: INVALID_ARGUMENT REQUEST_ID_MISSING.
Result<std::string> require_request_id(std::string_view request_id);

}  // namespace pratique::rpc
