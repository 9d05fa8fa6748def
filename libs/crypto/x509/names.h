// The parts of which certificates and CSRs are made: subject names, alternative names, extensions, key usage.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libs/base/bytes.h"

namespace pratique::crypto {

/// A subject to be written, in this order: C, O, OU, CN, serialNumber; empty fields are left out. UTF-8.
struct Name {
  std::string country = {};  // two letters
  std::string organization = {};
  std::string organizational_unit = {};
  std::string common_name = {};
  std::string serial_number = {};  // X.520 serialNumber: the device's, not the certificate's
};

/// ip as text: "192.0.2.1", "2001:db8::1".
struct SubjectAltNames {
  std::vector<std::string> dns = {}, uri = {}, email = {}, ip = {};
  bool empty() const { return dns.empty() && uri.empty() && email.empty() && ip.empty(); }
  friend bool operator==(const SubjectAltNames&, const SubjectAltNames&) = default;
};

/// `value`: the bytes inside extnValue's OCTET STRING.
struct Extension {
  std::string oid;
  bool critical = false;
  Bytes value;
  friend bool operator==(const Extension&, const Extension&) = default;
};

/// Bits of keyUsage (RFC 5280 section 4.2.1.3), to be or-ed.
namespace key_usage {
inline constexpr std::uint16_t kDigitalSignature = 0x0080;
inline constexpr std::uint16_t kContentCommitment = 0x0040;
inline constexpr std::uint16_t kKeyEncipherment = 0x0020;
inline constexpr std::uint16_t kDataEncipherment = 0x0010;
inline constexpr std::uint16_t kKeyAgreement = 0x0008;
inline constexpr std::uint16_t kKeyCertSign = 0x0004;
inline constexpr std::uint16_t kCrlSign = 0x0002;
}  // namespace key_usage

}  // namespace pratique::crypto
