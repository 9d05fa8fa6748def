#include "libs/runtime/quantity.h"

#include <array>
#include <charconv>
#include <limits>
#include <string>
#include <utility>

namespace pratique::runtime {
namespace {

using Unit = std::pair<std::string_view, std::uint64_t>;

// A whole number followed by one of the units.
template <std::size_t N>
Result<std::uint64_t> parse(std::string_view text, const std::array<Unit, N>& units, std::string_view reason,
                            std::string_view expected) {
  const auto fail = [&](std::string_view why) {
    return invalid(reason, "'" + std::string(text) + "' " + std::string(why));
  };
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed == std::errc::result_out_of_range) return fail("is too large");
  if (failed != std::errc{}) return fail(expected);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  for (const auto& [name, factor] : units) {
    if (unit != name) continue;
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / factor)
      return fail("is too large");
    return number * factor;
  }
  return fail(expected);
}

constexpr std::array<Unit, 5> kTimes{{{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::array<Unit, 5> kSizes{{{"", 1}, {"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}}};
// Timestamps count microseconds in 64 bits; a century leaves room to add.
constexpr std::uint64_t kMaxDuration = 100ULL * 366 * 86'400'000;

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  TRY(const auto count, parse(text, kTimes, "DURATION_INVALID",
                              "is no duration: expected a whole number and ms, s, m, h or d"));
  if (count > kMaxDuration) return invalid("DURATION_INVALID", "'" + std::string(text) + "' is too large");
  return std::chrono::milliseconds(count);
}

Result<ByteSize> parse_size(std::string_view text) {
  TRY(const auto bytes, parse(text, kSizes, "SIZE_INVALID",
                              "is no size: expected a whole number and nothing, B, KiB, MiB or GiB"));
  return ByteSize{bytes};
}

}  // namespace pratique::runtime
