// pratique manufacturers list|show|add|update|disable|enable
#pragma once

#include <vector>

#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

std::vector<Command> manufacturer_commands();

}  // namespace pratique::cli
