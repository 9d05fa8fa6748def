#include "services/registrar/domain/device_state.h"

#include <string>

namespace pratique::registrar {
namespace {

using enum DeviceState;

struct Transition {
  DeviceEvent event;
  DeviceState from, to;
};

constexpr Transition kTransitions[] = {
    {DeviceEvent::wait, expected, pending},
    {DeviceEvent::wait, pending, pending},
    {DeviceEvent::wait, onboarding, pending},  // policy changed while it was at it
    {DeviceEvent::wait, admitted, pending},    // it came back as new, and policy asks people

    {DeviceEvent::allow, expected, onboarding},
    {DeviceEvent::allow, pending, onboarding},
    {DeviceEvent::allow, onboarding, onboarding},  // it lost its connection and knocks again
    {DeviceEvent::allow, admitted, onboarding},    // it came back as new

    {DeviceEvent::admit, onboarding, admitted},
    {DeviceEvent::admit, admitted, admitted},  // once more in the same session, with another key

    {DeviceEvent::quarantine, onboarding, quarantined},
    {DeviceEvent::quarantine, admitted, quarantined},
    {DeviceEvent::release_enrolled, quarantined, admitted},
    {DeviceEvent::release_unenrolled, quarantined, expected},

    {DeviceEvent::reset, pending, expected},
    {DeviceEvent::reset, onboarding, expected},
    {DeviceEvent::reset, admitted, expected},
    {DeviceEvent::reset, quarantined, expected},

    {DeviceEvent::retire, expected, retired},
    {DeviceEvent::retire, pending, retired},
    {DeviceEvent::retire, onboarding, retired},
    {DeviceEvent::retire, admitted, retired},
    {DeviceEvent::retire, quarantined, retired},
};

}  // namespace

std::string_view to_string(DeviceState state) {
  switch (state) {
    case expected: return "expected";
    case pending: return "pending";
    case onboarding: return "onboarding";
    case admitted: return "admitted";
    case quarantined: return "quarantined";
    case retired: return "retired";
  }
  return "?";
}

std::string_view to_string(DeviceEvent event) {
  switch (event) {
    case DeviceEvent::wait: return "wait for approval";
    case DeviceEvent::allow: return "onboard";
    case DeviceEvent::admit: return "be admitted";
    case DeviceEvent::quarantine: return "be quarantined";
    case DeviceEvent::release_enrolled:
    case DeviceEvent::release_unenrolled: return "be released";
    case DeviceEvent::reset: return "be reset";
    case DeviceEvent::retire: return "be retired";
  }
  return "?";
}

std::optional<DeviceState> parse_device_state(std::string_view text) {
  for (const auto state : kDeviceStates)
    if (to_string(state) == text) return state;
  return std::nullopt;
}

Result<DeviceState> next_state(DeviceState state, DeviceEvent event) {
  for (const auto& line : kTransitions)
    if (line.event == event && line.from == state) return line.to;
  return failed_precondition("DEVICE_STATE_CONFLICT", "a device that is " + std::string(to_string(state)) +
                                                          " cannot " + std::string(to_string(event)))
      .with("state", to_string(state))
      .with("event", to_string(event));
}

}  // namespace pratique::registrar
