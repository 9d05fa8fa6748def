#include "libs/obs/pseudonym.h"

#include "libs/base/hex.h"
#include "libs/crypto/primitives/digest.h"

namespace pratique::obs {

std::string Pseudonyms::of(std::string_view device_id) const {
  const auto tag = crypto::hmac_sha256(key_, as_bytes(device_id));
  return "p-" + hex_encode(ByteView(tag).first(8));
}

}  // namespace pratique::obs
