// Points in time as people read and write them; always UTC.
#pragma once

#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/base/timestamp.h"

namespace pratique::cli {

/// "just now", "3 min ago", "in 2 h", "5 d ago", "14 months ago".
std::string distance_text(Timestamp time, Timestamp now);
/// "2026-11-24 07:30 UTC, 3 min ago".
std::string time_text(Timestamp time, Timestamp now);
/// "2026-11-24 07:30:12 UTC": where the order of near events counts.
std::string exact_time_text(Timestamp time);
/// "2026-11-24" (its first moment) or RFC 3339. INVALID_ARGUMENT TIMESTAMP_INVALID.
Result<Timestamp> parse_time(std::string_view text);

}  // namespace pratique::cli
