// Why a packet is refused: one list for verdicts and documentation.
#pragma once

#include <span>
#include <string_view>

namespace pratique::radius {

struct Reason {
  std::string_view code;
  std::string_view meaning;
  std::string_view remedy;
  constexpr operator std::string_view() const { return code; }  // NOLINT: a reason is passed as its code
};

// clang-format off
#define PRATIQUE_RADIUS_REASONS(REASON) \
  /* A NAS's answer. */ \
  REASON(kAnswerSourceWrong, "RADIUS_ANSWER_SOURCE_WRONG", "an answer came from another address than the NAS's", \
         "check the NAS's address for dynamic authorization; otherwise treat as forged") \
  REASON(kAnswerUnreadable, "RADIUS_ANSWER_UNREADABLE", "the answer is no RADIUS packet", \
         "look at the detail; check what listens on that port of the NAS") \
  REASON(kAnswerUnasked, "RADIUS_ANSWER_UNASKED", "no request of that identifier was sent", \
         "none needed for one; treat many as an attack") \
  REASON(kAnswerCodeMismatch, "RADIUS_ANSWER_CODE_MISMATCH", "the answer's code does not fit the request", \
         "update the NAS") \
  REASON(kAnswerRepeated, "RADIUS_ANSWER_REPEATED", "the request was answered before", \
         "none needed: a repeated request is answered again; treat many as a replay") \
  REASON(kAnswerLate, "RADIUS_ANSWER_LATE", "the answer came after we had given up", \
         "find out why the NAS is slow, or wait longer for it") \
  REASON(kResponseAuthenticatorWrong, "RADIUS_RESPONSE_AUTHENTICATOR_WRONG", \
         "the answer was not made with our shared secret for this request", \
         "compare the shared secret with the NAS's; otherwise treat as forged") \
  /* Requests to us. */ \
  REASON(kRequestUnexpected, "RADIUS_REQUEST_UNEXPECTED", "a packet of that code is not served here", \
         "point the NAS to the right port") \
  REASON(kRequestAuthenticatorWrong, "RADIUS_REQUEST_AUTHENTICATOR_WRONG", \
         "the request was not made with our shared secret", \
         "compare the shared secret with the NAS's; otherwise treat as forged") \
  /* Both. */ \
  REASON(kMessageAuthenticatorMissing, "RADIUS_MESSAGE_AUTHENTICATOR_MISSING", \
         "the packet has no Message-Authenticator, which is demanded", \
         "update the NAS or switch it on there; to go without weakens every answer") \
  REASON(kMessageAuthenticatorWrong, "RADIUS_MESSAGE_AUTHENTICATOR_WRONG", \
         "the packet's Message-Authenticator does not verify", \
         "compare the shared secret with the NAS's; otherwise treat as forged") \
  REASON(kEventTimestampStale, "RADIUS_EVENT_TIMESTAMP_STALE", "the packet's time is far from ours", \
         "set the clocks; otherwise treat as a replay") \
  REASON(kEventTimestampMissing, "RADIUS_EVENT_TIMESTAMP_MISSING", "the packet has no time, which is demanded", \
         "make the sender send Event-Timestamp") \
  REASON(kEventTimestampUnreadable, "RADIUS_EVENT_TIMESTAMP_UNREADABLE", "the packet's time cannot be read", \
         "update the sender") \
  /* Remarks that refuse nothing. */ \
  REASON(kMessageAuthenticatorUnchecked, "RADIUS_MESSAGE_AUTHENTICATOR_UNCHECKED", \
         "the packet has no Message-Authenticator, and none was demanded", \
         "update the NAS, then demand it") \
  REASON(kErrorCauseMisplaced, "RADIUS_ERROR_CAUSE_MISPLACED", \
         "an ACK gives an error, or a NAK a success, as its cause", \
         "update the NAS")
// clang-format on

namespace reason {
#define PRATIQUE_RADIUS_REASON(name, code, meaning, remedy) inline constexpr Reason name{code, meaning, remedy};
PRATIQUE_RADIUS_REASONS(PRATIQUE_RADIUS_REASON)
#undef PRATIQUE_RADIUS_REASON
}  // namespace reason

std::span<const Reason> reasons();
/// nullptr for a code that is not in the list.
const Reason* find_reason(std::string_view code);

}  // namespace pratique::radius
