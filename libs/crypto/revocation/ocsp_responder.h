// Internal to this room: who may answer for an issuer (RFC 6960 section 4.2.2.2).
#pragma once

#include "libs/base/timestamp.h"
#include "libs/base/verdict.h"
#include "libs/crypto/x509/certificate.h"

namespace pratique::crypto::ocsp {

/// What the two certificates say, without the signature on the responder's. Codes OCSP_RESPONDER_NOT_DELEGATED,
/// OCSP_RESPONDER_EXPIRED.
Verdict judge_delegation(const Certificate& responder, const Certificate& issuer, Timestamp now);
/// That, and the signature, and that the key is not too weak.
Verdict judge_responder(const Certificate& responder, const Certificate& issuer, Timestamp now);

}  // namespace pratique::crypto::ocsp
