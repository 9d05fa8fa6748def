#include "libs/runtime/build_version.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>

#include "tests/support/scratch_folder.h"

using namespace pratique;

namespace {

// A source tree of its own, and what cmake/build_version_text.cmake makes of it for version 0.1.0.
struct Tree {
  ScratchFolder folder;
  std::filesystem::path source = folder.path() / "tree";

  Tree() {
    std::filesystem::create_directory(source);
    write("a ship");
  }
  void write(std::string_view text) const { std::ofstream(source / "ship.txt") << text; }
  void git(const std::string& words) const {
    const auto command = "git -C '" + source.string() +
                         "' -c user.name=nobody -c user.email=nobody@example.com -c commit.gpgsign=false " + words +
                         " >/dev/null 2>&1";
    INFO(command);
    REQUIRE(std::system(command.c_str()) == 0);
  }
  void commit() const {
    git("add ship.txt");
    git("commit --allow-empty -m ship");
  }
  std::string version() const {
    const auto out = folder.path() / "version.cpp";
    const auto command = "'" CMAKE_PROGRAM "' -D 'SOURCE=" + source.string() + "' -D VERSION=0.1.0 -D 'OUT=" +
                         out.string() + "' -P '" VERSION_SCRIPT "'";
    REQUIRE(std::system(command.c_str()) == 0);
    std::ifstream in(out);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    const auto begin = text.find('"', text.find("return")) + 1;
    return text.substr(begin, text.find('"', begin) - begin);
  }
};

}  // namespace

TEST_CASE("the version is that of the project, and says more where git knows more") {
  CHECK(runtime::build_version().starts_with("0."));
  Tree tree;
  CHECK(tree.version() == "0.1.0");  // an unpacked archive
  if (std::system("command -v git >/dev/null") != 0) {
    WARN("skipped: git is not installed");
    return;
  }
  tree.git("init");
  CHECK(tree.version() == "0.1.0");  // nothing is committed
  tree.commit();
  CHECK_THAT(tree.version(), Catch::Matches(R"(0\.1\.0\+g[0-9a-f]{7})"));
  tree.write("another ship");
  CHECK_THAT(tree.version(), Catch::Matches(R"(0\.1\.0\+g[0-9a-f]{7}\.dirty)"));
  tree.commit();
  tree.git("tag harbour");  // a tag of another kind
  CHECK_THAT(tree.version(), Catch::Matches(R"(0\.1\.0\+g[0-9a-f]{7})"));
  tree.git("tag v0.2.0-rc1");
  CHECK(tree.version() == "0.2.0-rc1");
  tree.write("a third ship");
  CHECK(tree.version() == "0.2.0-rc1+dirty");
  tree.commit();
  CHECK_THAT(tree.version(), Catch::Matches(R"(0\.2\.0-rc1\+1\.g[0-9a-f]{7})"));
  std::ofstream(tree.source / "untracked.txt") << "no part of it";
  CHECK_THAT(tree.version(), Catch::Matches(R"(0\.2\.0-rc1\+1\.g[0-9a-f]{7})"));

  // Unpacked within somebody's checkout.
  Tree inner;
  std::filesystem::rename(inner.source, tree.source / "inner");
  inner.source = tree.source / "inner";
  CHECK(inner.version() == "0.1.0");
}
