// pratique revoke|quarantine|release|move DEVICE: what a device may do on the network from now on. And the same of
// `devices quarantine|release|retire|reset`.
#pragma once

#include <vector>

#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

std::vector<Command> standing_commands();

}  // namespace pratique::cli
