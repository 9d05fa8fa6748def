// May a CRL be believed, and what does it say of a certificate? (RFC 5280 section 6.3.) Whether the issuer itself is
// to be trusted is chain.h's question.
#pragma once

#include <chrono>

#include "libs/base/timestamp.h"
#include "libs/base/verdict.h"
#include "libs/crypto/revocation/crl.h"
#include "libs/crypto/x509/certificate.h"

namespace pratique::crypto {

/// How far the clocks of issuer and relying party may be apart.
inline constexpr std::chrono::seconds kRevocationLeeway{300};

/// Codes:
///   CRL_ISSUER_MISMATCH        another name, or another key identifier, than the issuer's
///   CRL_ISSUER_MAY_NOT_SIGN    the issuer is no CA, or its key usage lacks cRLSign
///   CRL_SIGNATURE_REFUSED      an algorithm that this house does not take (SHA-1, RSASSA-PSS)
///   CRL_SIGNATURE_INVALID
///   CRL_NOT_YET_VALID, CRL_STALE
///   CRL_NEXT_UPDATE_MISSING    nobody can tell when it is stale
///   CRL_EXTENSION_UNKNOWN      a critical one (a delta CRL has one); evidence "oid"
///   CRL_SCOPE_REFUSED          it does not list all revocations of the issuer's certificates: indirect, some reasons
///                              only, attribute certificates only
Verdict verify_crl(const Crl& crl, const Certificate& issuer, Timestamp now,
                   std::chrono::seconds leeway = kRevocationLeeway);

/// First about the certificate, then the above:
///   CERTIFICATE_REVOKED        evidence "revoked_at", "reason"
///   CRL_CERTIFICATE_NOT_COVERED  another issuer's, or outside the list's scope: a CA where it is for end entities, a
///                              distribution point that the certificate does not name
/// Accepted: the certificate is not revoked, as far as was known at this_update.
Verdict judge_by_crl(const Certificate& certificate, const Crl& crl, const Certificate& issuer, Timestamp now,
                     std::chrono::seconds leeway = kRevocationLeeway);

}  // namespace pratique::crypto
