// The settings of a switch of kind `radius`, as operators give them: JSON, described in README.md.
#pragma once

#include <optional>
#include <string_view>

#include "libs/base/result.h"
#include "services/network/adapters/radius/switch.h"

namespace pratique::network {

/// A RadiusSwitch but for what is not in its settings.
struct RadiusSettings {
  std::optional<IpAddress> address = {};  // none: the NAS address
  std::uint16_t port = radius::kDynamicAuthorizationPort;
  radius::ClientRules rules = {};
  SessionNaming naming = {};
  ChangeBy change_by = ChangeBy::vlan;
  std::map<VlanId, std::string> filters = {};
  std::vector<radius::Attribute> reauthenticate = {};
  bool disconnect_where_refused = true;
};

/// Checked as check_radius_switch() does. INVALID_ARGUMENT FIELD_INVALID, naming the place within the settings: an
/// unknown key, one that is missing, a wrong type, an address that is none.
Result<RadiusSettings> parse_radius_settings(std::string_view settings);
/// `nas_address`: from where the switch speaks RADIUS.
RadiusSwitch radius_switch(const RadiusSettings& settings, const IpAddress& nas_address, std::string nas_identifier,
                           radius::SharedSecret secret);

}  // namespace pratique::network
