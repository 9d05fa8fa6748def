// pratique manufacturers anchors add|remove
#pragma once

#include <vector>

#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

std::vector<Command> anchor_commands();

}  // namespace pratique::cli
