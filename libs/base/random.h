// Randomness as an argument. The real source is crypto::SystemRandom (libs/crypto/primitives).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "libs/base/bytes.h"

namespace pratique {

/// Cryptographically strong bytes. Thread-safe. A source that cannot deliver ends the process: no caller
/// could go on safely.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  Bytes bytes(std::size_t count) {
    Bytes out(count);
    fill(out);
    return out;
  }
};

/// Bytes that anyone can foretell; for tests alone.
class PredictableRandom final : public Random {
 public:
  explicit PredictableRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> out) override;

 private:
  std::uint64_t state_;
};

}  // namespace pratique
