// Why a certificate was revoked (RFC 5280 section 5.3.1), and the words for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "libs/base/timestamp.h"

namespace pratique::crypto {

/// The values are those of the standard; 7 is not used. `remove_from_crl` stands in delta CRLs alone: it is read and
/// never written.
enum class RevocationReason : std::uint8_t {
  unspecified = 0,
  key_compromise = 1,
  ca_compromise = 2,
  affiliation_changed = 3,
  superseded = 4,
  cessation_of_operation = 5,
  certificate_hold = 6,
  remove_from_crl = 8,
  privilege_withdrawn = 9,
  aa_compromise = 10,
};

/// "keyCompromise", as RFC 5280 writes it.
std::string_view to_string(RevocationReason reason);
/// None for a number that stands for no reason.
std::optional<RevocationReason> revocation_reason(std::int64_t number);
/// None for a word that to_string does not give.
std::optional<RevocationReason> parse_revocation_reason(std::string_view text);

/// `at` counts in whole seconds.
struct Revocation {
  Timestamp at = {};
  RevocationReason reason = RevocationReason::unspecified;
  friend bool operator==(const Revocation&, const Revocation&) = default;
};

}  // namespace pratique::crypto
