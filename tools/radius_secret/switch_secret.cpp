#include "tools/radius_secret/switch_secret.h"

#include <algorithm>

#include "libs/base/hex.h"

namespace pratique::radius_secret {

Bytes secret_context(std::string_view switch_id) {
  return crypto::envelope_context({"network.switch", "radius_secret_for_server", switch_id});
}

Result<std::string> seal_secret(const crypto::MasterKeys& keys, std::string_view switch_id, const Secret& secret,
                                Random& random) {
  const auto bytes = secret.reveal();
  if (bytes.size() < kMinSecret || bytes.size() > kMaxSecret ||
      !std::ranges::all_of(bytes, [](std::uint8_t one) { return one > 0x20 && one < 0x7f; }))
    return invalid("RADIUS_SECRET_UNUSABLE",
                   "a switch's secret is 16 to 128 printable ASCII characters without spaces");
  TRY(const auto sealed, crypto::Envelope(keys, random).seal(secret, secret_context(switch_id)));
  return hex_encode(sealed);
}

Result<Secret> open_secret(const crypto::MasterKeys& keys, std::string_view switch_id, std::string_view sealed,
                           Random& random) {
  TRY(const auto bytes, hex_decode(sealed));
  return crypto::Envelope(keys, random).open(bytes, secret_context(switch_id));
}

}  // namespace pratique::radius_secret
