#include "tools/pratique/grammar/command_line.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>
#include <sstream>

namespace pratique::cli {
namespace {

constexpr int kUsage = 2;

class Parser {
 public:
  explicit Parser(const Grammar& grammar) : app_(grammar.about, grammar.program) {
    groups_[""] = &app_;
    app_.require_subcommand(0, 1);
    app_.set_version_flag("--version", grammar.program + " " + grammar.version, "which build this is");
    for (const auto& option : grammar.general) add(app_, option, "Connection and output");
    for (const auto& group : grammar.groups) word(group.words).description(group.help);
    for (const auto& command : grammar.commands) {
      auto& sub = word(command.words);
      sub.description(command.help);
      for (const auto& operand : command.operands) {
        auto* added = sub.add_option(operand.name, take(operand.name), operand.help);
        added->expected(1)->required(operand.required)->type_name("");
        if (!operand.choices.empty()) added->check(CLI::IsMember(operand.choices));
      }
      for (const auto& option : command.options) add(sub, option, "Options");
      sub.callback([this, &command] { chosen_ = &command; });
    }
  }

  Typed read(std::vector<std::string> words) {
    std::ranges::reverse(words);  // as CLI11 takes a vector
    try {
      app_.parse(std::move(words));
    } catch (const CLI::ParseError& stopped) {
      return answer(stopped);
    }
    // A group without a command: its help, as an error of use.
    if (chosen_ == nullptr) return {.text = app_.help(), .exit_code = kUsage};
    return {.command = chosen_, .arguments = Arguments(std::move(values_))};
  }

 private:
  using App = CLI::App;

  App& word(const std::string& words) {
    if (const auto known = groups_.find(words); known != groups_.end()) return *known->second;
    const auto space = words.rfind(' ');
    const auto above = space == std::string::npos ? std::string() : words.substr(0, space);
    auto* sub = word(above).add_subcommand(space == std::string::npos ? words : words.substr(space + 1));
    sub->fallthrough()->require_subcommand(0, 1);
    groups_[words] = sub;
    return *sub;
  }

  // The same name in two commands is one value: only one command is parsed.
  CLI::callback_t take(const std::string& name) {
    return [this, name](const CLI::results_t& typed) {
      values_[name] = typed;
      return true;
    };
  }

  void add(App& app, const Option& option, const std::string& group) {
    const auto name = "--" + option.name;
    if (option.kind == Option::Kind::flag) {
      app.add_flag_callback(
             name, [this, key = option.name] { values_[key] = {"true"}; }, option.help)
          ->group(group);
      return;
    }
    auto* added = app.add_option(name, take(option.name), option.help);
    added->type_name(option.value)->expected(1)->required(option.required)->group(group)->allow_extra_args(false);
    if (option.kind == Option::Kind::many) added->take_all();
    if (!option.choices.empty()) added->check(CLI::IsMember(option.choices));
  }

  // CLI11 gives the help of the deepest word that was typed.
  Typed answer(const CLI::ParseError& stopped) {
    if (dynamic_cast<const CLI::CallForVersion*>(&stopped) != nullptr) return {.text = std::string(stopped.what()) + "\n"};
    if (stopped.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) return {.text = app_.help()};
    std::string text = "pratique: " + std::string(stopped.what()) + "\nRun with --help for more information.\n";
    return {.text = std::move(text), .exit_code = kUsage};
  }

  App app_;
  std::map<std::string, App*> groups_;
  Arguments::Values values_;
  const Command* chosen_ = nullptr;
};

}  // namespace

std::vector<std::string> split_words(std::string_view words) {
  std::vector<std::string> out;
  std::istringstream in{std::string(words)};
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

Typed read_command_line(const Grammar& grammar, const std::vector<std::string>& words) {
  return Parser(grammar).read(words);
}

}  // namespace pratique::cli
