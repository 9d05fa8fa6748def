#include "libs/protocol/brski/retry.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace pratique::brski {
namespace {

using std::chrono::seconds;

constexpr std::string_view kScheme = "https://";

std::optional<int> number(std::string_view digits) {
  int value = 0;
  if (digits.empty() || digits.size() > 9 || digits.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::optional<Timestamp> parse_http_date(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || text.substr(3, 2) != ", " || !text.ends_with(" GMT")) return std::nullopt;
  if (text[7] != ' ' || text[11] != ' ' || text[16] != ' ' || text[19] != ':' || text[22] != ':') return std::nullopt;
  const auto month = std::ranges::find(kMonths, text.substr(8, 3));
  const auto day = number(text.substr(5, 2)), year = number(text.substr(12, 4)), hour = number(text.substr(17, 2)),
             minute = number(text.substr(20, 2)), second = number(text.substr(23, 2));
  if (month == kMonths.end() || !day || !year || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
      std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return Timestamp(std::chrono::sys_days(date)) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         seconds(*second);
}

// Scheme and authority of an absolute https URL, or "".
std::string_view origin(std::string_view url) {
  if (!url.starts_with(kScheme)) return {};
  const auto end = std::min(url.find_first_of("/?#", kScheme.size()), url.size());
  return end == kScheme.size() ? std::string_view{} : url.substr(0, end);
}

RetryDecision wait_for(seconds wanted, const RetryState& state, std::string why) {
  const auto wait = std::clamp(wanted, seconds(1), kMaxRetryWait);
  if (state.since_first + wait > kMaxRetryTime) return {.why = "no answer within four days"};
  return {.step = NextStep::wait, .wait = wait, .why = std::move(why)};
}

RetryDecision follow(const VoucherAnswer& answer, const RetryState& state) {
  const auto here = origin(answer.requested_url);
  std::string target = answer.location;
  if (target.starts_with('/') && !target.starts_with("//")) target = std::string(here) + target;
  const auto there = origin(target);
  if (there.empty()) return {.why = "a redirect that is not to https"};
  if (there == here) {
    if (state.redirects >= kMaxRedirects) return {.why = "too many redirects"};
    return {.step = NextStep::redirect, .location = std::move(target), .why = "redirected on the same server"};
  }
  if (state.crossed_origin) return {.why = "a second redirect to another server"};
  return {.step = NextStep::renew, .location = std::move(target), .crosses_origin = true,
          .why = "redirected to another server"};
}

}  // namespace

std::optional<seconds> parse_retry_after(std::string_view field, std::optional<Timestamp> now) {
  while (field.ends_with(' ')) field.remove_suffix(1);
  while (field.starts_with(' ')) field.remove_prefix(1);
  if (const auto wait = number(field)) return seconds(*wait);
  const auto date = parse_http_date(field);
  if (!date || !now) return std::nullopt;
  return std::max(seconds(0), std::chrono::ceil<seconds>(*date - *now));
}

RetryDecision decide_retry(const VoucherAnswer& answer, const RetryState& state, std::optional<Timestamp> now) {
  const auto asked = parse_retry_after(answer.retry_after, now);
  switch (answer.status) {
    case 200: return {.step = NextStep::judge, .why = "a voucher"};
    case 202: return wait_for(asked.value_or(kDefaultRetryWait), state, "the registrar has not decided yet");
    case 301: case 302: case 307: case 308: return follow(answer, state);
    case 0: case 429: case 500: case 502: case 503: case 504: {
      if (state.failures >= kMaxFailures) return {.why = "too many failures in a row"};
      const seconds backoff(1 << std::clamp(state.failures, 0, 6));
      return wait_for(std::max(asked.value_or(seconds(0)), backoff), state, "no answer, or one that will pass");
    }
    default: return {.why = "refused with status " + std::to_string(answer.status)};
  }
}

}  // namespace pratique::brski
