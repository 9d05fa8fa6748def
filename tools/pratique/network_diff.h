// pratique network diff [SWITCH]
#pragma once

#include <vector>

#include <pratique/network/v1/switch.pb.h>

#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

/// What a switch does is not what it is to do, or not yet. Ports that nobody declared are told, and do not count.
bool differs(const network::v1::DiffSwitchResponse& diff);

std::vector<Command> network_commands();

}  // namespace pratique::cli
