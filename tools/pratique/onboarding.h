// pratique onboarding list|show
#pragma once

#include <vector>

#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

std::vector<Command> onboarding_commands();

}  // namespace pratique::cli
