#include "services/onboarding/domain/session_state.h"

#include <catch2/catch.hpp>

using namespace pratique;
using namespace pratique::onboarding;
using State = SessionState;
using Event = SessionEvent;

namespace {
constexpr State kStates[] = {State::authorizing,    State::awaiting_approval, State::awaiting_masa,
                             State::voucher_issued, State::voucher_accepted,  State::enrolled,
                             State::completed,      State::refused,           State::expired};
constexpr Event kEvents[] = {Event::approval_asked,   Event::masa_asked,           Event::voucher_given,
                             Event::voucher_confirmed, Event::credential_given,    Event::credential_confirmed,
                             Event::refused,          Event::lapsed};
}  // namespace

TEST_CASE("an onboarding runs from request to completion") {
  State state = State::authorizing;
  for (const auto event : {Event::approval_asked, Event::approval_asked, Event::masa_asked, Event::voucher_given,
                           Event::voucher_confirmed, Event::credential_given, Event::credential_confirmed}) {
    const auto next = next_state(state, event);
    REQUIRE(next);
    state = *next;
  }
  CHECK(state == State::completed);
}

TEST_CASE("no credential before the device accepted the voucher") {
  for (const auto state : {State::authorizing, State::awaiting_approval, State::awaiting_masa, State::voucher_issued,
                           State::refused, State::expired, State::completed}) {
    INFO(to_string(state));
    const auto next = next_state(state, Event::credential_given);
    REQUIRE_FALSE(next);
    CHECK(next.error().reason == "SESSION_STEP_UNEXPECTED");
    CHECK(next.error().message.contains(to_string(state)));
  }
}

TEST_CASE("no voucher without an authorization") {
  for (const auto state : {State::authorizing, State::awaiting_approval, State::refused, State::expired}) {
    INFO(to_string(state));
    CHECK_FALSE(next_state(state, Event::voucher_given).has_value());
  }
}

TEST_CASE("what is over stays over") {
  for (const auto event : kEvents) CHECK_FALSE(next_state(State::expired, event).has_value());
  for (const auto state : kStates) {
    INFO(to_string(state));
    CHECK(parse_session_state(to_string(state)).has_value());
    // What storage's expire_sessions does to many at once is the table's step "lapsed".
    CHECK(next_state(state, Event::lapsed).has_value() == is_open(state));
  }
  CHECK_FALSE(may_be_judged(State::completed));
  CHECK_FALSE(may_be_judged(State::voucher_issued));
  CHECK(may_be_judged(State::awaiting_approval));
  CHECK(parse_session_state("nonsense").error().reason == "SESSION_STATE_UNKNOWN");
}
