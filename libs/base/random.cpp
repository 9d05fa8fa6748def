#include "libs/base/random.h"

namespace pratique {

void PredictableRandom::fill(std::span<std::uint8_t> out) {
  for (auto& byte : out) {  // splitmix64, one step a byte
    state_ += 0x9E3779B97F4A7C15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    byte = static_cast<std::uint8_t>(z ^ (z >> 31));
  }
}

}  // namespace pratique
