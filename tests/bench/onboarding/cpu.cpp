#include "tests/bench/onboarding/cpu.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace pratique::bench {

namespace {

struct Process {
  int parent = 0;
  double seconds = 0;
};

/// Nothing that is no process, or ended while we looked.
bool read_process(int pid, Process& out) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  if (!std::getline(in, text)) return false;
  // The name stands in parentheses and may hold anything; what follows is plain.
  const auto after_name = text.rfind(')');
  if (after_name == std::string::npos) return false;
  std::istringstream fields(text.substr(after_name + 1));
  std::string state, skipped;
  long user = 0, system = 0;
  fields >> state >> out.parent;
  for (int i = 0; i < 9; ++i) fields >> skipped;
  fields >> user >> system;
  if (!fields) return false;
  out.seconds = static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  return true;
}

std::map<int, Process> all_processes() {
  std::map<int, Process> out;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
    const auto name = entry.path().filename().string();
    if (!std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; })) continue;
    if (Process process; read_process(std::stoi(name), process)) out[std::stoi(name)] = process;
  }
  return out;
}

bool descends(int pid, const std::vector<int>& from, const std::map<int, Process>& all) {
  for (int turn = 0; turn < 64 && pid > 1; ++turn) {
    if (std::ranges::find(from, pid) != from.end()) return true;
    const auto found = all.find(pid);
    if (found == all.end()) return false;
    pid = found->second.parent;
  }
  return false;
}

}  // namespace

std::map<std::string, double> cpu_seconds(const ProcessGroups& groups) {
  const auto all = all_processes();
  std::map<std::string, double> out;
  for (const auto& [name, pids] : groups)
    for (const auto& [pid, process] : all)
      if (descends(pid, pids, all)) out[name] += process.seconds;
  return out;
}

}  // namespace pratique::bench
