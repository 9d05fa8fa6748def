// Internal to this room: extensions of CRLs and of their entries (RFC 5280 sections 5.2 and 5.3).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/crypto/revocation/crl.h"
#include "libs/crypto/x509/names.h"

namespace pratique::crypto {

struct CrlExtensions {
  std::optional<std::string> number_hex = {};
  std::optional<Bytes> authority_key_id = {};
  CrlScope scope = {};
};

/// `content`: what is inside the SEQUENCE. Critical ones that are not known are added to `unknown`. INVALID_ARGUMENT
/// DER_INVALID.
Result<CrlExtensions> read_crl_extensions(ByteView content, std::vector<std::string>& unknown);
Result<RevocationReason> read_entry_extensions(ByteView content, std::vector<std::string>& unknown);

/// Sorted by OID; the issuing distribution point only where there is a URL or `only_user_certificates`.
/// INVALID_ARGUMENT DER_INVALID.
Result<Bytes> encode_crl_extensions(std::uint64_t number, ByteView authority_key_id, std::string_view url,
                                    bool only_user_certificates);
/// Empty for `unspecified` (RFC 5280 section 5.3.1).
Result<Bytes> encode_entry_extensions(RevocationReason reason);

}  // namespace pratique::crypto
