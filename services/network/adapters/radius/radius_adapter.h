// A switch that does VLANs itself, as enterprise switches do: it takes a station's segment from the Access-Accept,
// keeps a port closed by itself, and hears of changes by RFC 5176.
//
//   TRY(auto exchanges, Exchanges::start(clock, random));
//   TRY(auto adapter, make_radius_adapter({.nas = {address}, .secret = secret}, exchanges));
//   TRY_VOID(adapter->end_session({.mac = mac, .accounting_id = "0F3A"}, deadline));
//
// Capabilities: end_session, change_session. It cannot be asked what its ports do, and tells nothing by itself: who is
// on is known from RADIUS accounting alone, so `watch` never calls its listener. `apply` and `observe` say
// SWITCH_CAPABILITY_MISSING.
//
// A NAK 503 (session context not found) counts as over. Since a switch answers so, too, where it writes one of the
// names otherwise than we do, it is asked a second time, by the one name that tells sessions apart best. The proof that
// a session ended is the Accounting Stop: what is accounted for still is on.
#pragma once

#include <memory>

#include "libs/base/result.h"
#include "services/network/adapters/radius/exchanges.h"
#include "services/network/adapters/radius/switch.h"
#include "services/network/app/adapter.h"

namespace pratique::network {

/// The errors of check_radius_switch() and Exchanges::open().
Result<std::unique_ptr<SwitchAdapter>> make_radius_adapter(RadiusSwitch to, std::shared_ptr<Exchanges> exchanges);

}  // namespace pratique::network
