#include "services/registrar/domain/device_state.h"

#include <catch2/catch.hpp>

using namespace pratique::registrar;

TEST_CASE("Each event in each state leads where the table says, or is refused by name") {
  // Rows: kDeviceEvents; columns: expected, pending, onboarding, admitted, quarantined, retired. '.' = refused.
  const std::string_view table[] = {
      "PPPP..",  // wait
      "OOOO..",  // allow
      "..AA..",  // admit
      "..QQ..",  // quarantine
      "....A.",  // release, enrolled
      "....E.",  // release, not enrolled
      ".EEEE.",  // reset
      "RRRRR.",  // retire
  };
  const auto letter = [](DeviceState state) { return "EPOAQR"[static_cast<std::size_t>(state)]; };
  std::size_t row = 0;
  for (const auto event : kDeviceEvents) {
    std::size_t column = 0;
    for (const auto state : kDeviceStates) {
      INFO(to_string(state) << " -> " << to_string(event));
      const auto next = next_state(state, event);
      const char expected = table[row][column++];
      CHECK((next ? letter(*next) : '.') == expected);
      if (next) continue;
      CHECK(next.error().code == pratique::ErrorCode::failed_precondition);
      CHECK(next.error().reason == "DEVICE_STATE_CONFLICT");
      CHECK(next.error().message.contains(to_string(state)));
      CHECK(next.error().message.contains(to_string(event)));
    }
    ++row;
  }
}

TEST_CASE("Names of states are read back") {
  for (const auto state : kDeviceStates) CHECK(parse_device_state(to_string(state)) == state);
  CHECK_FALSE(parse_device_state("lost").has_value());
}
