#include <catch2/catch.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/support/scratch_folder.h"
#include "tools/pratique/grammar/command_line.h"
#include "tools/pratique/grammar/completion.h"

using namespace pratique;
using namespace pratique::cli;

namespace {

Grammar grammar() {
  return {.program = "pratique",
          .about = "Speaks to the platform.",
          .version = "1.2.3+gabcdef0",
          .general = {Option::text("ca", "FILE", "anchors"), Option::one_of("output", {"table", "json"}, "form")},
          .groups = {{"devices", "devices"}, {"makers", "makers"}, {"makers anchors", "their anchors"}},
          .commands = {
              {.words = "devices list",
               .help = "all",
               .options = {Option::one_of("state", {"expected", "pending"}, "of"), Option::many("type", "TYPE", "of"),
                           Option::text("limit", "N", "at most")}},
              {.words = "devices retire",
               .help = "end",
               .operands = {{"DEVICE", "which"}},
               .options = {Option::text("reason", "WHY", "why").must(), Option::flag("yes", "do")}},
              {.words = "makers anchors add",
               .help = "one more",
               .operands = {{"MAKER", "which"}, {"FILE", "its certificate", false}}},
              {.words = "completion", .help = "for shells", .operands = {{"SHELL", "which", true, {"bash", "zsh"}}}}}};
}

Typed typed(std::vector<std::string> words) {
  static const Grammar all = grammar();
  return read_command_line(all, words);
}

// What a command says.
std::string output_of(const std::string& command) {
  FILE* shell = popen((command + " 2>&1").c_str(), "r");
  REQUIRE(shell != nullptr);
  std::string out(65536, '\0');
  out.resize(fread(out.data(), 1, out.size(), shell));
  CHECK(pclose(shell) == 0);
  return out;
}

// Lines as typed, with what may come at their end.
std::vector<std::pair<std::string, std::string>> offers() {
  return {{"pratique ''", "completion devices makers"},
          {"pratique dev", "devices"},
          {"pratique devices ''", "list retire"},
          {"pratique --ca a.pem devices ''", "list retire"},
          {"pratique makers anchors ''", "add"},
          {"pratique devices list --state ''", "expected pending"},
          {"pratique devices list --output j", "json"},
          {"pratique devices retire 7 --r", "--reason"},
          {"pratique devices list --r", ""},
          {"pratique --v", "--version"},
          {"pratique devices --v", ""},
          {"pratique devices retire --reason devices ''", ""},  // a value is no word of the grammar
          {"pratique completion ''", "bash zsh"}};
}

std::string offered_by_bash(const std::string& script, const std::string& line) {
  const ScratchFolder folder;
  const auto file = folder.path() / "ask.sh";
  std::ofstream(file) << script << "line=(" << line << ")\nCOMP_WORDS=(\"${line[@]}\")\n"
                      << "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_pratique\necho \"${COMPREPLY[*]}\"\n";
  auto out = output_of("bash --norc '" + file.string() + "'");
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

// A real zsh on a terminal of its own, with its completion system: `compadd` tells what it would add. `how`: "source"
// the script, or find it in "fpath".
std::string offered_by_zsh(const std::string& script, const std::string& how, const std::vector<std::string>& lines) {
  const ScratchFolder folder;
  std::ofstream(folder.path() / "script.zsh") << script;
  std::filesystem::create_directory(folder.path() / "functions");
  std::ofstream(folder.path() / "functions/_pratique") << script;
  std::ofstream(folder.path() / "setup.zsh") << R"zsh(PS1= PS2= PROMPT_EOL_MARK=
unset zle_bracketed_paste
if [ $1 = fpath ]; then fpath=($PWD/functions $fpath); fi
autoload -Uz compinit && compinit -D -u
if [ $1 = source ]; then source ./script.zsh; fi
begun() { compprefuncs=(begun); print -r -- '<<<' }
ended() { comppostfuncs=(ended); print -r -- '>>>' }
compprefuncs=(begun) comppostfuncs=(ended)
compadd() {
  local -a hits
  if [[ " $* " == *' -'[OAD]' '* ]]; then builtin compadd "$@"; return; fi
  builtin compadd -O hits "$@"
  print -rl -- $hits
  return 1
}
)zsh";
  std::ofstream(folder.path() / "ask.zsh") << R"zsh(zmodload zsh/zpty
how=$1
shift
zpty shell zsh -f -i
zpty -w shell "source ./setup.zsh $how; print ready-\$((1+1))"
zpty -r -m shell out '*ready-2*'
for line; do
  zpty -w -n shell $'\C-u'"$line"$'\t'
  zpty -r -m shell out '*<<<*>>>*'
  out=${out##*<<<}
  out=${out%%>>>*}
  print -r -- "$line => ${(j: :)${(f)${out//$'\r'/}}}"
done
)zsh";
  std::string command = "cd '" + folder.path().string() + "' && timeout 60 zsh -f ask.zsh " + how;
  for (const auto& line : lines) command += " '" + line + "'";
  return output_of(command);
}

}  // namespace

TEST_CASE("a line finds its command, its operands and its options") {
  const auto line = typed({"devices", "retire", "00-D0", "--reason", "sold", "--yes"});
  REQUIRE(line.command != nullptr);
  CHECK(line.command->words == "devices retire");
  CHECK(line.arguments.text("DEVICE") == "00-D0");
  CHECK(line.arguments.text("reason") == "sold");
  CHECK(line.arguments.has("yes"));
  CHECK_FALSE(line.arguments.has("ca"));
}

TEST_CASE("general options stand before or behind the command") {
  CHECK(typed({"--output", "json", "devices", "list"}).arguments.text("output") == "json");
  CHECK(typed({"devices", "list", "--output", "json"}).arguments.text("output") == "json");
  CHECK(typed({"makers", "anchors", "add", "x", "--ca=a.pem"}).arguments.text("ca") == "a.pem");
}

TEST_CASE("an option that may be repeated keeps all its values, and takes one word each") {
  const auto line = typed({"devices", "list", "--type", "a,b", "--type", "c"});
  REQUIRE(line.command != nullptr);
  CHECK(line.arguments.all("type", true) == std::vector<std::string>{"a", "b", "c"});
  CHECK(line.arguments.all("type") == std::vector<std::string>{"a,b", "c"});
  CHECK(typed({"devices", "list", "--type", "a", "b"}).exit_code == 2);
}

TEST_CASE("a wrong line says what is wrong with it and is an error of use") {
  for (const auto& words : std::vector<std::vector<std::string>>{{"devices", "retire", "7"},              // no reason
                                                                 {"devices", "retire", "--reason", "x"},  // no device
                                                                 {"devices", "retire", "7", "8", "--reason", "x"},
                                                                 {"devices", "list", "--state", "gone"},
                                                                 {"devices", "list", "--nothing"},
                                                                 {"devices", "list", "--limit"},
                                                                 {"devices", "list", "--limit", "1", "--limit", "2"},
                                                                 {"devices", "fly"},
                                                                 {"completion", "fish"}}) {
    const auto line = typed(words);
    CAPTURE(words);
    CHECK(line.command == nullptr);
    CHECK(line.exit_code == 2);
    CHECK(line.text.starts_with("pratique: "));
  }
  CHECK(typed({"devices", "list", "--state", "gone"}).text.contains("gone"));
}

TEST_CASE("help is of the place where it was asked") {
  const auto top = typed({"--help"});
  CHECK(top.exit_code == 0);
  CHECK(top.text.contains("Speaks to the platform."));
  CHECK(top.text.contains("devices"));
  CHECK(typed({"devices", "retire", "--help"}).text.contains("--reason"));
  CHECK(typed({"devices", "retire", "--help"}).text.contains("pratique devices retire"));
  CHECK(typed({"devices", "retire", "--help"}).exit_code == 0);
  // Half a command: what could follow, as an error of use.
  CHECK(typed({"makers", "anchors"}).text.contains("add"));
  CHECK(typed({"makers", "anchors"}).exit_code == 2);
  CHECK(typed({}).exit_code == 2);
}

TEST_CASE("numbers and pairs are read strictly") {
  Arguments arguments({{"limit", {"7"}},
                       {"bad", {"7x"}},
                       {"big", {"99999999999999999999"}},
                       {"label", {"a=1", "b=", "a=2"}},
                       {"nokey", {"=1"}}});
  CHECK(*arguments.integer("limit", 1, 0, 10) == 7);
  CHECK(*arguments.integer("absent", 1, 0, 10) == 1);
  CHECK_FALSE(arguments.integer("limit", 1, 0, 6));
  CHECK_FALSE(arguments.integer("bad", 1, 0, 10));
  CHECK_FALSE(arguments.integer("big", 1, 0, 10));
  CHECK(*arguments.pairs("label") == std::map<std::string, std::string>{{"a", "2"}, {"b", ""}});
  CHECK_FALSE(arguments.pairs("nokey"));
  CHECK_FALSE(arguments.pairs("limit"));
}

TEST_CASE("the version is said where it is asked for") {
  const auto said = typed({"--version"});
  CHECK(said.exit_code == 0);
  CHECK(said.text == "pratique 1.2.3+gabcdef0\n");
}

TEST_CASE("bash takes the completion script and offers what may come") {
  const auto script = bash_completion(grammar());
  for (const auto& [line, expected] : offers()) {
    CAPTURE(line);
    CHECK(offered_by_bash(script, line) == expected);
  }
  // bash splits at the sign of equality, and the cursor may stand right behind it.
  CHECK(offered_by_bash(script, "pratique devices list --state = ''") == "expected pending");
  CHECK(offered_by_bash(script, "pratique devices list --state =") == "expected pending");
  CHECK(offered_by_bash(script, "pratique devices list --state = pe") == "pending");
  CHECK(offered_by_bash(script, "pratique --output = json devices ''") == "list retire");
  const ScratchFolder folder;
  const auto file = (folder.path() / "ca.pem").string();
  std::ofstream(file) << "PEM";
  CHECK(offered_by_bash(script, "pratique --ca '" + file.substr(0, file.size() - 4) + "'") == file);
  CHECK(offered_by_bash(script, "pratique makers anchors add x '" + file.substr(0, file.size() - 4) + "'") == file);
}

TEST_CASE("zsh takes its completion script, sourced or from its path, and offers the same at its prompt") {
  if (std::system("command -v zsh >/dev/null") != 0) {
    WARN("skipped: zsh is not installed, so its completion is not tried");
    return;
  }
  std::vector<std::string> lines;
  std::string expected;
  const auto expect = [&](const std::string& line, const std::string& words) {
    lines.push_back(line);
    expected += line + " => " + words + "\n";
  };
  for (auto [line, words] : offers()) {
    if (line.ends_with("''")) line.resize(line.size() - 2);
    expect(line, words);
  }
  expect("pratique devices list --state=", "expected pending");
  expect("pratique devices list --state=pe", "pending");
  expect("pratique --output=json devices ", "list retire");
  expect("pratique --ca script.z", "script.zsh");
  expect("pratique makers anchors add Example script.z", "script.zsh");
  for (const auto* how : {"source", "fpath"}) {
    CAPTURE(how);
    CHECK(offered_by_zsh(zsh_completion(grammar()), how, lines) == expected);
  }
}
