// The two forms of an ECDSA signature: DER ECDSA-Sig-Value (X.509, CMS, TPM) and r | s of fixed size (COSE, JOSE, DPP).
#pragma once

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/crypto/keys/public_key.h"

namespace pratique::crypto {

/// Bytes of r (and of s): 32, 48 or 66; 0 for a key that is not EC.
std::size_t ecdsa_scalar_size(KeyAlgorithm curve);

/// INVALID_ARGUMENT ECDSA_SIGNATURE_MALFORMED.
Result<Bytes> ecdsa_der_to_fixed(ByteView der, KeyAlgorithm curve);
Result<Bytes> ecdsa_fixed_to_der(ByteView fixed, KeyAlgorithm curve);

}  // namespace pratique::crypto
