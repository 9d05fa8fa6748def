// Turns a fuzzer's bytes into choices: which part of a good session is changed, and how. At the end of the input every
// choice is the first one, so that the empty input is a good session.
#pragma once

#include <cstdint>
#include <string>

#include "libs/base/bytes.h"

namespace pratique::fuzz {

class Steering {
 public:
  explicit Steering(ByteView input) : input_(input) {}

  bool at_end() const { return input_.empty(); }
  std::uint8_t byte();
  std::uint16_t number();
  bool flag() { return byte() % 2 == 1; }
  /// 0 to count-1.
  unsigned pick(unsigned count) { return byte() % count; }
  /// A length (two bytes) and so many bytes, or what is left.
  ByteView block();
  std::string text() { return to_string(block()); }
  ByteView rest();

 private:
  ByteView take(std::size_t count);
  ByteView input_;
};

/// `good` with up to seven edits: bytes flipped, put in, taken out, written over, or the end cut off.
Bytes tamper(ByteView good, Steering& in);

}  // namespace pratique::fuzz
