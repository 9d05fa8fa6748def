// A program of ours as a process of its own, and what it says on its two outputs.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace pratique {

/// Killed at the end, if it lives. One thread at a time.
class Program {
 public:
  Program(const std::string& path, std::vector<std::string> arguments) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
    std::vector<char*> argv{const_cast<char*>(path.c_str())};
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);  // nobody is there to answer
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    const int failed = posix_spawn(&pid_, path.c_str(), &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    out_ = ends[0];
    if (failed != 0) throw std::runtime_error("cannot start " + path);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    close(out_);
  }

  /// Reads until this text has come; false if the program ended before.
  bool says(std::string_view text) {
    while (!heard.contains(text))
      if (!read_more()) return false;
    return true;
  }
  /// Takes what it has said by now. What nobody takes holds it up, after 64 KiB.
  void hear() {
    pollfd entry{out_, POLLIN, 0};
    while (poll(&entry, 1, 0) == 1 && read_more()) continue;
  }
  void signal(int number) const { ::kill(pid_, number); }
  /// Waits for the end: the exit code, or minus the signal.
  int exit_code() {
    while (read_more()) continue;
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  std::string heard;

 private:
  bool read_more() {
    char buffer[4096];
    const auto count = ::read(out_, buffer, sizeof buffer);
    if (count <= 0) return false;
    heard.append(buffer, static_cast<std::size_t>(count));
    return true;
  }

  pid_t pid_ = 0;
  int out_ = -1;
};

}  // namespace pratique
