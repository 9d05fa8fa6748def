// The machine's randomness: OpenSSL's DRBG, seeded by the kernel.
#pragma once

#include "libs/base/random.h"

namespace pratique::crypto {

/// Thread-safe and without state; ends the process when the DRBG cannot deliver.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace pratique::crypto
