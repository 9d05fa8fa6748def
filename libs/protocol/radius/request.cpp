#include "libs/protocol/radius/request.h"

#include <algorithm>

#include "libs/protocol/radius/answer.h"
#include "libs/protocol/radius/authenticator.h"
#include "libs/protocol/radius/event_time.h"
#include "libs/protocol/radius/reasons.h"

namespace pratique::radius {

RequestRules RequestRules::accounting() {
  return {.expected = {Code::accounting_request},
          .message_authenticator_required = false,
          .event_timestamp_required = false,
          .event_timestamp_window = std::nullopt};
}

RequestRules RequestRules::dynamic_authorization() {
  return {.expected = {Code::disconnect_request, Code::coa_request},
          .message_authenticator_required = true,
          .event_timestamp_required = true,
          .event_timestamp_window = kEventTimestampWindow};
}

Verdict judge_request(const Packet& request, const SharedSecret& secret, const RequestRules& rules, Timestamp now) {
  Verdict verdict;
  if (!is_signed_request(request.code) || std::ranges::find(rules.expected, request.code) == rules.expected.end()) {
    verdict.refuse(reason::kRequestUnexpected, reason::kRequestUnexpected.meaning, {{"code", to_string(request.code)}});
    return verdict;
  }
  if (!request_authenticator_fits(request, secret))
    verdict.refuse(reason::kRequestAuthenticatorWrong, reason::kRequestAuthenticatorWrong.meaning);
  switch (request_message_authenticator(request, secret)) {
    case MessageAuthenticator::right: break;
    case MessageAuthenticator::wrong:
      verdict.refuse(reason::kMessageAuthenticatorWrong, reason::kMessageAuthenticatorWrong.meaning);
      break;
    case MessageAuthenticator::absent:
      if (rules.message_authenticator_required)
        verdict.refuse(reason::kMessageAuthenticatorMissing, reason::kMessageAuthenticatorMissing.meaning);
      else verdict.note(reason::kMessageAuthenticatorUnchecked, reason::kMessageAuthenticatorUnchecked.meaning);
  }
  if (rules.event_timestamp_window)
    judge_event_time(request, rules.event_timestamp_required, *rules.event_timestamp_window, now, verdict);
  else if (rules.event_timestamp_required && find_first(request, AttributeType::event_timestamp) == nullptr)
    verdict.refuse(reason::kEventTimestampMissing, reason::kEventTimestampMissing.meaning);
  return verdict;
}

Result<Bytes> answer_request(const Packet& request, Code code, std::vector<Attribute> attributes,
                             const SharedSecret& secret, bool with_message_authenticator) {
  if (!answers(code, request.code))
    return invalid("RADIUS_ANSWER_CODE_MISMATCH", to_string(code) + " does not answer " + to_string(request.code));
  Packet answer{.code = code, .identifier = request.identifier, .attributes = std::move(attributes)};
  for (const auto& attribute : request.attributes)
    if (attribute.type == AttributeType::proxy_state) answer.attributes.push_back(attribute);
  if (with_message_authenticator) ask_for_message_authenticator(answer);
  return sign_answer(answer, request.authenticator, secret);
}

}  // namespace pratique::radius
