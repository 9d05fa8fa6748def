// The NAS's answer to a Disconnect- or CoA-Request: is it one (a verdict), and what does it say.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/base/verdict.h"
#include "libs/protocol/radius/error_cause.h"
#include "libs/protocol/radius/packet.h"
#include "libs/protocol/radius/shared_secret.h"

namespace pratique::radius {

/// RFC 5176 section 6.3.
inline constexpr std::chrono::seconds kEventTimestampWindow{300};

struct AnswerRules {
  /// Cost of false: an attacker on the way can turn a NAK into an ACK (authenticator.h). For NAS that send none.
  bool message_authenticator_required = true;
  /// How far an Event-Timestamp in an answer may be from our clock, either way. An answer needs none.
  std::chrono::seconds event_timestamp_window = kEventTimestampWindow;
};

/// What the answer has to fit.
struct Asked {
  Code code;
  std::uint8_t identifier;
  Authenticator authenticator;
};

/// Codes of reasons.h: RADIUS_ANSWER_CODE_MISMATCH, RADIUS_ANSWER_UNASKED (another identifier),
/// RADIUS_RESPONSE_AUTHENTICATOR_WRONG, RADIUS_MESSAGE_AUTHENTICATOR_WRONG and _MISSING, RADIUS_EVENT_TIMESTAMP_STALE
/// and _UNREADABLE. Notes: RADIUS_MESSAGE_AUTHENTICATOR_UNCHECKED, RADIUS_ERROR_CAUSE_MISPLACED.
Verdict judge_answer(const Packet& answer, const Asked& asked, const SharedSecret& secret, const AnswerRules& rules,
                     Timestamp now);

enum class Outcome {
  done,               // ACK
  request_initiated,  // NAK 507 to "Authorize Only": the NAS now asks the RADIUS server
  session_absent,     // NAK 503: for a Disconnect as good as done
  refused,            // any other NAK
};

/// Only of an answer whose verdict accepted it.
struct Answer {
  Outcome outcome;
  std::optional<ErrorCause> error_cause;    // none where absent or unreadable
  std::vector<std::string> reply_messages;  // as far as they can be read
  Packet packet;
};
Answer read_answer(Packet answer);

}  // namespace pratique::radius
