// Base64 and base64url (RFC 4648 sections 4 and 5).
#pragma once

#include <string>
#include <string_view>

#include "libs/base/bytes.h"
#include "libs/base/result.h"

namespace pratique {

/// Standard alphabet, padded, no line breaks (what RFC 8951 asks EST to emit).
std::string base64_encode(ByteView bytes);
/// URL alphabet, no padding (RFC 7515).
std::string base64url_encode(ByteView bytes);

/// Strict: standard alphabet, padding required, no white space, zero trailing bits.
Result<Bytes> base64_decode(std::string_view text);
/// What peers really send: either alphabet, padding optional, ASCII white space ignored.
Result<Bytes> base64_decode_lenient(std::string_view text);

}  // namespace pratique
