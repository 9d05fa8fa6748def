// Ages and counters as several messages carry them (OpenFlow 1.4.0 sections 7.3.5 and 7.4).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "libs/protocol/openflow/wire.h"

namespace pratique::openflow {

/// Seconds and nanoseconds.
inline std::chrono::nanoseconds read_age(Reader& in) {
  const std::chrono::seconds seconds(in.u32());
  return seconds + std::chrono::nanoseconds(in.u32());
}
/// All ones: the switch does not count this.
inline std::optional<std::uint64_t> read_counter(Reader& in) {
  const auto count = in.u64();
  return count == ~std::uint64_t{0} ? std::nullopt : std::optional(count);
}

}  // namespace pratique::openflow
