#include "libs/protocol/radius/retransmission.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace pratique::radius {
namespace {

constexpr double kJitter = 0.1;

Milliseconds scaled(Milliseconds wait, double factor) {
  return Milliseconds(std::llround(static_cast<double>(wait.count()) * factor));
}

}  // namespace

double draw_jitter(Random& random) {
  std::array<std::uint8_t, 2> bytes{};
  random.fill(bytes);
  const int drawn = bytes[0] << 8 | bytes[1];
  return kJitter * (2.0 * drawn / 65535.0 - 1.0);
}

Milliseconds first_wait(const RetransmissionPolicy& policy, double jitter) {
  return scaled(policy.initial, 1.0 + std::clamp(jitter, -kJitter, kJitter));
}

Milliseconds next_wait(const RetransmissionPolicy& policy, Milliseconds previous, double jitter) {
  const double bounded = std::clamp(jitter, -kJitter, kJitter);
  const auto wait = scaled(previous, 2.0 + bounded);
  return wait > policy.maximum ? scaled(policy.maximum, 1.0 + bounded) : wait;
}

}  // namespace pratique::radius
