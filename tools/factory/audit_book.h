// The MASA's audit logs (RFC 8995 section 5.8): one file a device, each in the form in which it is answered.
#pragma once

#include <filesystem>
#include <mutex>
#include <string_view>

#include "libs/base/result.h"
#include "libs/protocol/brski/audit_log.h"
#include "tools/pki/folder.h"

namespace pratique::factory {

/// Beyond, the oldest entry that a later one of the same owner repeats is left out and counted; where there is none
/// such, the oldest of all.
inline constexpr std::size_t kMaxKeptEvents = 256;

/// Thread-safe; one a process, and one process a folder.
class AuditBook {
 public:
  explicit AuditBook(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Empty for a device that was never given a voucher. `serial` must be a serial number (device_register.h).
  Result<brski::AuditLog> get(std::string_view serial) const;
  /// On disk when it returns.
  Result<void> append(std::string_view serial, brski::AuditEvent event);

 private:
  pki::Folder folder_;
  mutable std::mutex mutex_;
};

}  // namespace pratique::factory
