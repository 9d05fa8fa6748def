// What the factory puts into a device, and how it lies in the device's folder (README.md). The factory writes it once;
// nothing here changes afterwards, not even by a wipe.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "libs/base/random.h"
#include "libs/base/result.h"
#include "libs/base/secret.h"
#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/x509/certificate.h"

namespace pratique::device {

inline constexpr std::string_view kPassphraseFile = "idevid.pass";

struct Manufactured {
  std::vector<crypto::Certificate> chain;  // the IDevID first, then the CAs below the manufacturer's root
  crypto::SoftwareKey key;
  std::vector<crypto::Certificate> voucher_anchors;  // who may sign vouchers for this device

  const crypto::Certificate& idevid() const { return chain.front(); }
  /// X.520 serialNumber of the IDevID; "" where it has none.
  std::string serial() const { return idevid().subject_serial_number().value_or(""); }
};

/// Writes idevid.crt, idevid.key (encrypted), idevid.pass and voucher-anchors.pem. UNAVAILABLE FILE_UNWRITABLE.
Result<void> put_manufactured(const std::filesystem::path& folder, const Manufactured& made, Random& random);
/// NOT_FOUND FILE_MISSING, FAILED_PRECONDITION IDENTITY_BROKEN or SECRET_FILE_UNSAFE, the errors of keys and
/// certificates.
Result<Manufactured> load_manufactured(const std::filesystem::path& folder);
/// Opens the key, and seals the state (state_store.h). FAILED_PRECONDITION SECRET_FILE_UNSAFE.
Result<Secret> load_passphrase(const std::filesystem::path& folder);

}  // namespace pratique::device
