// Internal to this room: what CRLs and OCSP responses have in common: a part that is signed, the algorithm, the
// signature (RFC 5280 section 5.1.1, RFC 6960 section 4.2.1).
#pragma once

#include <string_view>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/base/verdict.h"
#include "libs/codec/tlv/der.h"
#include "libs/crypto/keys/signer.h"

namespace pratique::crypto {

/// Views into the input.
struct SignedForm {
  der::Element part;
  der::Element algorithm;
  ByteView signature;
};

/// Takes the three from `parts`. INVALID_ARGUMENT DER_INVALID.
Result<SignedForm> read_signed_form(der::Reader& parts, std::string_view what);

/// A SEQUENCE of `part`, the algorithm of Signer::sign, its signature, and what follows it.
Result<Bytes> encode_signed_form(const Bytes& part, const Signer& key, const std::vector<Bytes>& behind = {});

/// Codes `prefix` + "_SIGNATURE_REFUSED" (an algorithm that is not taken), "_SIGNATURE_INVALID".
Verdict judge_signature(ByteView part, ByteView algorithm, ByteView signature, const PublicKey& key,
                        std::string_view prefix);

}  // namespace pratique::crypto
