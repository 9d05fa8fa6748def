// What a device's manufacturer certificate (IDevID, IEEE 802.1AR; RFC 8995 section 2.3) says of it. Reading it trusts
// nothing: see genuineness.h.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/crypto/x509/certificate.h"

namespace pratique::registrar {

inline constexpr std::size_t kMaxIdevidChain = 10;  // certificates, the leaf included

struct Idevid {
  crypto::Certificate leaf;
  std::vector<crypto::Certificate> intermediates = {};
  std::string serial_number = {};  // X.520 serialNumber; empty where the certificate has none that can be used
  std::string model = {};          // of "PID:<model> SN:<serial>", else the common name; may be empty
  std::string fingerprint = {};    // SHA-256 of the SPKI, lower-case hex
  std::string masa_url = {};       // as written: often host[:port] alone
  std::string mud_url = {};
};

/// The chain as the device presented it, leaf first. INVALID_ARGUMENT IDEVID_UNREADABLE says which certificate cannot
/// be read, or that there is none or too many.
Result<Idevid> read_idevid(std::span<const Bytes> chain);

/// Keys under which anchors are found that may end this chain (storage/manufacturers.h): SHA-256 of the DER of every
/// issuer name in it, and of every certificate in it.
std::vector<Bytes> anchor_subject_keys(const Idevid& idevid);
std::vector<Bytes> anchor_certificate_keys(const Idevid& idevid);

}  // namespace pratique::registrar
