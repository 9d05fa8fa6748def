#include "libs/protocol/est/status.h"

#include "libs/protocol/est/reasons.h"

namespace pratique::est {
namespace {

constexpr int kRefused = 403;

// What is said of an error whose reason is not in the list: its kind and no more.
Answer by_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
    case ErrorCode::out_of_range: return {400, "the request is not valid\n"};
    case ErrorCode::unauthenticated: return {401, "the client is not authenticated\n"};
    case ErrorCode::permission_denied:
    case ErrorCode::failed_precondition: return {kRefused, "refused; ask the operator of the network\n"};
    case ErrorCode::not_found: return {404, "not found\n"};
    case ErrorCode::already_exists:
    case ErrorCode::aborted: return {409, "another request was faster; try again\n"};
    case ErrorCode::resource_exhausted:
    case ErrorCode::unavailable:
    case ErrorCode::cancelled: return {503, "not now; try again later\n"};
    case ErrorCode::deadline_exceeded: return {504, "not now; try again later\n"};
    case ErrorCode::unimplemented: return {501, "not supported\n"};
    case ErrorCode::data_loss:
    case ErrorCode::internal: break;
  }
  return {500, "the server failed\n"};
}

}  // namespace

Answer answer_refusal(const Verdict& verdict) {
  Answer answer{kRefused, ""};
  for (const auto& finding : verdict.findings()) {
    const Reason* const reason = find_reason(finding.code);
    if (&finding == &verdict.findings().front() && reason != nullptr && reason->http_status != 0)
      answer.status = reason->http_status;
    const std::string line =
        std::string(reason != nullptr ? reason->meaning : "refused; ask the operator of the network") + "\n";
    if (!answer.body.contains(line)) answer.body += line;
  }
  return answer;
}

Answer answer_error(const Error& error) {
  const Reason* const reason = find_reason(error.reason);
  if (reason == nullptr || reason->http_status == 0) return by_code(error.code);
  return {reason->http_status, std::string(reason->meaning) + "\n"};
}

}  // namespace pratique::est
