// MD5 (RFC 1321) and HMAC-MD5 (RFC 2104) for RADIUS (RFC 2865, RFC 3579, RFC 5176), which knows nothing else. MD5 is
// broken: collisions are a matter of seconds. Never use it for anything new.
#pragma once

#include <initializer_list>

#include "libs/base/bytes.h"
#include "libs/base/secret.h"

namespace pratique::crypto {

inline constexpr std::size_t kMd5ForRadiusSize = 16;  // bytes

/// Over the parts one after another, so that a secret among them is not copied.
Bytes md5_for_radius(std::initializer_list<ByteView> parts);
Bytes hmac_md5_for_radius(const Secret& key, ByteView data);

}  // namespace pratique::crypto
