#include "libs/runtime/secret_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

namespace pratique::runtime {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

bool in_our_groups(gid_t group) {
  if (group == getegid()) return true;
  const int count = getgroups(0, nullptr);
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(count, 0)));
  if (count > 0 && getgroups(count, groups.data()) != count) return false;
  return std::ranges::find(groups, group) != groups.end();
}

// See the header for who may have access.
Result<void> check_closed(const std::string& path, const struct stat& facts) {
  const auto mode = facts.st_mode & 07777U;
  const auto unsafe = [&](std::string_view why) {
    return failed_precondition("SECRET_FILE_UNSAFE", fmt::format("{} {} (mode {:04o}, owner {})", path, why, mode,
                                                                 facts.st_uid));
  };
  if (!S_ISREG(facts.st_mode)) return unsafe("is no regular file");
  if (facts.st_uid == geteuid()) {
    if ((mode & 0177U) != 0) return unsafe(fmt::format("is open to others: chmod 0600 {}", path));
    return {};
  }
  if (facts.st_uid != 0) return unsafe(fmt::format("belongs to another user: it must be ours, user {}", geteuid()));
  if ((mode & 0137U) != 0 || !in_our_groups(facts.st_gid))
    return unsafe(fmt::format("is root's and open to others than root and our group: chmod 0440 {}", path));
  return {};
}

}  // namespace

Result<Secret> SecretFile::load() const {
  const auto& name = path.native();
  if (name.empty()) return invalid("SECRET_FILE_MISSING", "no file is named");
  const Descriptor file(open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.get() < 0) {
    const int why = errno;
    return Error{why == ENOENT ? ErrorCode::not_found : ErrorCode::failed_precondition,
                 why == ENOENT ? "SECRET_FILE_MISSING" : "SECRET_FILE_UNREADABLE",
                 fmt::format("{}: {}", name, std::strerror(why))};
  }
  struct stat facts{};
  if (fstat(file.get(), &facts) != 0)
    return failed_precondition("SECRET_FILE_UNREADABLE", fmt::format("{}: {}", name, std::strerror(errno)));
  TRY_VOID(check_closed(name, facts));

  // One buffer, never grown: a reallocation would leave a copy behind.
  Bytes content(kMaxBytes + 1);
  std::size_t size = 0;
  while (size < content.size()) {
    const auto count = read(file.get(), content.data() + size, content.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      return failed_precondition("SECRET_FILE_UNREADABLE", fmt::format("{}: {}", name, std::strerror(errno)));
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  content.resize(size);
  Secret secret(std::move(content));
  if (size == 0) return invalid("SECRET_FILE_EMPTY", fmt::format("{} is empty", name));
  if (size > kMaxBytes)
    return invalid("SECRET_FILE_TOO_LARGE", fmt::format("{} has more than {} bytes", name, kMaxBytes));
  return secret;
}

Result<Secret> SecretFile::load_text() const {
  TRY(const auto secret, load());
  auto text = as_text(secret.reveal());
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (text.empty()) return invalid("SECRET_FILE_EMPTY", fmt::format("{} is empty", path.native()));
  return Secret(text);
}

}  // namespace pratique::runtime
