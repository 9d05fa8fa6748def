#include "libs/base/timestamp.h"

#include <cstdio>

namespace pratique {

std::string format_rfc3339(Timestamp time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  std::string out = text;
  if (const auto fraction = clock.subseconds().count(); fraction != 0) {
    std::snprintf(text, sizeof text, ".%06d", static_cast<int>(fraction));
    out += text;
    while (out.back() == '0') out.pop_back();
  }
  return out + "Z";
}

namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  int number(std::size_t digits) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const char c = next();
      if (c < '0' || c > '9') {
        bad_ = true;
        return 0;
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }
  void expect(std::string_view any_of) {
    if (!any_of.contains(next())) bad_ = true;
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  char next() { return at_ < text_.size() ? text_[at_++] : '\0'; }
  bool failed() const { return bad_; }
  bool at_end() const { return at_ == text_.size(); }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  bool bad_ = false;
};

}  // namespace

Result<Timestamp> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  const auto bad = [&] {
    return invalid("TIMESTAMP_INVALID", "not an RFC 3339 time: '" + std::string(text.substr(0, 40)) + "'");
  };
  Reader in(text);
  const int y = in.number(4);
  in.expect("-");
  const int mo = in.number(2);
  in.expect("-");
  const int d = in.number(2);
  in.expect("Tt ");
  const int h = in.number(2);
  in.expect(":");
  const int mi = in.number(2);
  in.expect(":");
  const int s = in.number(2);
  microseconds fraction{0};
  if (in.peek() == '.') {
    in.next();
    int scale = 100000, digits = 0;
    for (; in.peek() >= '0' && in.peek() <= '9'; ++digits, scale /= 10) fraction += microseconds((in.next() - '0') * scale);
    if (digits == 0) return bad();
  }
  minutes offset{0};
  if (const char zone = in.next(); zone == '+' || zone == '-') {
    const int oh = in.number(2);
    in.expect(":");
    const int om = in.number(2);
    if (oh > 23 || om > 59) return bad();
    offset = hours(oh) + minutes(om);
    if (zone == '-') offset = -offset;
  } else if (zone != 'Z' && zone != 'z') {
    return bad();
  }
  const year_month_day date{year(y), month(static_cast<unsigned>(mo)), day(static_cast<unsigned>(d))};
  if (in.failed() || !in.at_end() || y < 1 || !date.ok() || h > 23 || mi > 59 || s > 60) return bad();
  const Timestamp time = sys_days(date) + hours(h) + minutes(mi) + seconds(s == 60 ? 59 : s) + fraction - offset;
  // An offset can lead out of the years that RFC 3339 can write.
  if (time < sys_days(year(1) / January / 1) || time >= sys_days(year(10000) / January / 1)) return bad();
  return time;
}

}  // namespace pratique
