// A secret behind a path that no disk ever sees, for libraries that want a file (gRPC's TLS provider).
//
//   TRY(auto file, MemoryFile::create("tls-key", secret));
//   provider(file.path(), …);           // "/proc/self/fd/7": only this process (and root) can open it
#pragma once

#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/base/secret.h"

namespace pratique::crypto {

/// Owns a memfd, closed on exec; the path is good as long as the object lives.
class MemoryFile {
 public:
  /// `name` shows in /proc only.
  static Result<MemoryFile> create(std::string_view name, const Secret& content);
  MemoryFile(MemoryFile&& other) noexcept;
  MemoryFile& operator=(MemoryFile&& other) noexcept;
  ~MemoryFile();

  std::string path() const;
  /// New content under the same path. Not atomic for a reader in between: a watcher must cope with a torn file
  /// (gRPC's does: it takes a key and a certificate only when they match).
  Result<void> replace(const Secret& content);

 private:
  explicit MemoryFile(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace pratique::crypto
