// pratique devices explain DEVICE
#pragma once

#include <vector>

#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

std::vector<Command> explain_commands();

}  // namespace pratique::cli
