// Durations and sizes as people write them in configuration.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "libs/base/result.h"

namespace pratique::runtime {

/// Bytes: "512", "64KiB", "8MiB", "1GiB".
struct ByteSize {
  std::uint64_t bytes = 0;
  bool operator==(const ByteSize&) const = default;
};

/// A whole number and a unit: ms, s, m, h, d. Not negative. INVALID_ARGUMENT DURATION_INVALID.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);
/// A whole number and optionally B, KiB, MiB, GiB. INVALID_ARGUMENT SIZE_INVALID.
Result<ByteSize> parse_size(std::string_view text);

}  // namespace pratique::runtime
