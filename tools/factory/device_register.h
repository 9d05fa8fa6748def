// Which devices were made: one file each, so that many writers do not wait for each other and a crash harms none.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/crypto/keys/public_key.h"
#include "tools/pki/folder.h"

namespace pratique::factory {

inline constexpr std::size_t kMaxSerial = 64;  // characters (IEEE 802.1AR section 8.6)

/// Letters, digits, '-', '.', ':'; not from '.'. Such a name is a file's as well.
bool is_serial(std::string_view serial);

struct MadeDevice {
  std::string serial;
  std::string model;
  std::string mud_url = {};
  Timestamp made_on = {};
  crypto::PublicKey key;  // of its IDevID
  bool blocked = false;   // no voucher is given
};

/// Thread-safe: the files are the state.
class DeviceRegister {
 public:
  explicit DeviceRegister(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Nothing for a serial number that is none of ours, or no serial number. DATA_LOSS REGISTER_INVALID.
  Result<std::optional<MadeDevice>> find(std::string_view serial) const;
  /// Anew, or in place of the old entry. INVALID_ARGUMENT SERIAL_INVALID.
  Result<void> put(const MadeDevice& device) const;
  /// In the order of the serial numbers.
  Result<std::vector<MadeDevice>> list() const;

 private:
  pki::Folder folder_;
};

}  // namespace pratique::factory
