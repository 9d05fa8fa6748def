#include "tests/fuzz/steering.h"

#include <algorithm>

namespace pratique::fuzz {

ByteView Steering::take(std::size_t count) {
  const auto taken = input_.first(std::min(count, input_.size()));
  input_ = input_.subspan(taken.size());
  return taken;
}

std::uint8_t Steering::byte() {
  const auto taken = take(1);
  return taken.empty() ? std::uint8_t{0} : taken[0];
}

std::uint16_t Steering::number() {
  const unsigned high = byte();
  return static_cast<std::uint16_t>(high << 8 | byte());
}

ByteView Steering::block() {
  const std::size_t length = number();
  return take(length);
}

ByteView Steering::rest() { return take(input_.size()); }

Bytes tamper(ByteView good, Steering& in) {
  auto out = to_bytes(good);
  for (unsigned edits = in.pick(8); edits > 0 && !in.at_end(); --edits) {
    const auto kind = in.pick(5);
    const auto offset = static_cast<std::ptrdiff_t>(in.number() % (out.size() + 1));
    const auto at = out.begin() + offset;
    const auto left = out.end() - at;
    switch (kind) {
      case 0:
        if (left > 0) *at ^= static_cast<std::uint8_t>(in.byte() | 1u);
        break;
      case 1: {
        const auto more = in.block();
        out.insert(at, more.begin(), more.end());
        break;
      }
      case 2: out.erase(at, at + std::min<std::ptrdiff_t>(in.byte(), left)); break;
      case 3: {
        const auto over = in.block();
        std::copy_n(over.begin(), std::min<std::ptrdiff_t>(std::ssize(over), left), at);
        break;
      }
      default: out.erase(at, out.end());
    }
  }
  return out;
}

}  // namespace pratique::fuzz
