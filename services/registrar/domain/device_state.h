// The states of a device's life here, and the one table that says which change is legal.
#pragma once

#include <optional>
#include <string_view>

#include "libs/base/result.h"

namespace pratique::registrar {

enum class DeviceState { expected, pending, onboarding, admitted, quarantined, retired };

/// What happens to a device.
enum class DeviceEvent {
  wait,                // it knocked; people have to approve it
  allow,               // it knocked and may join
  admit,               // it was given a credential of this onboarding
  quarantine,          // an operator or a service takes its network away
  release_enrolled,    // … gives it back to a device that has a credential
  release_unenrolled,  // … to one that has none yet: it may onboard
  reset,               // it was wiped and may onboard anew
  retire,              // its life here ends
};

inline constexpr DeviceState kDeviceStates[] = {DeviceState::expected,    DeviceState::pending,
                                                DeviceState::onboarding,  DeviceState::admitted,
                                                DeviceState::quarantined, DeviceState::retired};
inline constexpr DeviceEvent kDeviceEvents[] = {DeviceEvent::wait,
                                                DeviceEvent::allow,
                                                DeviceEvent::admit,
                                                DeviceEvent::quarantine,
                                                DeviceEvent::release_enrolled,
                                                DeviceEvent::release_unenrolled,
                                                DeviceEvent::reset,
                                                DeviceEvent::retire};

/// "expected", …: as stored and shown.
std::string_view to_string(DeviceState state);
std::string_view to_string(DeviceEvent event);
std::optional<DeviceState> parse_device_state(std::string_view text);

/// The state that follows. FAILED_PRECONDITION DEVICE_STATE_CONFLICT names event and state.
Result<DeviceState> next_state(DeviceState state, DeviceEvent event);

}  // namespace pratique::registrar
