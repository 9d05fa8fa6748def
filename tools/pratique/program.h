// One run of the CLI: words in, answer and exit code out.
#pragma once

#include <string>
#include <vector>

#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "tools/pratique/grammar/command.h"
#include "tools/pratique/link/settings.h"
#include "tools/pratique/terminal/console.h"

namespace pratique::cli {

/// Everything that `pratique` can be told.
const Grammar& grammar();

/// `words`: argv without the program's name. Gives the exit code.
int run(const std::vector<std::string>& words, const Environment& environment, Console& console, const Clock& clock,
        Random& random);

}  // namespace pratique::cli
