// pratique devices list|show|add|update
#pragma once

#include <vector>

#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

std::vector<Command> device_commands();

}  // namespace pratique::cli
