// What a pledge does with an answer to its voucher request (RFC 8995 section 5.6), as a pure function: the caller
// waits and sends, this decides. The same bytes with the same nonce are sent again for up to four days, since a
// human may have to say yes; a wait is never longer than 60 seconds, whatever the server says.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/timestamp.h"

namespace pratique::brski {

inline constexpr std::chrono::seconds kMaxRetryWait{60};
inline constexpr std::chrono::seconds kDefaultRetryWait{10};
inline constexpr std::chrono::hours kMaxRetryTime{96};
inline constexpr int kMaxFailures = 8;   // in a row, before another registrar is tried
inline constexpr int kMaxRedirects = 5;  // in a row, to the same server

struct VoucherAnswer {
  int status = 0;                // of HTTP; 0 = no answer (connection refused, broken or timed out)
  std::string retry_after = {};  // the field as sent, seconds or an HTTP date; "" = absent
  std::string location = {};     // the field as sent; "" = absent
  std::string requested_url = {};  // absolute, https
};

struct RetryState {
  std::chrono::seconds since_first{0};  // from a steady clock
  int failures = 0;                     // answers of 5xx or none in a row, this one not counted
  int redirects = 0;                    // redirects in a row, this one not counted
  bool crossed_origin = false;          // a redirect to another server was already followed
};

enum class NextStep {
  judge,           // 200: the body is a voucher
  wait,            // send the same bytes again after `wait`
  redirect,        // send the same bytes to `location`, on the same connection or one to the same server
  renew,           // another server: there, a new request with a fresh nonce that names *its* certificate
  next_registrar,  // this registrar will not do; try another
};

struct RetryDecision {
  NextStep step = NextStep::next_registrar;
  std::chrono::seconds wait{0};
  std::string location = {};
  bool crosses_origin = false;
  std::string why = {};  // for the log
};

/// `now` is needed for an HTTP date alone; none: such a date counts as absent.
RetryDecision decide_retry(const VoucherAnswer& answer, const RetryState& state, std::optional<Timestamp> now);

/// Retry-After (RFC 9110 section 10.2.3): seconds, or an IMF-fixdate; none where it is neither.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view field, std::optional<Timestamp> now);

}  // namespace pratique::brski
