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
  for (const auto& [before, what] : all) out += fmt::format("    '{}') offer='{}' ;;\n", before, joined(what, " "));
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
  Set file_places;  // where a file may be named

  explicit Facts(const Grammar& grammar) {
    options[""].insert("--version");
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
    for (const auto& operand : command.operands) {
      if (operand.name == "FILE") file_places.insert(place);
      if (!operand.choices.empty()) next[place].insert(operand.choices.begin(), operand.choices.end());
    }
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

// What differs between the shells.
struct Shell {
  std::string_view name;
  std::string_view begin;     // a line of the function, or none
  std::string_view line, at;  // the array of typed words, and where the cursor stands in it
  int first;                  // index of the word behind the program's name
  std::string_view attached;  // `--option=value` at the cursor: sets option and current
  std::string_view offer_files;
  std::string_view offer;  // the words of $offer
};

// bash has split `--option=value` at `=`, which stands as a word.
constexpr Shell kBash{.name = "bash",
                      .begin = "  COMPREPLY=()\n",
                      .line = "COMP_WORDS",
                      .at = "COMP_CWORD",
                      .first = 1,
                      .attached = R"(if [ "$current" = '=' ]; then current=''; fi)",
                      .offer_files = R"(mapfile -t COMPREPLY < <(compgen -f -- "$current"))",
                      .offer = R"(mapfile -t COMPREPLY < <(compgen -W "$offer" -- "$current"))"};
// zsh compares with what stands at the cursor by itself; compset takes the option's name away from that. The function
// keeps the options that zsh's completion sets: _files needs them, so no `emulate`.
constexpr Shell kZsh{.name = "zsh",
                     .begin = "",
                     .line = "words",
                     .at = "CURRENT",
                     .first = 2,
                     .attached = R"(if [[ "$current" == --*=* ]] && compset -P '*='; then option="${current%%=*}"; fi)",
                     .offer_files = "_files",
                     .offer = "compadd -- ${=offer}"};

std::string function_of(const Grammar& grammar, const Shell& shell) {
  const Facts facts(grammar);
  return fmt::format(R"(_{program}() {{
{begin}  local current="${{{line}[{at}]}}" place='' longer='' option='' offer='' i
  for ((i = {first}; i < {at}; ++i)); do
    if [ "${{{line}[i]}}" = '=' ]; then continue; fi
    if [ -n "$option" ]; then option=''; continue; fi
    case "${{{line}[i]}}" in
      {valued}) option="${{{line}[i]}}" ;;
      -*) ;;
      *)
        longer="${{place:+$place }}${{{line}[i]}}"
        case "$longer" in {places}) place="$longer" ;; esac ;;
    esac
  done
  {attached}
  if [ -n "$option" ]; then
    case "$option" in {files}) {offer_files}; return ;; esac
    case "$option" in
{wide_choices}    esac
    case "$place $option" in
{choices}    esac
  elif [[ "$current" == -* ]]; then
    case "$place" in
{options}    esac
    offer="$offer {general} --help"
  else
    case "$place" in {file_places}) {offer_files}; return ;; esac
    case "$place" in
{next}    esac
  fi
  {offer}
}}
)",
                     fmt::arg("program", grammar.program), fmt::arg("begin", shell.begin), fmt::arg("line", shell.line),
                     fmt::arg("at", shell.at), fmt::arg("first", shell.first), fmt::arg("attached", shell.attached),
                     fmt::arg("offer_files", shell.offer_files), fmt::arg("offer", shell.offer),
                     fmt::arg("valued", joined(facts.valued, "|")), fmt::arg("places", joined(facts.places, "|", "'")),
                     fmt::arg("files", joined(facts.files, "|")),
                     fmt::arg("file_places", joined(facts.file_places, "|", "'")),
                     fmt::arg("wide_choices", cases(facts.wide_choices)), fmt::arg("choices", cases(facts.choices)),
                     fmt::arg("options", cases(facts.options)), fmt::arg("general", joined(facts.general, " ")),
                     fmt::arg("next", cases(facts.next)));
}

std::string origin(const Grammar& grammar, const Shell& shell) {
  return fmt::format("# Completion of {0} for {1}. Made by `{0} completion {1}`.\n", grammar.program, shell.name);
}

}  // namespace

std::string bash_completion(const Grammar& grammar) {
  return origin(grammar, kBash) + function_of(grammar, kBash) + fmt::format("complete -F _{0} {0}\n", grammar.program);
}

std::string zsh_completion(const Grammar& grammar) {
  // As the file _pratique of $fpath it is the function's body when that is first called; else it is sourced.
  return fmt::format("#compdef {}\n", grammar.program) + origin(grammar, kZsh) + function_of(grammar, kZsh) +
         fmt::format(R"(if [ "${{funcstack[1]}}" = _{0} ]; then
  _{0}
else
  if ! (( $+functions[compdef] )); then autoload -Uz compinit && compinit; fi
  compdef _{0} {0}
fi
)",
                     grammar.program);
}

}  // namespace pratique::cli
