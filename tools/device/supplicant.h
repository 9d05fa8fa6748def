// What wpa_supplicant needs to bring the device through an 802.1X port by EAP-TLS (RFC 5216): a configuration, the
// LDevID, its key, and whom to believe.
//
//   TRY(const auto config, write_supplicant(device, {.folder = "/run/sensor-7"}));
//   wpa_supplicant -D wired -i eth0 -c <config>
//
// After a renewal: write_supplicant again, then `wpa_cli reconfigure`. Files of the certificate before stay until the
// next renewal, since a supplicant that runs reads them at each login.
//
// Whom to believe follows from the onboarding alone: the CAs that the voucher and EST told of, and the name
// "radius.<trust domain>", the trust domain being that of the LDevID's own name (spiffe://<trust domain>/device/…).
// Without that name any device of the domain could pose as the RADIUS server (a certificate of the same CA), so where
// the LDevID bears none, nothing is written.
//
// The key is encrypted; its passphrase stands in the configuration, mode 0600. So the folder must be one in memory
// (tmpfs), and is refused where it is on a disk: nothing that opens the key outlives the device's power. It may be
// swapped out where the machine swaps.
#pragma once

#include <filesystem>
#include <string>

#include "libs/base/result.h"
#include "tools/device/device.h"
#include "tools/device/records.h"

namespace pratique::device {

struct SupplicantOptions {
  std::filesystem::path folder;        // in memory; made with mode 0700 if absent
  std::filesystem::path control = {};  // wpa_supplicant's ctrl_interface; empty: none
};

/// The RADIUS server's name. FAILED_PRECONDITION SUPPLICANT_SERVER_UNKNOWN where the LDevID tells no trust domain.
Result<std::string> radius_server_of(const Credential& credential);

/// The path of the configuration. FAILED_PRECONDITION NOT_ONBOARDED, SUPPLICANT_SERVER_UNKNOWN,
/// SUPPLICANT_FOLDER_ON_DISK, SUPPLICANT_FOLDER_UNSAFE (not ours, or open to others); INVALID_ARGUMENT
/// SUPPLICANT_PATH_INVALID; UNAVAILABLE FILE_UNWRITABLE.
Result<std::filesystem::path> write_supplicant(Device& device, const SupplicantOptions& options);

}  // namespace pratique::device
