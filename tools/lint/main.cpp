// The law of the house, checked for one room: every include names a room that the room declared, a
// library that it declared, or the standard library; a library's header stands in no header of ours
// outside the rooms that own it; protocol rooms keep out of sockets, threads, clocks and randomness.
//
// usage: pratique_lint --root DIR --room PATH --layer LAYER --needs a,b --uses x,y --test-needs … --test-uses …
// Exit 0 and silence when the room keeps the law, 1 and one line a breach when it does not.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct Library {
  std::string_view prefix;               // of the include, as written
  std::string_view word;                 // of cmake/dependencies.cmake
  std::vector<std::string_view> owners;  // rooms (by path prefix) whose own headers may show its types
};

const std::vector<Library>& libraries() {
  static const std::vector<Library> all = {
      {"openssl/", "openssl", {"libs/crypto/", "libs/net"}},
      {"nlohmann/", "json", {"libs/codec/json"}},
      {"boost/", "beast", {"libs/net"}},
      {"libpq-fe.h", "libpq", {"libs/pg"}},
      {"absl/", "absl", {"libs/rpc"}},
      {"grpcpp/", "grpc", {"libs/rpc", "services/", "tools/", "tests/"}},
      {"grpc/", "grpc", {"libs/rpc"}},
      {"google/protobuf/", "grpc", {"libs/rpc", "services/", "tools/", "tests/"}},
      {"prometheus/", "prometheus", {"libs/obs"}},
      {"CivetServer.h", "civetweb", {"libs/obs"}},
      {"yaml-cpp/", "yaml", {"libs/runtime"}},
      {"fmt/", "fmt", {"libs/", "services/", "tools/", "tests/"}},
      {"CLI/", "cli11", {"tools/"}},
      {"avahi-", "avahi", {"libs/net/"}},
  };
  return all;
}

// What a sans-IO protocol room never includes, tests apart.
const std::set<std::string_view> kForbiddenInProtocol = {
    "thread", "mutex", "condition_variable", "future", "random", "sys/socket.h", "netinet/in.h",
    "sys/time.h", "ctime", "time.h", "unistd.h", "fstream", "iostream", "cstdio"};

struct Law {
  std::filesystem::path root;
  std::string room, layer;
  std::set<std::string> needs, uses, test_needs, test_uses;
};

std::set<std::string> words(std::string_view list) {
  std::set<std::string> out;
  std::stringstream in{std::string(list)};
  for (std::string word; std::getline(in, word, ',');)
    if (!word.empty()) out.insert(word);
  return out;
}

class Check {
 public:
  explicit Check(const Law& law) : law_(law) {}

  void file(const std::filesystem::path& path) {
    name_ = law_.room + "/" + path.filename().string();
    is_test_ = law_.layer == "test" || name_.ends_with("_test.cpp") || name_.ends_with("_test.h");
    is_header_ = name_.ends_with(".h");
    std::ifstream in(path);
    line_ = 0;
    for (std::string text; std::getline(in, text);) {
      ++line_;
      include(text);
    }
  }
  bool clean() const { return breaches_ == 0; }

 private:
  void include(std::string_view text) {
    if (!text.starts_with("#include")) return;
    const auto open = text.find_first_of("<\"");
    if (open == std::string_view::npos) return;
    const auto close = text.find_first_of(">\"", open + 1);
    if (close == std::string_view::npos) return;
    const auto target = text.substr(open + 1, close - open - 1);
    if (text[open] == '"' && !target.contains(".pb.h")) return room_include(target);
    if (target.contains(".pb.h")) return generated_include(target);
    for (const auto& library : libraries())
      if (target.starts_with(library.prefix)) return library_include(library, target);
    if (law_.layer == "protocol" && !is_test_ && kForbiddenInProtocol.contains(target))
      breach("a protocol room takes bytes, facts, time and randomness as arguments; it may not include <" +
             std::string(target) + ">");
  }

  void room_include(std::string_view target) {
    const auto slash = target.rfind('/');
    if (slash == std::string_view::npos)
      return breach("includes are rooted at the top of the tree: \"" + law_.room + "/" + std::string(target) + "\"");
    const std::string room(target.substr(0, slash));
    if (room == law_.room || law_.needs.contains(room)) return;
    if (is_test_ && (law_.test_needs.contains(room) || room == "tests/support")) return;
    if (!std::filesystem::exists(law_.root / std::string(target)))
      return breach("there is no file \"" + std::string(target) + "\"");
    breach("includes \"" + std::string(target) + "\", but the room does not declare NEEDS " + room);
  }

  void generated_include(std::string_view target) {
    const auto slash = target.rfind('/');
    const std::string room = "proto/" + std::string(target.substr(0, slash == std::string_view::npos ? 0 : slash));
    if (law_.needs.contains(room)) return;
    if (is_test_ && law_.test_needs.contains(room)) return;
    if (target.starts_with("google/protobuf/")) return;
    breach("includes <" + std::string(target) + ">, but the room does not declare NEEDS " + room);
  }

  void library_include(const Library& library, std::string_view target) {
    const bool declared = law_.uses.contains(std::string(library.word)) ||
                          (is_test_ && law_.test_uses.contains(std::string(library.word)));
    if (!declared)
      return breach("includes <" + std::string(target) + ">, but the room does not declare USES " +
                    std::string(library.word));
    const auto owned = [&](std::string_view owner) { return (law_.room + "/").starts_with(owner); };
    if (is_header_ && std::ranges::none_of(library.owners, owned))
      breach("shows a type of <" + std::string(target) + "> in a header outside the room that owns it");
  }

  void breach(const std::string& what) {
    ++breaches_;
    std::cerr << name_ << ":" << line_ << ": " << what << "\n";
  }

  const Law& law_;
  std::string name_;
  int line_ = 0, breaches_ = 0;
  bool is_test_ = false, is_header_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  Law law;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view key = argv[i], value = argv[i + 1];
    if (key == "--root") law.root = value;
    else if (key == "--room") law.room = value;
    else if (key == "--layer") law.layer = value;
    else if (key == "--needs") law.needs = words(value);
    else if (key == "--uses") law.uses = words(value);
    else if (key == "--test-needs") law.test_needs = words(value);
    else if (key == "--test-uses") law.test_uses = words(value);
    else {
      std::cerr << "pratique_lint: unknown argument " << key << "\n";
      return 2;
    }
  }
  Check check(law);
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(law.root / law.room, failed)) {
    const auto extension = entry.path().extension();
    if (extension == ".h" || extension == ".cpp") check.file(entry.path());
  }
  if (failed) {
    std::cerr << "pratique_lint: cannot read " << law.room << ": " << failed.message() << "\n";
    return 2;
  }
  return check.clean() ? 0 : 1;
}
