#include "libs/protocol/est/retry.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace pratique::est {
namespace {

using std::chrono::seconds;

Error invalid_retry() { return invalid("EST_RETRY_AFTER_INVALID", "Retry-After: expected seconds or an HTTP date"); }

// "Tue, 24 Nov 2026 06:38:27 GMT"; the name of the day is not looked at.
Result<Timestamp> parse_imf_fixdate(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT" || text[7] != ' ' ||
      text[11] != ' ' || text[16] != ' ' || text[19] != ':' || text[22] != ':')
    return invalid_retry();
  bool readable = true;
  const auto number = [&](std::size_t at, std::size_t count) {
    unsigned value = 0;
    const char* const end = text.data() + at + count;
    const auto [stop, failed] = std::from_chars(text.data() + at, end, value);
    if (failed != std::errc{} || stop != end) readable = false;
    return value;
  };
  const auto month = std::ranges::find(kMonths, text.substr(8, 3));
  const std::chrono::year_month_day day(std::chrono::year(static_cast<int>(number(12, 4))),
                                        std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
                                        std::chrono::day(number(5, 2)));
  const unsigned hour = number(17, 2), minute = number(20, 2), second = number(23, 2);
  if (!readable || !day.ok() || hour > 23 || minute > 59 || second > 60) return invalid_retry();
  return Timestamp(std::chrono::sys_days(day)) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         seconds(second);
}

}  // namespace

Result<seconds> parse_retry_after(std::string_view value, Timestamp now) {
  constexpr std::size_t kMaxDigits = 9;  // 31 years
  if (value.empty()) return invalid_retry();
  if (std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; })) {
    if (value.size() > kMaxDigits) return seconds(999'999'999);
    seconds::rep count = 0;
    std::from_chars(value.data(), value.data() + value.size(), count);
    return seconds(count);
  }
  TRY(const auto when, parse_imf_fixdate(value));
  return std::max(std::chrono::ceil<seconds>(when - now), seconds(0));
}

Step next_step(int status, std::string_view retry_after, Timestamp now, seconds waited, const RetryPolicy& policy) {
  if (status == 200) return {Next::read_answer, seconds(0), "the server answered"};
  if (status != 202 && status != 429 && status != 503)
    return {Next::give_up, seconds(0), "the server answered with status " + std::to_string(status)};
  if (waited >= policy.in_all) return {Next::give_up, seconds(0), "waited long enough"};
  const std::string why = status == 202 ? "the request is being considered" : "the server is busy";
  const seconds said = parse_retry_after(retry_after, now).value_or(policy.by_default);
  return {Next::wait, std::min(std::clamp(said, policy.at_least, policy.at_most), policy.in_all - waited), why};
}

}  // namespace pratique::est
