#include "tests/support/postgres/cluster_process.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace pratique::support {
namespace {

// The tree that this was built from; elsewhere (a moved checkout) the nearest above the working folder.
std::string script() {
  const std::filesystem::path name = "tools/run/postgres.sh";
  const auto built = std::filesystem::path(PRATIQUE_SOURCE_ROOT) / name;
  if (std::filesystem::exists(built)) return built;
  for (auto folder = std::filesystem::current_path();; folder = folder.parent_path()) {
    if (std::filesystem::exists(folder / name)) return folder / name;
    if (folder == folder.root_path()) break;
  }
  throw std::runtime_error("tools/run/postgres.sh was not found; run the tests inside the checkout");
}

std::string quoted(const std::string& word) {
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// The first line of what the verb printed.
std::string postgres(const std::string& verb, const std::string& folder, const std::string& more = "") {
  const auto command = "PRATIQUE_PG_FAST=1 " + quoted(script()) + " " + verb + " " + quoted(folder) + " " + more;
  FILE* const pipe = ::popen(command.c_str(), "re");
  if (!pipe) throw std::runtime_error("cannot run " + command);
  std::string out;
  std::array<char, 512> line{};
  while (std::fgets(line.data(), static_cast<int>(line.size()), pipe)) out += line.data();
  const int status = ::pclose(pipe);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error(command + " failed");
  return out.substr(0, out.find('\n'));
}

}  // namespace

StartedCluster start_new_cluster() {
  std::string folder = (std::filesystem::temp_directory_path() / "pratique-pg.XXXXXX").string();
  if (!::mkdtemp(folder.data())) throw std::runtime_error("cannot make a folder " + folder);
  postgres("follow", folder, std::to_string(::getpid()));
  return {folder, postgres("start", folder)};
}

std::string start_cluster(const std::string& folder) { return postgres("start", folder); }

void kill_cluster(const std::string& folder) { postgres("kill9", folder); }

void remove_cluster(const std::string& folder) noexcept {
  try {
    postgres("stop", folder);
    std::filesystem::remove_all(folder);
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "test cluster %s stays behind: %s\n", folder.c_str(), failed.what());
  }
}

}  // namespace pratique::support
