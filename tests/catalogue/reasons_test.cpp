// docs/reasons.md says what the lists of reasons say, and no reason is without a test.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "libs/protocol/est/reasons.h"
#include "libs/protocol/radius/reasons.h"
#include "libs/protocol/voucher/reasons.h"
#include "services/network/domain/reasons.h"
#include "services/registrar/domain/credential_reasons.h"
#include "services/registrar/domain/reasons.h"

using namespace pratique;

namespace {

const std::filesystem::path kTop = SOURCE_FOLDER;

/// Codes that no test can provoke, each with why.
const std::map<std::string, std::string> kUnprovokable;

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Entry {
  std::string code, row;
};

std::string row_of(std::initializer_list<std::string_view> cells) {
  std::string out = "|";
  for (const auto cell : cells) out.append(" ").append(cell).append(" |");
  return out;
}
std::string in_backticks(std::string_view code) { return "`" + std::string(code) + "`"; }

/// The page's sections, with the rows that each has to have.
std::map<std::string, std::vector<Entry>> lists() {
  std::map<std::string, std::vector<Entry>> out;
  for (const auto& reason : registrar::own_reasons())
    out["At the door"].push_back({reason.code, row_of({in_backticks(reason.code), reason.cause, reason.remedy})});
  for (const auto& reason : registrar::credential_reasons())
    out["Credentials"].push_back({reason.code, row_of({in_backticks(reason.code), reason.cause, reason.remedy})});
  for (const auto& reason : voucher::reasons())
    out["Vouchers and BRSKI"].push_back(
        {std::string(reason.code), row_of({in_backticks(reason.code), reason.meaning, reason.remedy})});
  for (const auto& reason : est::reasons()) {
    const auto status = reason.http_status == 0 ? "a note" : std::to_string(reason.http_status);
    out["EST"].push_back({std::string(reason.code),
                          row_of({in_backticks(reason.code), status, reason.meaning, reason.remedy})});
  }
  for (const auto& reason : radius::reasons())
    out["RADIUS"].push_back(
        {std::string(reason.code), row_of({in_backticks(reason.code), reason.meaning, reason.remedy})});
  for (const auto& reason : network::reasons())
    out["Ports and switches"].push_back(
        {std::string(reason.code), row_of({in_backticks(reason.code), reason.meaning, reason.remedy})});
  return out;
}

/// The rows that begin with a code, by section.
std::map<std::string, std::vector<std::string>> page() {
  std::map<std::string, std::vector<std::string>> out;
  std::istringstream lines(read(kTop / "docs/reasons.md"));
  std::string section;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## ")) section = line.substr(3);
    if (line.starts_with("| `")) out[section].push_back(line);
  }
  return out;
}

/// Everything that a test is written in, but for this and what walks whole lists.
std::vector<std::filesystem::path> tests() {
  const std::set<std::filesystem::path> walkers{kTop / "tests/catalogue/reasons_test.cpp",
                                                kTop / "services/registrar/domain/reasons_test.cpp"};
  const std::set<std::string> kinds{".cpp", ".h", ".sh"};
  std::vector<std::filesystem::path> out;
  for (const auto* wing : {"libs", "services", "tools", "tests"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(kTop / wing)) {
      const auto& path = entry.path();
      const auto stem = path.stem().string();
      if (!entry.is_regular_file() || walkers.contains(path) || !kinds.contains(path.extension().string())) continue;
      if (std::string_view(wing) == "tests" || stem.ends_with("_test")) out.push_back(path);
    }
  return out;
}

std::set<std::string> words_of_tests() {
  std::set<std::string> out;
  for (const auto& path : tests()) {
    std::string word;
    for (const char c : read(path) + " ") {
      if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
        word.push_back(c);
      } else if (!word.empty()) {
        out.insert(std::exchange(word, {}));
      }
    }
  }
  return out;
}

/// Code -> the constant that tests may say in its place.
std::map<std::string, std::string> constants() {
  std::map<std::string, std::string> out;
#define PRATIQUE_CONSTANT_NAME(name, code, meaning, remedy) out.emplace(code, #name);
  PRATIQUE_VOUCHER_REASONS(PRATIQUE_CONSTANT_NAME)
  PRATIQUE_RADIUS_REASONS(PRATIQUE_CONSTANT_NAME)
#undef PRATIQUE_CONSTANT_NAME
  const auto read_from = [&](const char* path, const char* pattern) {
    const auto text = read(kTop / path);
    const std::regex constant(pattern);
    for (auto at = std::sregex_iterator(text.begin(), text.end(), constant); at != std::sregex_iterator(); ++at)
      out.emplace((*at)[2], (*at)[1]);
  };
  read_from("libs/protocol/est/reasons.h", R"((k\w+) = \"(\w+)\")");
  read_from("services/network/domain/reasons.h", R"(Reason (k\w+)\{\s*\"(\w+)\")");
  return out;
}

}  // namespace

TEST_CASE("docs/reasons.md says what the lists say", "[catalogue]") {
  const auto wanted = lists();
  const auto found = page();
  for (const auto& [section, rows] : found) {
    INFO("docs/reasons.md has a section that no list is behind: " << section);
    CHECK(wanted.contains(section));
  }
  for (const auto& [section, entries] : wanted) {
    const auto at = found.find(section);
    const auto rows = at == found.end() ? std::vector<std::string>{} : at->second;
    const std::set<std::string> present(rows.begin(), rows.end());
    std::set<std::string> due;
    for (const auto& entry : entries) {
      due.insert(entry.row);
      if (!present.contains(entry.row)) FAIL_CHECK("docs/reasons.md, " << section << ", lacks:\n" << entry.row);
    }
    for (const auto& row : rows)
      if (!due.contains(row)) FAIL_CHECK("docs/reasons.md, " << section << ", has what no list has:\n" << row);
    CHECK(rows.size() == entries.size());
  }
}

TEST_CASE("every reason is provoked by some test", "[catalogue]") {
  const auto words = words_of_tests();
  const auto named = constants();
  std::set<std::string> known;
  for (const auto& [section, entries] : lists())
    for (const auto& entry : entries) {
      known.insert(entry.code);
      const auto constant = named.find(entry.code);
      const bool spoken_of =
          words.contains(entry.code) || (constant != named.end() && words.contains(constant->second));
      if (!spoken_of && !kUnprovokable.contains(entry.code)) FAIL_CHECK("no test provokes " << entry.code);
      if (spoken_of && kUnprovokable.contains(entry.code))
        FAIL_CHECK(entry.code << " is provoked, so it is no exception");
    }
  for (const auto& [code, why] : kUnprovokable) CHECK(known.contains(code));
}
