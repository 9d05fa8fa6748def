// Points in time as they are stored, compared and written: UTC, microseconds, RFC 3339.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "libs/base/result.h"

namespace pratique {

using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// "2026-11-24T06:38:27Z"; with a fraction only where it is not zero. Always UTC.
std::string format_rfc3339(Timestamp time);
/// RFC 3339 section 5.6 with any offset and fraction (cut to microseconds); years 0001..9999, leap second
/// :60 taken as :59. INVALID_ARGUMENT TIMESTAMP_INVALID otherwise.
Result<Timestamp> parse_rfc3339(std::string_view text);

}  // namespace pratique
