// Device identifiers as logs may carry them: a keyed hash, the same for the same device as long as the key
// lives, so that lines can be joined without naming anybody. Operators resolve one by asking the registrar.
#pragma once

#include <string>
#include <string_view>

#include "libs/base/secret.h"

namespace pratique::obs {

class Pseudonyms {
 public:
  /// Every service of an installation is given the same key (at least 16 bytes; it comes from a secret file).
  explicit Pseudonyms(Secret key) : key_(std::move(key)) {}
  /// "p-" and 16 hexadecimal digits: HMAC-SHA256 cut to 64 bits.
  std::string of(std::string_view device_id) const;

 private:
  Secret key_;
};

}  // namespace pratique::obs
