#include "libs/crypto/keys/memory_file.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace pratique::crypto {
namespace {

Error failed(std::string_view call) {
  return internal("MEMORY_FILE_FAILED", std::string(call) + ": " + std::generic_category().message(errno));
}

}  // namespace

Result<MemoryFile> MemoryFile::create(std::string_view name, const Secret& content) {
  const int fd = ::memfd_create(std::string(name).c_str(), MFD_CLOEXEC);
  if (fd < 0) return failed("memfd_create");
  MemoryFile file(fd);
  if (::fchmod(fd, S_IRUSR | S_IWUSR) != 0) return failed("fchmod");
  TRY_VOID(file.replace(content));
  return file;
}

MemoryFile::MemoryFile(MemoryFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

MemoryFile& MemoryFile::operator=(MemoryFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

MemoryFile::~MemoryFile() {
  if (fd_ >= 0) ::close(fd_);
}

std::string MemoryFile::path() const { return "/proc/self/fd/" + std::to_string(fd_); }

Result<void> MemoryFile::replace(const Secret& content) {
  const auto bytes = content.reveal();
  std::size_t written = 0;
  while (written < bytes.size()) {
    const auto count = ::pwrite(fd_, bytes.data() + written, bytes.size() - written, static_cast<off_t>(written));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return failed("pwrite");
    written += static_cast<std::size_t>(count);
  }
  if (::ftruncate(fd_, static_cast<off_t>(bytes.size())) != 0) return failed("ftruncate");
  return {};
}

}  // namespace pratique::crypto
