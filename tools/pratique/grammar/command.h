// A command as data.
//
//   Command{.words = "devices quarantine", .help = "take the network away from a device",
//           .operands = {{"DEVICE", "name, UUID or serial number"}},
//           .options = {Option::text("reason", "WHY", "for the audit log").must()}, .run = quarantine}
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "tools/pratique/grammar/arguments.h"

namespace pratique::cli {

struct Context;  // tools/pratique/context.h

struct Option {
  enum class Kind { flag, text, many };
  std::string name;   // without dashes
  std::string value;  // what its value is, for help: "FILE"
  std::string help;
  Kind kind = Kind::text;
  bool required = false;
  std::vector<std::string> choices = {};  // empty: anything

  static Option flag(std::string name, std::string help) { return {std::move(name), "", std::move(help), Kind::flag}; }
  static Option text(std::string name, std::string value, std::string help) {
    return {std::move(name), std::move(value), std::move(help)};
  }
  /// May be repeated.
  static Option many(std::string name, std::string value, std::string help) {
    return {std::move(name), std::move(value), std::move(help), Kind::many};
  }
  static Option one_of(std::string name, std::vector<std::string> choices, std::string help) {
    Option out{std::move(name), "WORD", std::move(help)};
    out.choices = std::move(choices);
    return out;
  }
  Option must() && {
    required = true;
    return std::move(*this);
  }
};

struct Operand {
  std::string name;  // upper case
  std::string help;
  bool required = true;
  std::vector<std::string> choices = {};
};

struct Command {
  std::string words;  // "manufacturers anchors add"
  std::string help;
  std::vector<Operand> operands = {};
  std::vector<Option> options = {};
  Result<void> (*run)(Context& context, const Arguments& arguments) = nullptr;
  std::optional<int> failure_code = {};  // the exit code of every failure; none: that of the kind of failure
};

/// The words that lead to a command, and what they are about.
struct Group {
  std::string words;
  std::string help;
};

/// All that can be said.
struct Grammar {
  std::string program, about;
  std::string version = {};        // what --version answers
  std::vector<Option> general;  // every command takes these
  std::vector<Group> groups;
  std::vector<Command> commands;
};

/// The parts of "a b c".
std::vector<std::string> split_words(std::string_view words);

}  // namespace pratique::cli
