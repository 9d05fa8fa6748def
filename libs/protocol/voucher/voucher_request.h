// The content of a voucher request, ietf-voucher-request:voucher (RFC 8995 section 3, RFC 8366bis): the pledge's
// (PVR) and the registrar's (RVR) have the same form. Unknown members are ignored. Signing: signed_voucher.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/protocol/voucher/assertion.h"
#include "libs/protocol/voucher/nonce.h"
#include "libs/protocol/voucher/wire_profile.h"

namespace pratique::voucher {

inline constexpr std::size_t kMaxContentBytes = 192 << 10;  // of the JSON text
inline constexpr std::size_t kMaxSerialNumber = 256;        // characters

struct VoucherRequest {
  std::optional<Timestamp> created_on = {};
  std::optional<Assertion> assertion = {};
  std::string serial_number = {};
  std::optional<Nonce> nonce = {};
  /// As sent; what it may look like: idevid_issuer.h.
  std::optional<Bytes> idevid_issuer = {};
  /// DER of the registrar's TLS certificate as the pledge saw it; PVR alone.
  std::optional<Bytes> proximity_registrar_cert = {};
  /// RFC 8366bis: its SubjectPublicKeyInfo, or the SHA-256 of that, in place of the certificate.
  std::optional<Bytes> proximity_registrar_pubk = {};
  std::optional<Bytes> proximity_registrar_pubk_sha256 = {};
  /// The pledge's request byte for byte; RVR alone.
  std::optional<Bytes> prior_signed_voucher_request = {};

  /// What a lenient reading let pass, in words; empty after a strict one. Not encoded.
  std::vector<std::string> leniencies = {};
};

/// INVALID_ARGUMENT VOUCHER_REQUEST_INVALID names the member; or a JSON_ reason.
Result<VoucherRequest> parse_voucher_request(ByteView json, WireProfile profile);
/// Compact JSON, UTC times, members in a fixed order.
std::string encode_voucher_request(const VoucherRequest& request);

}  // namespace pratique::voucher
