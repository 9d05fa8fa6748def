// Internal to this room: the nonce of OCSP, and what else stands in extensions of its messages (RFC 6960 section 4.4,
// RFC 8954).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"

namespace pratique::crypto::ocsp {

struct MessageExtensions {
  std::optional<Bytes> nonce = {};
  std::vector<std::string> unknown_critical = {};
};

/// `content`: what is inside [n] EXPLICIT Extensions. INVALID_ARGUMENT DER_INVALID, OCSP_NONCE_INVALID.
Result<MessageExtensions> read_message_extensions(ByteView content, std::size_t at_most);
/// Extensions with the nonce alone. INVALID_ARGUMENT OCSP_NONCE_INVALID.
Result<Bytes> encode_nonce(ByteView nonce);

}  // namespace pratique::crypto::ocsp
