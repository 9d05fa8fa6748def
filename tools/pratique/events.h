// pratique events
#pragma once

#include <vector>

#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

std::vector<Command> event_commands();

}  // namespace pratique::cli
