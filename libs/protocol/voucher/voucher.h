// The content of a voucher, ietf-voucher:voucher (RFC 8366 section 5, RFC 8366bis). Unknown members are ignored.
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

struct Voucher {
  std::optional<Timestamp> created_on = {};  // strict reading: always there
  std::optional<Timestamp> expires_on = {};
  Assertion assertion = Assertion::logged;
  std::string serial_number = {};
  std::optional<Nonce> nonce = {};
  std::optional<Bytes> idevid_issuer = {};
  /// DER of the owner's certificate: an end entity or a CA. None (and no key below): the join has failed.
  std::optional<Bytes> pinned_domain_cert = {};
  /// RFC 8366bis: a SubjectPublicKeyInfo, or its SHA-256, in place of the certificate.
  std::optional<Bytes> pinned_domain_pubk = {};
  std::optional<Bytes> pinned_domain_pubk_sha256 = {};
  std::optional<bool> domain_cert_revocation_checks = {};
  std::optional<Timestamp> last_renewal_date = {};
  /// RFC 8366bis: where to enrol, when a cloud registrar says so.
  std::optional<std::string> est_domain = {};
  std::optional<std::string> additional_configuration_url = {};

  /// What a lenient reading let pass, in words; empty after a strict one. Not encoded.
  std::vector<std::string> leniencies = {};
};

/// INVALID_ARGUMENT VOUCHER_CONTENT_INVALID names the member; or a JSON_ reason.
Result<Voucher> parse_voucher(ByteView json, WireProfile profile);
/// Compact JSON, UTC times, members in a fixed order.
std::string encode_voucher(const Voucher& voucher);

}  // namespace pratique::voucher
