// pratique approvals list|show|approve|deny
#pragma once

#include <vector>

#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

std::vector<Command> approval_commands();

}  // namespace pratique::cli
