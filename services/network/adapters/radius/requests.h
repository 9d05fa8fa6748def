// From a session and a switch's ways to a request, and from the switch's answer to what became of it. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/protocol/radius/answer.h"
#include "libs/protocol/radius/dynamic_request.h"
#include "services/network/adapters/radius/switch.h"
#include "services/network/app/adapter.h"

namespace pratique::network {

/// The namings to try one after the other while the switch says that it knows no such session: as configured; then, if
/// more than one thing is said so, by the one that tells sessions apart best. For a switch that writes one of the names
/// otherwise knows no session by all of them, and a device would be taken for gone that is on.
std::vector<SessionNaming> namings_of(const SessionNaming& configured, const SessionRef& session);

/// INVALID_ARGUMENT RADIUS_SESSION_UNIDENTIFIED where nothing that this switch is told is known of the session.
Result<radius::DynamicRequest> request_to_end(const RadiusSwitch& to, const SessionNaming& naming,
                                              const SessionRef& session);
/// Also FAILED_PRECONDITION SWITCH_CAPABILITY_MISSING for a segment without a filter. Not of ChangeBy::disconnect.
Result<radius::DynamicRequest> request_to_change(const RadiusSwitch& to, const SessionNaming& naming,
                                                 const SessionRef& session, VlanId vlan);

/// FAILED_PRECONDITION SWITCH_REFUSED, or UNAVAILABLE where the switch lacks resources just now; with the Error-Cause,
/// its remedy and the switch's own words as evidence.
Error refusal(std::string_view asked, const radius::Answer& answer);

}  // namespace pratique::network
