// pratique sessions list|show|end|attempts: who is on the network, who was, and who was refused at a port.
#pragma once

#include <vector>

#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

std::vector<Command> session_commands();

}  // namespace pratique::cli
