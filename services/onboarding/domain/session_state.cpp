#include "services/onboarding/domain/session_state.h"

#include <array>
#include <utility>

namespace pratique::onboarding {

namespace {

using State = SessionState;
using Event = SessionEvent;

constexpr std::array<std::pair<State, std::string_view>, 9> kStateNames{{
    {State::authorizing, "authorizing"},
    {State::awaiting_approval, "awaiting_approval"},
    {State::awaiting_masa, "awaiting_masa"},
    {State::voucher_issued, "voucher_issued"},
    {State::voucher_accepted, "voucher_accepted"},
    {State::enrolled, "enrolled"},
    {State::completed, "completed"},
    {State::refused, "refused"},
    {State::expired, "expired"},
}};

struct Transition {
  State from;
  Event event;
  State to;
};

constexpr Transition kTransitions[] = {
    {State::authorizing, Event::approval_asked, State::awaiting_approval},
    {State::authorizing, Event::masa_asked, State::awaiting_masa},
    {State::authorizing, Event::refused, State::refused},
    {State::authorizing, Event::lapsed, State::expired},

    // A device that polls is judged anew each time.
    {State::awaiting_approval, Event::approval_asked, State::awaiting_approval},
    {State::awaiting_approval, Event::masa_asked, State::awaiting_masa},
    {State::awaiting_approval, Event::refused, State::refused},
    {State::awaiting_approval, Event::lapsed, State::expired},

    {State::awaiting_masa, Event::approval_asked, State::awaiting_approval},
    {State::awaiting_masa, Event::masa_asked, State::awaiting_masa},
    {State::awaiting_masa, Event::voucher_given, State::voucher_issued},
    {State::awaiting_masa, Event::refused, State::refused},
    {State::awaiting_masa, Event::lapsed, State::expired},

    {State::voucher_issued, Event::voucher_given, State::voucher_issued},  // an answer that was lost is given again
    {State::voucher_issued, Event::voucher_confirmed, State::voucher_accepted},
    {State::voucher_issued, Event::refused, State::refused},
    {State::voucher_issued, Event::lapsed, State::expired},

    {State::voucher_accepted, Event::voucher_confirmed, State::voucher_accepted},
    {State::voucher_accepted, Event::credential_given, State::enrolled},
    {State::voucher_accepted, Event::refused, State::refused},
    {State::voucher_accepted, Event::lapsed, State::expired},

    {State::enrolled, Event::credential_given, State::enrolled},
    {State::enrolled, Event::credential_confirmed, State::completed},
    {State::enrolled, Event::refused, State::refused},
    {State::enrolled, Event::lapsed, State::expired},

    {State::completed, Event::credential_confirmed, State::completed},

    // The operator mended what was wrong and the device asks again with the same request.
    {State::refused, Event::approval_asked, State::awaiting_approval},
    {State::refused, Event::masa_asked, State::awaiting_masa},
    {State::refused, Event::refused, State::refused},
};

}  // namespace

std::string_view to_string(SessionState state) {
  for (const auto& [known, name] : kStateNames)
    if (known == state) return name;
  return "unknown";
}

Result<SessionState> parse_session_state(std::string_view text) {
  for (const auto& [known, name] : kStateNames)
    if (name == text) return known;
  return invalid("SESSION_STATE_UNKNOWN", "no such session state: '" + std::string(text.substr(0, 40)) + "'");
}

std::string_view to_string(SessionEvent event) {
  switch (event) {
    case Event::approval_asked: return "approval asked";
    case Event::masa_asked: return "MASA asked";
    case Event::voucher_given: return "voucher given";
    case Event::voucher_confirmed: return "voucher confirmed";
    case Event::credential_given: return "credential given";
    case Event::credential_confirmed: return "credential confirmed";
    case Event::refused: return "refused";
    case Event::lapsed: return "lapsed";
  }
  return "unknown";
}

Result<SessionState> next_state(SessionState state, SessionEvent event) {
  for (const auto& transition : kTransitions)
    if (transition.from == state && transition.event == event) return transition.to;
  return failed_precondition("SESSION_STEP_UNEXPECTED", "a session that is '" + std::string(to_string(state)) +
                                                            "' cannot take the step '" + std::string(to_string(event)) + "'");
}

bool is_open(SessionState state) {
  return state != State::completed && state != State::refused && state != State::expired;
}

bool may_be_judged(SessionState state) { return next_state(state, Event::masa_asked).has_value(); }

}  // namespace pratique::onboarding
