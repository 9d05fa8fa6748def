// pratique devices import FILE.csv
#pragma once

#include <vector>

#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

std::vector<Command> import_commands();

}  // namespace pratique::cli
