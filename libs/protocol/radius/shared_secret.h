// The secret that a NAS and we share (RFC 2865 section 3). It never stands in an error, a verdict or a log.
#pragma once

#include <cstddef>

#include "libs/base/result.h"
#include "libs/base/secret.h"

namespace pratique::radius {

inline constexpr std::size_t kMaxSharedSecret = 128;  // bytes; equipment takes 16 to 128
/// RFC 2865 section 3 asks for at least 16 bytes: anyone who sees a packet can guess shorter ones off line.
inline constexpr std::size_t kGoodSharedSecret = 16;

class SharedSecret {
 public:
  /// INVALID_ARGUMENT RADIUS_SECRET_UNUSABLE: empty (RFC 2865 forbids it), too long, or with a byte below 32 at an end,
  /// which is a line break of its file.
  static Result<SharedSecret> make(Secret secret);

  const Secret& secret() const { return secret_; }
  bool is_short() const { return secret_.size() < kGoodSharedSecret; }

 private:
  explicit SharedSecret(Secret secret) : secret_(std::move(secret)) {}
  Secret secret_;
};

}  // namespace pratique::radius
