#include <catch2/catch.hpp>

#include <cstdio>
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
              {.words = "makers anchors add", .help = "one more", .operands = {{"MAKER", "which"}}},
              {.words = "completion", .help = "for shells", .operands = {{"SHELL", "which", true, {"bash", "zsh"}}}}}};
}

Typed typed(std::vector<std::string> words) {
  static const Grammar all = grammar();
  return read_command_line(all, words);
}

// What bash offers at the end of a line.
std::string offered(const std::string& script, const std::string& line) {
  const ScratchFolder folder;
  const auto file = folder.path() / "ask.sh";
  std::ofstream(file) << script << "line=(" << line << ")\nCOMP_WORDS=(\"${line[@]}\")\n"
                      << "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_pratique\necho \"${COMPREPLY[*]}\"\n";
  FILE* shell = popen(("bash --norc '" + file.string() + "' 2>&1").c_str(), "r");
  REQUIRE(shell != nullptr);
  std::string out(65536, '\0');
  out.resize(fread(out.data(), 1, out.size(), shell));
  CHECK(pclose(shell) == 0);
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
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

TEST_CASE("bash takes the completion script and offers what may come") {
  const auto script = bash_completion(grammar());
  CHECK(offered(script, "pratique ''") == "completion devices makers");
  CHECK(offered(script, "pratique dev") == "devices");
  CHECK(offered(script, "pratique devices ''") == "list retire");
  CHECK(offered(script, "pratique --ca a.pem devices ''") == "list retire");
  CHECK(offered(script, "pratique makers anchors ''") == "add");
  CHECK(offered(script, "pratique devices list --state ''") == "expected pending");
  CHECK(offered(script, "pratique devices list --output j") == "json");
  CHECK(offered(script, "pratique devices retire 7 --r") == "--reason");
  CHECK(offered(script, "pratique devices list --r").empty());
  CHECK(offered(script, "pratique devices retire --reason devices ''").empty());  // a value is no word of the grammar
  CHECK(offered(script, "pratique completion ''") == "bash zsh");
}

TEST_CASE("zsh reads the same script through bashcompinit") {
  const auto script = zsh_completion(grammar());
  CHECK(script.starts_with("#compdef pratique\n"));
  CHECK(script.contains("bashcompinit"));
  CHECK(script.ends_with(bash_completion(grammar())));
}
