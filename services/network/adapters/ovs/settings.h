// The settings of a switch of kind `ovs`, as operators give them: JSON, described in README.md.
#pragma once

#include <string_view>

#include "libs/base/result.h"
#include "services/network/adapters/ovs/config.h"

namespace pratique::network {

/// Checked as check_ovs_config() does. INVALID_ARGUMENT FIELD_INVALID, naming the place within the settings: an unknown
/// key, one that is missing, a wrong type, an address that is none.
Result<OvsConfig> parse_ovs_settings(std::string_view settings);

}  // namespace pratique::network
