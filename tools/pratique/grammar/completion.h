// Completion scripts, made of the grammar: words, options and the choices of options.
#pragma once

#include <string>

#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

/// For bash: `source <(pratique completion bash)`.
std::string bash_completion(const Grammar& grammar);
/// For zsh: `source <(pratique completion zsh)`, or the file _pratique in a folder of $fpath.
std::string zsh_completion(const Grammar& grammar);

}  // namespace pratique::cli
