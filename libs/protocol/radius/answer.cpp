#include "libs/protocol/radius/answer.h"

#include "libs/protocol/radius/authenticator.h"
#include "libs/protocol/radius/event_time.h"
#include "libs/protocol/radius/reasons.h"
#include "libs/protocol/radius/values.h"

namespace pratique::radius {
namespace {

bool is_ack(Code code) { return code == Code::disconnect_ack || code == Code::coa_ack; }

Outcome outcome_of(Code code, std::optional<ErrorCause> cause) {
  if (is_ack(code)) return Outcome::done;
  if (cause == ErrorCause::request_initiated) return Outcome::request_initiated;
  if (cause == ErrorCause::session_context_not_found) return Outcome::session_absent;
  return Outcome::refused;
}

}  // namespace

Verdict judge_answer(const Packet& answer, const Asked& asked, const SharedSecret& secret, const AnswerRules& rules,
                     Timestamp now) {
  Verdict verdict;
  if (answer.identifier != asked.identifier)
    verdict.refuse(reason::kAnswerUnasked, reason::kAnswerUnasked.meaning,
                   {{"identifier", std::to_string(answer.identifier)}, {"expected", std::to_string(asked.identifier)}});
  if (!answers(answer.code, asked.code))
    verdict.refuse(reason::kAnswerCodeMismatch, reason::kAnswerCodeMismatch.meaning,
                   {{"code", to_string(answer.code)}, {"asked", to_string(asked.code)}});
  if (!response_authenticator_fits(answer, asked.authenticator, secret))
    verdict.refuse(reason::kResponseAuthenticatorWrong, reason::kResponseAuthenticatorWrong.meaning);
  switch (answer_message_authenticator(answer, asked.authenticator, secret)) {
    case MessageAuthenticator::right: break;
    case MessageAuthenticator::wrong:
      verdict.refuse(reason::kMessageAuthenticatorWrong, reason::kMessageAuthenticatorWrong.meaning);
      break;
    case MessageAuthenticator::absent:
      if (rules.message_authenticator_required)
        verdict.refuse(reason::kMessageAuthenticatorMissing, reason::kMessageAuthenticatorMissing.meaning);
      else verdict.note(reason::kMessageAuthenticatorUnchecked, reason::kMessageAuthenticatorUnchecked.meaning);
  }
  judge_event_time(answer, false, rules.event_timestamp_window, now, verdict);
  if (const auto cause = find_error_cause(answer); cause && *cause) {
    const auto number = static_cast<std::uint32_t>(**cause);
    if (is_ack(answer.code) != (number >= 200 && number < 300))
      verdict.note(reason::kErrorCauseMisplaced, reason::kErrorCauseMisplaced.meaning,
                   {{"code", to_string(answer.code)}, {"error_cause", std::to_string(number)}});
  }
  return verdict;
}

Answer read_answer(Packet answer) {
  const auto found = find_error_cause(answer);
  const auto cause = found ? *found : std::nullopt;
  std::vector<std::string> messages;
  for (const auto& attribute : answer.attributes) {
    if (attribute.type != AttributeType::reply_message) continue;
    if (auto text = text_of(attribute)) messages.push_back(*std::move(text));
  }
  return {outcome_of(answer.code, cause), cause, std::move(messages), std::move(answer)};
}

}  // namespace pratique::radius
