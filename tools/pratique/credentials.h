// pratique credentials list|show|revoke
#pragma once

#include <vector>

#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

std::vector<Command> credential_commands();

}  // namespace pratique::cli
