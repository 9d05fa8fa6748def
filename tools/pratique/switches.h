// pratique switches list|show|add|update|secret|observe|delete
#pragma once

#include <vector>

#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

std::vector<Command> switch_commands();

}  // namespace pratique::cli
