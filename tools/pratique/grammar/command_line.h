// What was typed, read by a grammar.
#pragma once

#include <string>
#include <vector>

#include "tools/pratique/grammar/arguments.h"
#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

struct Typed {
  const Command* command = nullptr;  // of the grammar; null: answer with `text` and `exit_code`
  Arguments arguments = {};
  std::string text = {};  // help (exit code 0) or what is wrong with the line (2)
  int exit_code = 0;
};

/// `words`: argv without the program's name. `grammar` outlives the answer.
Typed read_command_line(const Grammar& grammar, const std::vector<std::string>& words);

}  // namespace pratique::cli
