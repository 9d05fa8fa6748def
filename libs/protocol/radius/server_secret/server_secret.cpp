#include "libs/protocol/radius/server_secret/server_secret.h"

#include <algorithm>

namespace pratique::radius {

Bytes server_secret_context(std::string_view switch_id) {
  return crypto::envelope_context({"network.switch", "radius_secret_for_server", switch_id});
}

Result<Bytes> seal_server_secret(const crypto::MasterKeys& keys, std::string_view switch_id, const Secret& secret,
                                 Random& random) {
  const auto bytes = secret.reveal();
  if (bytes.size() < kMinServerSecret || bytes.size() > kMaxServerSecret ||
      !std::ranges::all_of(bytes, [](std::uint8_t one) { return one > 0x20 && one < 0x7f; }))
    return invalid("RADIUS_SECRET_UNUSABLE",
                   "a switch's secret is 16 to 128 printable ASCII characters without spaces");
  return crypto::Envelope(keys, random).seal(secret, server_secret_context(switch_id));
}

Result<Secret> open_server_secret(const crypto::MasterKeys& keys, std::string_view switch_id, ByteView sealed,
                                  Random& random) {
  return crypto::Envelope(keys, random).open(sealed, server_secret_context(switch_id));
}

}  // namespace pratique::radius
