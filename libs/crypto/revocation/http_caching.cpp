#include "libs/crypto/revocation/http_caching.h"

#include <algorithm>
#include <array>

#include "libs/base/hex.h"
#include "libs/crypto/primitives/digest.h"

namespace pratique::crypto {

using std::chrono::floor;
using std::chrono::seconds;

CacheFacts cache_facts(ByteView body, Timestamp this_update, Timestamp next_update, Timestamp now,
                       seconds refresh_after) {
  CacheFacts out;
  out.max_age = std::max(seconds(0), floor<seconds>(floor<seconds>(next_update) - now));
  if (refresh_after > seconds(0)) out.max_age = std::min(out.max_age, refresh_after);
  out.cache_control = "max-age=" + std::to_string(out.max_age.count()) + ",public,no-transform,must-revalidate";
  out.etag = "\"" + hex_encode(sha256(body)) + "\"";
  out.last_modified = floor<seconds>(this_update);
  out.expires = floor<seconds>(next_update);
  return out;
}

std::string http_date(Timestamp time) {
  using namespace std::chrono;
  static constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss<seconds> clock(floor<seconds>(time - day));
  const auto padded = [](long value, std::size_t width) {
    auto text = std::to_string(value);
    return std::string(width - std::min(width, text.size()), '0') + text;
  };
  std::string out(kDays[weekday(day).c_encoding()]);
  out += ", " + padded(static_cast<long>(static_cast<unsigned>(date.day())), 2) + " ";
  out += kMonths[static_cast<unsigned>(date.month()) - 1];
  out += " " + padded(static_cast<int>(date.year()), 4) + " " + padded(clock.hours().count(), 2) + ":" +
         padded(clock.minutes().count(), 2) + ":" + padded(clock.seconds().count(), 2) + " GMT";
  return out;
}

}  // namespace pratique::crypto
