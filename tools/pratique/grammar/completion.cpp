#include "tools/pratique/grammar/completion.h"

#include <fmt/format.h>

#include <map>
#include <set>

namespace pratique::cli {
namespace {

using Set = std::set<std::string>;
using Cases = std::map<std::string, Set>;  // what stands before the cursor -> what may come

std::string joined(const Set& words, std::string_view between, std::string_view quote = "") {
  std::string out;
  for (const auto& word : words) out += fmt::format("{}{}{}{}", out.empty() ? "" : between, quote, word, quote);
  return out;
}

std::string cases(const Cases& all) {
  std::string out;
  for (const auto& [before, what] : all) out += fmt::format("    '{}') words='{}' ;;\n", before, joined(what, " "));
  return out;
}

// All that the script needs to know of a grammar.
struct Facts {
  Set places;          // "devices", "devices list"
  Cases next;          // place -> words that may follow
  Cases options;       // place -> its options
  Cases choices;       // "devices list --state" -> values
  Cases wide_choices;  // "--output" -> values, wherever it stands
  Set general, valued, files;

  explicit Facts(const Grammar& grammar) {
    for (const auto& option : grammar.general) {
      general.insert("--" + option.name);
      if (!option.choices.empty()) wide_choices["--" + option.name] = {option.choices.begin(), option.choices.end()};
      learn_value(option);
    }
    for (const auto& command : grammar.commands) learn(command);
  }

 private:
  void learn(const Command& command) {
    std::string place;
    for (const auto& word : split_words(command.words)) {
      next[place].insert(word);
      place += (place.empty() ? "" : " ") + word;
      places.insert(place);
    }
    for (const auto& operand : command.operands)
      if (!operand.choices.empty()) next[place].insert(operand.choices.begin(), operand.choices.end());
    for (const auto& option : command.options) {
      options[place].insert("--" + option.name);
      if (!option.choices.empty())
        choices[place + " --" + option.name] = {option.choices.begin(), option.choices.end()};
      learn_value(option);
    }
  }
  void learn_value(const Option& option) {
    if (option.kind == Option::Kind::flag) return;
    valued.insert("--" + option.name);
    if (option.value == "FILE" || option.value == "DIR") files.insert("--" + option.name);
  }
};

}  // namespace

std::string bash_completion(const Grammar& grammar) {
  const Facts facts(grammar);
  return fmt::format(R"(# Completion of {program} for bash. Made by `{program} completion bash`.
_{program}() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}"
  local place='' longer words='' value='' i
  for ((i = 1; i < COMP_CWORD; ++i)); do
    if [ -n "$value" ]; then value=''; continue; fi
    case "${{COMP_WORDS[i]}}" in
      {valued}) value=1 ;;
      -*) ;;
      *)
        longer="${{place:+$place }}${{COMP_WORDS[i]}}"
        case "$longer" in {places}) place="$longer" ;; esac ;;
    esac
  done
  COMPREPLY=()
  if [ -n "$value" ]; then
    case "$previous" in {files}) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;; esac
    case "$previous" in
{wide_choices}    esac
    case "$place $previous" in
{choices}    esac
  elif [[ "$current" == -* ]]; then
    case "$place" in
{options}    esac
    words="$words {general} --help"
  else
    case "$place" in
{next}    esac
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}}
complete -F _{program} {program}
)",
                     fmt::arg("program", grammar.program), fmt::arg("valued", joined(facts.valued, "|")),
                     fmt::arg("places", joined(facts.places, "|", "'")), fmt::arg("files", joined(facts.files, "|")),
                     fmt::arg("wide_choices", cases(facts.wide_choices)), fmt::arg("choices", cases(facts.choices)),
                     fmt::arg("options", cases(facts.options)), fmt::arg("general", joined(facts.general, " ")),
                     fmt::arg("next", cases(facts.next)));
}

std::string zsh_completion(const Grammar& grammar) {
  return "#compdef " + grammar.program + "\nautoload -Uz bashcompinit && bashcompinit\n" + bash_completion(grammar);
}

}  // namespace pratique::cli
