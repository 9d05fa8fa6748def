// Identifiers of this service, and those of the registrar that it knows by name.
#pragma once

#include <string_view>

#include "libs/base/id.h"

namespace pratique::network {

struct SiteTag { static constexpr std::string_view kPrefix = "sites"; };
struct SegmentTag { static constexpr std::string_view kPrefix = "segments"; };
struct SwitchTag { static constexpr std::string_view kPrefix = "switches"; };
struct PortTag { static constexpr std::string_view kPrefix = "ports"; };
struct WlanTag { static constexpr std::string_view kPrefix = "wlans"; };
struct SessionTag { static constexpr std::string_view kPrefix = "sessions"; };
struct DeviceTag { static constexpr std::string_view kPrefix = "devices"; };

using SiteId = Id<SiteTag>;
using SegmentId = Id<SegmentTag>;
using SwitchId = Id<SwitchTag>;
using PortId = Id<PortTag>;
using WlanId = Id<WlanTag>;
/// One stay of one device on one port, from its admission to its end.
using SessionId = Id<SessionTag>;
/// The registrar's.
using DeviceId = Id<DeviceTag>;

}  // namespace pratique::network
