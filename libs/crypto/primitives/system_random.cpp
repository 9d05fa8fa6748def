#include "libs/crypto/primitives/system_random.h"

#include <openssl/rand.h>

#include <algorithm>
#include <climits>
#include <cstdlib>

namespace pratique::crypto {

void SystemRandom::fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const auto piece = out.first(std::min<std::size_t>(out.size(), INT_MAX));
    if (RAND_bytes(piece.data(), static_cast<int>(piece.size())) != 1) std::abort();
    out = out.subspan(piece.size());
  }
}

}  // namespace pratique::crypto
