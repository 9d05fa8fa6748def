// From DatabaseConfig to what the driver is given. For this room's own files.
#pragma once

#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/pg/database_config.h"

namespace pratique::pg {

/// Lower case, digits and underscore, at most kMaxSchemaName bytes: needs no quoting and leaves room for suffixes.
inline constexpr std::size_t kMaxSchemaName = 40;
bool is_plain_name(std::string_view name);

/// The caller's conninfo with our defaults before it (the last mention of a keyword wins), or INVALID_ARGUMENT
/// DATABASE_CONFIG_INVALID. Holds the password: never log it.
Result<std::string> connection_string(const DatabaseConfig& config);
/// The SET commands that each session begins with.
std::string session_settings(const DatabaseConfig& config);

}  // namespace pratique::pg
