// pratique vouchers list
#pragma once

#include <vector>

#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

std::vector<Command> voucher_commands();

}  // namespace pratique::cli
