// What a device remembers across restarts: the voucher request that is under way, and the credential it got.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/base/secret.h"
#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/x509/certificate.h"
#include "libs/protocol/voucher/nonce.h"

namespace pratique::device {

/// From the first sending of a voucher request until the credential is there.
struct Progress {
  std::string registrar;       // URL of the request
  crypto::Certificate server;  // the TLS server that the request names
  Bytes request;               // sent again unchanged
  voucher::Nonce nonce;
  std::chrono::seconds waited{0};               // since the first sending
  std::optional<Bytes> voucher = {};            // once it was accepted
  std::optional<crypto::SoftwareKey> key = {};  // of the credential, once it was made
};

/// The LDevID and what it hangs on.
struct Credential {
  std::string registrar;                   // host:port
  std::vector<crypto::Certificate> chain;  // the LDevID first, then what the CA sent with it
  crypto::SoftwareKey key;
  std::vector<crypto::Certificate> domain_anchors;  // never empty
  Bytes voucher;                                    // as received: the proof of whose the device is

  const crypto::Certificate& ldevid() const { return chain.front(); }
};

/// Where the files for a supplicant stand, and of which certificate (lower-case hex) they were written last.
struct SupplicantRecord {
  std::filesystem::path folder;
  std::string serial;
};

inline constexpr std::string_view kProgressRecord = "progress";
inline constexpr std::string_view kCredentialRecord = "credential";
inline constexpr std::string_view kSupplicantRecord = "supplicant";

Result<Secret> encode_progress(const Progress& progress);
Result<Secret> encode_credential(const Credential& credential);
Secret encode_supplicant(const SupplicantRecord& supplicant);
/// DATA_LOSS DEVICE_STATE_INVALID: such a record was never written by us.
Result<Progress> parse_progress(const Secret& record);
Result<Credential> parse_credential(const Secret& record);
Result<SupplicantRecord> parse_supplicant(const Secret& record);

}  // namespace pratique::device
