// pratique policies list|show|add|update|delete|test
#pragma once

#include <vector>

#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

std::vector<Command> policy_commands();

}  // namespace pratique::cli
