#include "tools/pki/folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace pratique::pki {
namespace {

Error unwritable(const std::filesystem::path& path, std::string_view why) {
  return unavailable("FILE_UNWRITABLE", path.string() + ": " + std::string(why));
}

}  // namespace

Result<std::optional<std::string>> Folder::find(const std::filesystem::path& name) const {
  const auto path = root_ / name;
  std::error_code failed;
  if (!std::filesystem::exists(path, failed) && !failed) return std::optional<std::string>{};
  const auto size = std::filesystem::file_size(path, failed);
  std::ifstream in(path, std::ios::binary);
  if (failed || !in) return unavailable("FILE_UNREADABLE", path.string() + ": cannot be read");
  if (size > kMaxFile) return invalid("FILE_UNREADABLE", path.string() + ": is too large");
  return std::optional(std::string(std::istreambuf_iterator<char>(in), {}));
}

Result<std::string> Folder::get(const std::filesystem::path& name) const {
  TRY(auto content, find(name));
  if (!content) return not_found("FILE_MISSING", (root_ / name).string() + ": is missing");
  return *std::move(content);
}

Result<Secret> Folder::get_secret(const std::filesystem::path& name) const {
  TRY(auto content, get(name));
  Secret secret{std::string_view(content)};
  explicit_bzero(content.data(), content.size());
  return secret;
}

Result<void> Folder::put(const std::filesystem::path& name, std::string_view content) const {
  return write(name, content, 0644);
}

Result<void> Folder::put_secret(const std::filesystem::path& name, const Secret& content) const {
  return write(name, as_text(content.reveal()), 0600);
}

Result<void> Folder::write(const std::filesystem::path& name, std::string_view content, unsigned mode) const {
  const auto path = root_ / name;
  std::error_code failed;
  std::filesystem::create_directories(path.parent_path(), failed);
  if (failed) return unwritable(path, failed.message());
  // Beside the old file under another name, then renamed over it: a reader sees the old or the new, never half.
  auto beside = path;
  beside += ".new";
  std::filesystem::remove(beside, failed);
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (file < 0) return unwritable(beside, std::strerror(errno));
  bool good = true;
  for (std::size_t done = 0; good && done < content.size();) {
    const auto wrote = ::write(file, content.data() + done, content.size() - done);
    good = wrote > 0;
    if (good) done += static_cast<std::size_t>(wrote);
  }
  good = good && ::fsync(file) == 0;
  const int why = errno;
  ::close(file);
  if (!good) {
    ::unlink(beside.c_str());
    return unwritable(beside, std::strerror(why));
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) return unwritable(path, std::strerror(errno));
  return {};
}

}  // namespace pratique::pki
