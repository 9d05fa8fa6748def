#include "tools/pratique/terminal/time_text.h"

#include <fmt/format.h>

namespace pratique::cli {
namespace {

using namespace std::chrono;

constexpr std::size_t kMinutes = 16, kSeconds = 19;  // characters of RFC 3339 up to them

std::string with_space(std::string text) {
  text[10] = ' ';
  return text + " UTC";
}

// The largest unit that gives two or more, or the smallest.
std::string length_text(seconds length) {
  if (length < minutes(2)) return fmt::format("{} s", length.count());
  if (length < hours(2)) return fmt::format("{} min", floor<minutes>(length).count());
  if (length < days(2)) return fmt::format("{} h", floor<hours>(length).count());
  if (length < days(61)) return fmt::format("{} d", floor<days>(length).count());
  if (length < days(731)) return fmt::format("{} months", floor<months>(length).count());
  return fmt::format("{} years", floor<years>(length).count());
}

}  // namespace

std::string distance_text(Timestamp time, Timestamp now) {
  const auto past = floor<seconds>(now - time);
  if (past >= seconds(0)) return past < seconds(2) ? "just now" : length_text(past) + " ago";
  const auto ahead = floor<seconds>(time - now);
  return ahead < seconds(2) ? "just now" : "in " + length_text(ahead);
}

std::string time_text(Timestamp time, Timestamp now) {
  return with_space(format_rfc3339(time).substr(0, kMinutes)) + ", " + distance_text(time, now);
}

std::string exact_time_text(Timestamp time) { return with_space(format_rfc3339(time).substr(0, kSeconds)); }

Result<Timestamp> parse_time(std::string_view text) {
  constexpr std::size_t kDate = 10;
  return parse_rfc3339(text.size() == kDate ? std::string(text) + "T00:00:00Z" : std::string(text));
}

}  // namespace pratique::cli
