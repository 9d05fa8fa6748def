// What an EST client does next, given the server's status (RFC 7030 section 4.2.3). Pure: the caller sleeps.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/base/timestamp.h"

namespace pratique::est {

enum class Next {
  read_answer,  // 200: the body is the certificate
  wait,         // 202, 429, 503: the same request again, after `wait`
  give_up,      // anything else, or waited long enough
};

struct Step {
  Next next = Next::give_up;
  std::chrono::seconds wait{0};
  std::string why;  // for the log
};

struct RetryPolicy {
  std::chrono::seconds at_least{1};
  std::chrono::seconds at_most{3600};   // whatever the server says
  std::chrono::seconds by_default{60};  // when it says nothing, or nothing readable
  std::chrono::seconds in_all{std::chrono::days{4}};
};

/// `retry_after` is the header's value, "" when absent; `waited` is how long this request has been repeated already.
Step next_step(int status, std::string_view retry_after, Timestamp now, std::chrono::seconds waited,
               const RetryPolicy& policy = {});

/// RFC 9110 section 10.2.3: seconds, or an IMF-fixdate ("Tue, 24 Nov 2026 06:38:27 GMT"), as a wait from `now`, never
/// negative. INVALID_ARGUMENT EST_RETRY_AFTER_INVALID.
Result<std::chrono::seconds> parse_retry_after(std::string_view value, Timestamp now);

}  // namespace pratique::est
