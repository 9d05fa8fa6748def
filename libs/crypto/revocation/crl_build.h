// Making a CRL: version 2 with authority key identifier, CRL number and reason codes (RFC 5280 sections 5.1 to 5.3).
//
//   TRY(const Bytes der, build_crl({.number = 7, .this_update = now, .next_update = now + 24h},
//                                  entries, ca_certificate, ca_key));
//
// It is signed through Signer::sign alone, so that the key may be anywhere.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "libs/base/result.h"
#include "libs/crypto/keys/signer.h"
#include "libs/crypto/revocation/crl.h"
#include "libs/crypto/x509/certificate.h"

namespace pratique::crypto {

struct CrlProfile {
  /// Grows from each list to the next (section 5.2.3): a relying party refuses to go back.
  std::uint64_t number = 0;
  /// Whole seconds; fractions are cut off.
  Timestamp this_update = {};
  Timestamp next_update = {};
  /// Where the list is published. Not empty: a critical issuing distribution point with this URL, which must then be
  /// the crl_url of the certificates that it is for. Only for a CA that has several lists.
  std::string distribution_point = {};
  /// The list speaks for end entities alone (onlyContainsUserCerts); writes an issuing distribution point.
  bool only_user_certificates = false;
};

/// DER. Entries come in any order and are written sorted by serial number, so that the same facts give the same list.
/// INVALID_ARGUMENT CRL_PROFILE_INVALID: times backwards or out of range, a URL that is none, a serial number that is
/// no positive number of 20 bytes at most or there twice, reason removeFromCRL, more than kMaxCrlEntries.
/// FAILED_PRECONDITION CRL_SIGNER_MISMATCH (the signer's key is not the issuer's), CRL_ISSUER_MAY_NOT_SIGN (no CA, or
/// a key usage without cRLSign); UNIMPLEMENTED SIGNATURE_KEY_UNSUPPORTED; and those of Signer::sign.
Result<Bytes> build_crl(const CrlProfile& profile, std::span<const CrlEntry> entries, const Certificate& issuer,
                        const Signer& issuer_key);

}  // namespace pratique::crypto
