// Everything that a device acquired since it was made: named records, each sealed (libs/crypto/primitives/envelope.h)
// under a key that follows from the device's passphrase. Or in memory alone, for many devices in one process.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/random.h"
#include "libs/base/result.h"
#include "libs/base/secret.h"
#include "libs/crypto/primitives/envelope.h"
#include "tools/pki/folder.h"

namespace pratique::device {

class StateStore {
 public:
  StateStore() = default;  // in memory
  /// Records in `folder`, which need not exist yet. `random` must outlive the store.
  static Result<StateStore> open(std::filesystem::path folder, const Secret& passphrase, Random& random);

  /// DATA_LOSS ENVELOPE_ALTERED where the record was changed or was sealed by another device.
  Result<std::optional<Secret>> find(std::string_view name) const;
  /// Whole or not at all.
  Result<void> put(std::string_view name, const Secret& content);
  Result<void> remove(std::string_view name);
  /// All records.
  Result<void> wipe();

 private:
  struct Sealed {
    pki::Folder folder;
    crypto::Envelope envelope;
  };
  std::optional<Sealed> sealed_;
  std::map<std::string, Secret, std::less<>> memory_;
};

}  // namespace pratique::device
