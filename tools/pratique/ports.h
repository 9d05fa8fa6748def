// pratique ports list|show|add|update|delete
#pragma once

#include <vector>

#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

std::vector<Command> port_commands();

}  // namespace pratique::cli
