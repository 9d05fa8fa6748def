// What a server says when it refuses: RFC 7047 section 3.1 <error>; in answers (4.1) and in results of operations
// (4.1.3).
#pragma once

#include <cstddef>
#include <string>

#include "libs/base/result.h"
#include "libs/codec/json/value.h"

namespace pratique::ovsdb {

inline constexpr std::size_t kMaxErrorText = 256;      // bytes of `error`; more is cut at a character
inline constexpr std::size_t kMaxErrorDetails = 4096;  // bytes of `details`

struct ErrorObject {
  std::string error;    // "constraint violation", "timed out", "unknown database", …: RFC 7047 names them
  std::string details;  // for a human; may be empty. May quote what was sent

  bool operator==(const ErrorObject&) const = default;
};

/// An object with `error` and perhaps `details`, or a bare string, as ovsdb-server writes "unknown method".
/// INVALID_ARGUMENT OVSDB_RESULT_INVALID.
Result<ErrorObject> parse_error_object(const json::Value& value);

/// As an error of ours: `what` says what was tried. "timed out" is ABORTED, "resources exhausted" RESOURCE_EXHAUSTED,
/// "I/O error" and "not leader" UNAVAILABLE, "permission error" and "not owner" PERMISSION_DENIED, all else
/// FAILED_PRECONDITION. Evidence: "ovsdb_error".
Error to_error(const ErrorObject& refused, std::string_view reason, std::string_view what);

}  // namespace pratique::ovsdb
