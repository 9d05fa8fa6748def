// Commands to one hostapd interface, each call on a socket of its own, so that no event comes between.
//
// Errors: UNAVAILABLE SWITCH_UNREACHABLE (no hostapd there), DEADLINE_EXCEEDED SWITCH_TIMEOUT, FAILED_PRECONDITION
// SWITCH_REFUSED and SWITCH_DISOBEYED, INTERNAL SWITCH_PROTOCOL.
#pragma once

#include <chrono>
#include <filesystem>
#include <vector>

#include "libs/base/mac_address.h"
#include "libs/base/result.h"
#include "libs/protocol/hostapd/station.h"

namespace pratique::network {

/// Who is logged on.
Result<std::vector<hostapd::Station>> list_stations(const std::filesystem::path& control,
                                                    std::chrono::steady_clock::time_point deadline);
/// Logs a station off, and reads back that it is. A station that is not there is a success.
Result<void> log_off(const std::filesystem::path& control, const MacAddress& mac,
                     std::chrono::steady_clock::time_point deadline);

}  // namespace pratique::network
