#include "tools/device/supplicant_folder.h"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

namespace pratique::device {
namespace {

namespace fs = std::filesystem;

Error unwritable(const fs::path& path, const std::error_code& why) {
  return unavailable("FILE_UNWRITABLE", path.string() + ": " + why.message());
}

bool is_credential_file(const std::string& name) {
  return name.starts_with(kSupplicantLdevid) && (name.ends_with(".crt") || name.ends_with(".key"));
}

// Removes the files of which `goes` is true.
template <typename Goes>
Result<void> remove_files(const fs::path& folder, Goes goes) {
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (!goes(entry.path().filename().string())) continue;
    std::error_code unremoved;
    fs::remove(entry.path(), unremoved);
    if (unremoved) return unwritable(entry.path(), unremoved);
  }
  if (failed && failed != std::errc::no_such_file_or_directory) return unwritable(folder, failed);
  return {};
}

}  // namespace

Result<void> check_supplicant_path(const fs::path& path) {
  const auto text = path.string();
  const auto odd = [](char c) { return c == '"' || c == '\\' || c == '#' || static_cast<unsigned char>(c) < 0x20; };
  if (text.empty() || std::ranges::any_of(text, odd))
    return invalid("SUPPLICANT_PATH_INVALID",
                   "a path of a supplicant's configuration must not be empty nor have quotes, backslashes, '#' or "
                   "control characters");
  return {};
}

Result<void> prepare_supplicant_folder(const fs::path& folder) {
  TRY_VOID(check_supplicant_path(folder));
  std::error_code failed;
  fs::create_directories(folder.parent_path(), failed);
  if (failed) return unwritable(folder.parent_path(), failed);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return unwritable(folder, std::error_code(errno, std::generic_category()));
  struct stat there {};
  if (::lstat(folder.c_str(), &there) != 0) return unwritable(folder, std::error_code(errno, std::generic_category()));
  if (!S_ISDIR(there.st_mode) || there.st_uid != ::geteuid() || (there.st_mode & 077) != 0)
    return failed_precondition("SUPPLICANT_FOLDER_UNSAFE",
                               folder.string() + ": must be a folder of ours, closed to others: chmod 0700");
  struct statfs system {};
  if (::statfs(folder.c_str(), &system) != 0)
    return unwritable(folder, std::error_code(errno, std::generic_category()));
  if (system.f_type != TMPFS_MAGIC && system.f_type != RAMFS_MAGIC) {
    ::rmdir(folder.c_str());  // only if it is empty
    return failed_precondition("SUPPLICANT_FOLDER_ON_DISK",
                               folder.string() + ": must be in memory (tmpfs, as /run or /dev/shm): what opens the "
                                                 "device's key is not written to a disk");
  }
  return {};
}

Result<void> tidy_supplicant_folder(const fs::path& folder, const std::vector<std::string>& kept) {
  return remove_files(folder, [&](const std::string& name) {
    const auto of = [&](const std::string& serial) {
      return name.starts_with(std::string(kSupplicantLdevid) + serial + ".");
    };
    return is_credential_file(name) && std::ranges::none_of(kept, of);
  });
}

Result<void> remove_supplicant_files(const fs::path& folder) {
  TRY_VOID(remove_files(folder, [](const std::string& name) {
    return is_credential_file(name) || name == kSupplicantConfig || name == kSupplicantTrust;
  }));
  ::rmdir(folder.c_str());  // what somebody else put there stays
  return {};
}

}  // namespace pratique::device
