// pratique sessions list|show
#pragma once

#include <vector>

#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

std::vector<Command> session_commands();

}  // namespace pratique::cli
