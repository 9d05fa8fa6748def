// Which build this is.
#pragma once

#include <string_view>

namespace pratique::runtime {

/// "0.1.0", "0.2.0+3.g47952fc": the version and, between releases, the commit (SemVer build metadata); ".dirty" where
/// files differed from the commit.
std::string_view build_version();

}  // namespace pratique::runtime
