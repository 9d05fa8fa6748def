// Making OCSP responses, signed by the issuer itself or by a responder that it appointed (RFC 6960 section 4.2.2.2):
// a certificate with EKU OCSPSigning that the same CA issued (CertificateProfile::ocsp_responder).
//
//   ocsp::Responder responder{ca_certificate, responder_certificate, &responder_key};
//   TRY(const Bytes der, ocsp::build_response(responder, {{single}}, clock.now()));
//
// Without a nonce an answer may be made ahead of time and given to everybody; see http_caching.h.
#pragma once

#include <optional>
#include <span>

#include "libs/base/result.h"
#include "libs/crypto/keys/signer.h"
#include "libs/crypto/revocation/ocsp_response.h"
#include "libs/crypto/x509/certificate.h"

namespace pratique::crypto::ocsp {

/// `certificate` equals `issuer` where the CA answers itself. `key` must outlive the calls.
struct Responder {
  Certificate issuer;
  Certificate certificate;
  const Signer* key = nullptr;
};

/// What would make every relying party refuse its answers: FAILED_PRECONDITION OCSP_SIGNER_MISMATCH (the key is not the
/// certificate's), OCSP_RESPONDER_NOT_DELEGATED (not issued by `issuer`, no EKU OCSPSigning, a key usage that does not
/// sign), OCSP_RESPONDER_EXPIRED. For the start of a service, and in build_response.
Result<void> check_responder(const Responder& responder, Timestamp now);

/// DER of a successful OCSPResponse: responder by the hash of its key, its certificate inside (but for the issuer's
/// own), `singles` in the order given. All times are cut to whole seconds. INVALID_ARGUMENT OCSP_ANSWER_INVALID: no
/// single response or more than kMaxSingleResponses, times backwards or out of range, reason removeFromCRL;
/// OCSP_NONCE_INVALID; OCSP_ID_INVALID. NOT_FOUND OCSP_ISSUER_UNKNOWN: about another issuer's certificate. Those of
/// check_responder at `produced_at` but for the signature on the responder's certificate, and of Signer::sign.
Result<Bytes> build_response(const Responder& responder, std::span<const SingleResponse> singles, Timestamp produced_at,
                             std::optional<ByteView> nonce = {});

/// An unsigned answer; `status` must not be `successful` (which gives internalError).
Bytes encode_error_response(ResponseStatus status);
/// Which unsigned answer says what was wrong with a request, or with us, given the error of parse_request,
/// build_response or of whoever looked the certificate up.
ResponseStatus error_response_for(const Error& error);

}  // namespace pratique::crypto::ocsp
