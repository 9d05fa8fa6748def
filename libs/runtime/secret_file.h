// A secret that configuration names by the file it stands in.
//
// The file must be regular (a symbolic link to one is followed: Kubernetes mounts secrets so) and closed to
// others: owned by us with mode 0600 or 0400; or, not ours but root's, readable by us only through our group
// and writable by root alone (0440, 0640: a Kubernetes volume with fsGroup).
#pragma once

#include <filesystem>

#include "libs/base/result.h"
#include "libs/base/secret.h"

namespace pratique::runtime {

struct SecretFile {
  static constexpr std::size_t kMaxBytes = 64 * 1024;

  std::filesystem::path path;

  bool empty() const { return path.empty(); }
  /// The bytes as they stand. FAILED_PRECONDITION SECRET_FILE_UNSAFE (who could read it, and the chmod that
  /// mends it), NOT_FOUND SECRET_FILE_MISSING, INVALID_ARGUMENT SECRET_FILE_EMPTY or SECRET_FILE_TOO_LARGE.
  Result<Secret> load() const;
  /// The same less one line end at its end; for passwords and passphrases.
  Result<Secret> load_text() const;
};

}  // namespace pratique::runtime
