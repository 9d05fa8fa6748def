// Ports on the wire.
#pragma once

#include "libs/base/result.h"
#include "pratique/network/v1/switch.pb.h"
#include "services/network/app/diff.h"
#include "services/network/domain/registered_port.h"

namespace pratique::network {

v1::Port message_of(const PortOverview& port);
/// What operators write, alone: what an update starts from.
v1::Port registered_message(const RegisteredPort& port);
/// INVALID_ARGUMENT FIELD_INVALID, naming the field.
Result<RegisteredPort> read_port(const v1::Port& message);
/// Unspecified: none.
Result<std::optional<PortRole>> read_role(std::string_view field, v1::PortRole role);

v1::DiffSwitchResponse message_of(const SwitchDiff& diff);

}  // namespace pratique::network
