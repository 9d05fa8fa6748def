#include "services/onboarding/front/brski/http_answer.h"

#include "libs/protocol/brski/status.h"
#include "libs/protocol/est/reasons.h"
#include "libs/protocol/voucher/reasons.h"

namespace pratique::onboarding {

namespace {

constexpr std::string_view kRetrySeconds = "10";

/// Whose reason it is decides status and words; one of the registrar's comes with its own words.
struct Told {
  int status;
  std::string text;
};

Told tell(const Refusal& refusal) {
  const auto& code = refusal.finding.code;
  if (const auto* enrolment = est::find_reason(code)) return {enrolment->http_status, std::string(enrolment->meaning)};
  if (const auto protocol = voucher::find_reason(code))
    return {brski::registrar_status(code), std::string(protocol->meaning)};
  return {brski::registrar_status(code), refusal.safe_message.empty() ? "not admitted" : refusal.safe_message};
}

std::string line_of(const Refusal& refusal) { return refusal.finding.code + ": " + tell(refusal).text; }

net::http::Response with_retry(net::http::Response response, std::string_view seconds) {
  response.headers.set("Retry-After", seconds);
  return response;
}

}  // namespace

net::http::Response to_http(const Answer& answer, std::string_view content_type) {
  switch (answer.kind) {
    case Answer::Kind::granted:
      if (answer.body.empty()) return {.status = content_type.empty() ? 200 : 204, .headers = {}, .body = {}};
      return net::http::respond(200, content_type, ByteView(answer.body));
    case Answer::Kind::wait:
      return with_retry(
          net::http::respond_text(202, answer.refusals.empty() ? "come again" : line_of(answer.refusals.front())),
          std::to_string(std::max<std::int64_t>(answer.retry_after.count(), 1)));
    case Answer::Kind::refused: break;
  }
  if (answer.refusals.empty()) return net::http::respond_text(403, "not admitted");
  return net::http::respond_text(tell(answer.refusals.front()).status, line_of(answer.refusals.front()));
}

net::http::Response to_http(const Error& error) {
  switch (error.code) {
    case ErrorCode::unavailable:
    case ErrorCode::deadline_exceeded:
    case ErrorCode::resource_exhausted:
    case ErrorCode::aborted:
    case ErrorCode::cancelled:
      return with_retry(net::http::respond_text(503, "come again"), kRetrySeconds);
    case ErrorCode::failed_precondition:  // two requests of one device at the same time
      return with_retry(net::http::respond_text(503, "come again"), "1");
    default: return net::http::respond_text(500, "internal error");
  }
}

net::http::Response refuse_form(int status, std::string_view line) { return net::http::respond_text(status, line); }

}  // namespace pratique::onboarding
