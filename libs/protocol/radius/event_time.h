// Internal to this room: Event-Timestamp against our clock (RFC 5176 section 6.3).
#pragma once

#include <chrono>

#include "libs/base/timestamp.h"
#include "libs/base/verdict.h"
#include "libs/protocol/radius/packet.h"

namespace pratique::radius {

/// Refuses a time that cannot be read or is further than `window` from `now`; one that is absent only where `required`.
void judge_event_time(const Packet& packet, bool required, std::chrono::seconds window, Timestamp now,
                      Verdict& verdict);

}  // namespace pratique::radius
