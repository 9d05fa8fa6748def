// Files of an installation's keys: written whole or not at all, secrets readable by their owner alone.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/base/secret.h"

namespace pratique::pki {

inline constexpr std::size_t kMaxFile = 1 << 20;  // bytes

class Folder {
 public:
  explicit Folder(std::filesystem::path root) : root_(std::move(root)) {}

  /// Nothing where there is no such file; UNAVAILABLE FILE_UNREADABLE.
  Result<std::optional<std::string>> find(const std::filesystem::path& name) const;
  /// NOT_FOUND FILE_MISSING.
  Result<std::string> get(const std::filesystem::path& name) const;
  Result<Secret> get_secret(const std::filesystem::path& name) const;
  /// Mode 0644 and 0600. Folders on the way are made (0755). UNAVAILABLE FILE_UNWRITABLE.
  Result<void> put(const std::filesystem::path& name, std::string_view content) const;
  Result<void> put_secret(const std::filesystem::path& name, const Secret& content) const;

  const std::filesystem::path& root() const { return root_; }

 private:
  Result<void> write(const std::filesystem::path& name, std::string_view content, unsigned mode) const;
  std::filesystem::path root_;
};

}  // namespace pratique::pki
