// EST's message bodies: base64 of DER (RFC 8951 section 3). Content-Transfer-Encoding is ignored (errata 5904): nothing
// here asks for it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "libs/base/bytes.h"
#include "libs/base/result.h"

namespace pratique::est {

inline constexpr std::size_t kMaxRequestDer = 32 << 10;    // bytes; a CSR with an RSA-8192 key needs 3 KiB
inline constexpr std::size_t kMaxResponseDer = 256 << 10;  // bytes; cacerts with some fifty CAs
/// How much text a body may be: base64 with line breaks, armour and slack.
constexpr std::size_t max_body(std::size_t max_der) { return max_der * 3 / 2 + 1024; }

/// Without line breaks.
std::string encode_body(ByteView der);
/// With or without line breaks, padding optional, PEM armour tolerated (its label is not looked at), and bare DER,
/// which some servers send. INVALID_ARGUMENT EST_BODY_EMPTY, EST_BODY_NOT_BASE64, EST_BODY_TOO_LARGE.
Result<Bytes> decode_body(std::string_view body, std::size_t max_der);

}  // namespace pratique::est
