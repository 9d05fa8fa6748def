// pratique wlans list|show|add|update|delete
#pragma once

#include <vector>

#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

std::vector<Command> wlan_commands();

}  // namespace pratique::cli
