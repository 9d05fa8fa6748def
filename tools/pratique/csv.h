// Comma-separated values (RFC 4180), with the line on which each record stands.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"

namespace pratique::cli {

inline constexpr std::size_t kMaxCsvBytes = 64 << 20;

struct CsvRecord {
  std::size_t line = 0;  // 1 is the first
  std::vector<std::string> fields;
};

/// LF or CRLF; a byte order mark at the start and empty lines are skipped; spaces count. INVALID_ARGUMENT CSV_INVALID
/// names the line of a quote that does not end or stands inside a field.
Result<std::vector<CsvRecord>> parse_csv(std::string_view text);

}  // namespace pratique::cli
