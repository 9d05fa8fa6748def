// Header fields, targets and statuses of HTTP as devices and servers send them: what to do next, and where.
#include <chrono>

#include "libs/net/http.h"
#include "libs/protocol/brski/paths.h"
#include "libs/protocol/brski/retry.h"
#include "libs/protocol/est/paths.h"
#include "libs/protocol/est/retry.h"
#include "tests/fuzz/steering.h"
#include "tests/fuzz/targets.h"

namespace pratique::fuzz {
namespace {

constexpr Timestamp kNow = std::chrono::sys_days(std::chrono::year(2026) / 6 / 1);

std::string origin(std::string_view url) {
  const auto end = url.find_first_of("/?#", std::string_view("https://").size());
  return std::string(url.substr(0, end));
}

void media_types(const std::string& field, const std::string& other) {
  if (const auto format = brski::parse_voucher_media_type(field))
    require(brski::is_media_type(field, brski::media_type(*format)), "a format is its media type");
  require(brski::accepts("", brski::kVoucherCmsJson), "an empty Accept field accepts all");
  (void)brski::accepts(field, brski::kVoucherCmsJson);
  (void)brski::accepts(field, other);
  (void)brski::is_media_type(field, other);
  (void)est::is_media_type(field, est::kPkcs10);
  net::http::Response response;
  response.headers = {{"Content-Type", field}, {"Retry-After", other}};
  (void)response.content_type();
  if (const auto seconds = response.retry_after_seconds()) require(*seconds >= 0, "no wait is negative");
}

void routes(const std::string& path) {
  const auto route = est::find_route(path);
  if (!route) return;
  require(route->label.empty() || est::is_valid_label(route->label), "a route has a good label");
  const auto again = est::find_route(est::path_of(route->operation, route->label));
  require(again && *again == *route, "a route's path leads back");
}

void query(const std::string& target) {
  const auto question = std::min(target.find('?'), target.size());
  net::http::Request request;
  request.path = target.substr(0, question);
  request.query = target.substr(std::min(question + 1, target.size()));
  (void)request.query_value("serial");
  (void)request.query_value("");
  request.headers.add(target, target);
  require(request.headers.get(target) == target, "a field is found by its name");
}

void pledge_retry(Steering& in) {
  const brski::VoucherAnswer answer{.status = in.number(), .retry_after = in.text(), .location = in.text(),
                                    .requested_url = in.flag() ? in.text() : "https://registrar.example.com/x"};
  const brski::RetryState state{.since_first = std::chrono::seconds(in.number() * 8), .failures = in.byte(),
                                .redirects = in.byte(), .crossed_origin = in.flag()};
  const auto next = brski::decide_retry(answer, state, in.flag() ? std::nullopt : std::optional(kNow));
  require(next.wait.count() >= 0 && next.wait <= brski::kMaxRetryWait, "a wait of a minute at most");
  require(next.step == brski::NextStep::judge || !next.why.empty(), "every decision says why");
  if (next.step == brski::NextStep::wait)
    require(next.wait.count() > 0 && state.since_first + next.wait <= brski::kMaxRetryTime, "four days at most");
  if (next.step == brski::NextStep::redirect) {
    require(state.redirects < brski::kMaxRedirects, "redirects have an end");
    require(origin(next.location) == origin(answer.requested_url), "a redirect stays with the server");
  }
  if (next.step == brski::NextStep::renew)
    require(next.crosses_origin && !state.crossed_origin && next.location.starts_with("https://"), "one other server");
}

void enroll_retry(Steering& in) {
  const int status = in.number();
  const auto field = in.text();
  const est::RetryPolicy policy;
  const std::chrono::seconds waited(in.number() * 8);
  const auto step = est::next_step(status, field, kNow, waited, policy);
  require(step.wait.count() >= 0 && step.wait <= policy.at_most && waited + step.wait <= policy.in_all + waited,
          "a wait within the policy");
  if (step.next == est::Next::wait) require(waited + step.wait <= policy.in_all, "four days at most");
  (void)est::parse_retry_after(field, kNow);
}

}  // namespace

void fuzz_http_fields(ByteView input) {
  Steering in(input);
  switch (in.pick(5)) {
    case 0: {
      const auto field = in.text();
      media_types(field, in.text());
      break;
    }
    case 1: routes(to_string(in.rest())); break;
    case 2: query(to_string(in.rest())); break;
    case 3: pledge_retry(in); break;
    default: enroll_retry(in);
  }
}

}  // namespace pratique::fuzz
