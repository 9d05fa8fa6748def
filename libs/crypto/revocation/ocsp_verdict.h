// May an OCSP response be believed? (RFC 6960 section 3.2, RFC 5019 section 4.)
//
//   const auto verdict = ocsp::verify_response(response, {.id = id, .issuer = issuer, .now = clock.now()});
//   if (verdict.accepted() && verdict.single->state == CertificateState::good) …
//
// Accepted says that the answer is the issuer's word, of now, about this certificate; not that the word is "good".
#pragma once

#include <chrono>
#include <optional>

#include "libs/base/verdict.h"
#include "libs/crypto/revocation/crl_verdict.h"
#include "libs/crypto/revocation/ocsp_response.h"

namespace pratique::crypto::ocsp {

struct Question {
  CertId id;
  Certificate issuer;
  Timestamp now;
  /// As sent. A response without one is taken all the same (responders may answer ahead of time), one with another is
  /// not; `require_nonce` refuses both.
  std::optional<Bytes> nonce = {};
  bool require_nonce = false;
  std::chrono::seconds leeway = kRevocationLeeway;
  /// Where a response has no nextUpdate: how old it may be.
  std::chrono::seconds max_age = std::chrono::hours(1);
};

/// Codes:
///   OCSP_NOT_ANSWERED             an unsigned answer; evidence "status"
///   OCSP_RESPONDER_UNKNOWN        neither the issuer nor a certificate inside is the one that responderID names
///   OCSP_RESPONDER_NOT_DELEGATED  not issued by the issuer, no EKU OCSPSigning, or a key usage that does not sign
///   OCSP_RESPONDER_EXPIRED        or not yet valid
///   OCSP_SIGNATURE_REFUSED        an algorithm that this house does not take (SHA-1, RSASSA-PSS)
///   OCSP_SIGNATURE_INVALID
///   OCSP_ISSUER_MISMATCH          the question's id is not of the question's issuer: our own mistake
///   OCSP_CERTIFICATE_MISSING      it speaks of other certificates alone
///   OCSP_STALE, OCSP_NOT_YET_VALID
///   OCSP_NONCE_MISMATCH, OCSP_NONCE_MISSING
///   OCSP_EXTENSION_UNKNOWN        a critical one; evidence "oid"
/// Notes:
///   OCSP_NONCE_NOT_ECHOED         sent, not answered: the response may be as old as its times say
///   OCSP_RESPONDER_REVOCABLE      its certificate lacks id-pkix-ocsp-nocheck, and nobody checked it
struct ResponseVerdict : Verdict {
  /// What it says of the certificate; only when accepted.
  std::optional<SingleResponse> single;
};
ResponseVerdict verify_response(const Response& response, const Question& question);

}  // namespace pratique::crypto::ocsp
