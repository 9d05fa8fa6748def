// pratique status
#pragma once

#include <vector>

#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

std::vector<Command> status_commands();

}  // namespace pratique::cli
