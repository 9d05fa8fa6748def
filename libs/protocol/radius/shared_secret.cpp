#include "libs/protocol/radius/shared_secret.h"

namespace pratique::radius {

Result<SharedSecret> SharedSecret::make(Secret secret) {
  const auto unusable = [](std::string_view what) { return invalid("RADIUS_SECRET_UNUSABLE", what); };
  const auto bytes = secret.reveal();
  if (bytes.empty()) return unusable("a shared secret may not be empty");
  if (bytes.size() > kMaxSharedSecret) return unusable("a shared secret has at most 128 bytes");
  if (bytes.front() < ' ' || bytes.back() < ' ')
    return unusable("the shared secret begins or ends with a control character, perhaps its file's line break");
  return SharedSecret(std::move(secret));
}

}  // namespace pratique::radius
