// Sites and switches on the wire.
#pragma once

#include "libs/base/result.h"
#include "pratique/network/v1/switch.pb.h"
#include "services/network/domain/site.h"
#include "services/network/domain/switch.h"

namespace pratique::network {

v1::Site message_of(const Site& site);
/// What operators write. INVALID_ARGUMENT FIELD_INVALID, naming the field; likewise below.
Site read_site(const v1::Site& message);

v1::NetworkSwitch message_of(const Switch& one);
Result<Switch> read_switch(const v1::NetworkSwitch& message);
/// Unspecified: none.
Result<std::optional<SwitchKind>> read_kind(std::string_view field, v1::SwitchKind kind);

}  // namespace pratique::network
