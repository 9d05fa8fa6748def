// WLANs on the wire.
#pragma once

#include "libs/base/result.h"
#include "pratique/network/v1/wlan.pb.h"
#include "services/network/domain/wlan.h"

namespace pratique::network {

v1::Wlan message_of(const Wlan& wlan);
/// What operators write. INVALID_ARGUMENT FIELD_INVALID, naming the field.
Result<Wlan> read_wlan(const v1::Wlan& message);

}  // namespace pratique::network
