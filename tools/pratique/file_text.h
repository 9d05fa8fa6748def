// Files that operators hand in.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "libs/base/result.h"

namespace pratique::cli {

/// "-" is standard input. INVALID_ARGUMENT FILE_UNREADABLE, FILE_TOO_LARGE.
Result<std::string> load_text(const std::filesystem::path& file, std::size_t limit);

}  // namespace pratique::cli
