// pratique audit list|verify
#pragma once

#include <vector>

#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

std::vector<Command> audit_commands();

}  // namespace pratique::cli
