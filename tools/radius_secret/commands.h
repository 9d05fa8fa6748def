// What the commands of pratique-radius-secret do, apart from the command line. Sealed forms are hexadecimal here.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "libs/base/random.h"
#include "libs/base/result.h"
#include "libs/base/secret.h"

namespace pratique::radius_secret {

/// `text` may end in a line end. Errors: of the key file (SECRET_FILE_*, MASTER_KEYS_INVALID), RADIUS_SECRET_UNUSABLE.
Result<std::string> seal(const std::filesystem::path& keys, std::string_view switch_id, std::string text,
                         Random& random);
/// Errors: of the key file, HEX_INVALID, ENVELOPE_*.
Result<Secret> open(const std::filesystem::path& keys, std::string_view switch_id, std::string_view sealed,
                    Random& random);

}  // namespace pratique::radius_secret
