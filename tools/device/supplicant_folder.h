// The folder in which a supplicant's files stand, and what of it is ours. supplicant.h says what for.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"

namespace pratique::device {

inline constexpr std::string_view kSupplicantConfig = "supplicant.conf", kSupplicantTrust = "trust.pem";
/// "ldevid-<serial number>.crt" and ".key".
inline constexpr std::string_view kSupplicantLdevid = "ldevid-";

/// Made if absent. FAILED_PRECONDITION SUPPLICANT_FOLDER_ON_DISK, SUPPLICANT_FOLDER_UNSAFE; INVALID_ARGUMENT
/// SUPPLICANT_PATH_INVALID (a character that wpa_supplicant's configuration cannot hold); UNAVAILABLE FILE_UNWRITABLE.
Result<void> prepare_supplicant_folder(const std::filesystem::path& folder);
/// What a configuration cannot hold is refused: SUPPLICANT_PATH_INVALID.
Result<void> check_supplicant_path(const std::filesystem::path& path);

/// Removes certificates and keys but those of these serial numbers.
Result<void> tidy_supplicant_folder(const std::filesystem::path& folder, const std::vector<std::string>& kept);
/// Removes all that is ours, and the folder if nothing is left in it. Harmless if it is gone.
Result<void> remove_supplicant_files(const std::filesystem::path& folder);

}  // namespace pratique::device
