// The life of one onboarding, as a table: which step may follow which. Every change of a session goes through
// next_state(); an unexpected step is refused there and nowhere else.
#pragma once

#include <string_view>

#include "libs/base/result.h"

namespace pratique::onboarding {

enum class SessionState {
  authorizing,        // its request was read and is being judged
  awaiting_approval,  // people have to say yes
  awaiting_masa,      // authorized; the manufacturer has not answered
  voucher_issued,     // the device has its voucher
  voucher_accepted,   // the device said that it takes this network; it may enrol
  enrolled,           // it has its certificate
  completed,          // it came back with it
  refused,            // see the findings
  expired,            // nothing was heard for too long
};

enum class SessionEvent {
  approval_asked,
  masa_asked,
  voucher_given,
  voucher_confirmed,
  credential_given,
  credential_confirmed,
  refused,
  lapsed,
};

std::string_view to_string(SessionState state);
/// INVALID_ARGUMENT SESSION_STATE_UNKNOWN.
Result<SessionState> parse_session_state(std::string_view text);
std::string_view to_string(SessionEvent event);

/// FAILED_PRECONDITION SESSION_STEP_UNEXPECTED names state and event.
Result<SessionState> next_state(SessionState state, SessionEvent event);

/// Is anything still to come?
bool is_open(SessionState state);
/// May the same voucher request be judged (again) in this state?
bool may_be_judged(SessionState state);

}  // namespace pratique::onboarding
