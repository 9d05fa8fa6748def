// Hexadecimal text (RFC 4648 section 8).
#pragma once

#include <string>
#include <string_view>

#include "libs/base/bytes.h"
#include "libs/base/result.h"

namespace pratique {

/// Lower case, no separators.
std::string hex_encode(ByteView bytes);
/// Either case, no separators; INVALID_ARGUMENT HEX_INVALID names the first bad position.
Result<Bytes> hex_decode(std::string_view text);

}  // namespace pratique
