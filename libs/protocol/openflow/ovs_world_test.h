// A real Open vSwitch for one test: ovsdb-server and ovs-vswitchd in a network namespace of their own, a bridge of the
// userspace datapath with dummy ports, and a plain socket that carries a Session's bytes. All of it ends with the test,
// also when the test's process is killed.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "libs/protocol/openflow/session.h"
#include "tests/support/program.h"
#include "tests/support/scratch_folder.h"

namespace pratique::openflow::test {

/// "" if this machine can run Open vSwitch, else why not.
inline std::string why_no_switch() {
  if (geteuid() != 0) return "not root: no network namespace of our own";
  for (const auto* path : {"/usr/sbin/ovsdb-server", "/usr/sbin/ovs-vswitchd", "/usr/bin/ovs-vsctl",
                           "/usr/bin/ovs-ofctl", "/usr/bin/ovsdb-tool", "/usr/bin/unshare", "/usr/bin/setpriv"})
    if (!std::filesystem::exists(path)) return std::string(path) + " is not there";
  return Program("/usr/bin/unshare", {"-n", "true"}).exit_code() == 0 ? "" : "unshare -n is refused here";
}

class Switch {
 public:
  Switch() {
    run("/usr/bin/ovsdb-tool", {"create", at("conf.db"), "/usr/share/openvswitch/vswitch.ovsschema"});
    database_ = start({"/usr/sbin/ovsdb-server", at("conf.db"), "--remote=punix:" + at("db.sock"),
                       "--unixctl=" + at("a.ctl"), "--pidfile=" + at("a.pid"), "-vconsole:off", "-vsyslog:off"});
    vsctl({"--no-wait", "--retry", "init"});
    vswitchd_ = start({"/usr/sbin/ovs-vswitchd", "unix:" + at("db.sock"), "--enable-dummy", "--unixctl=" + at("b.ctl"),
                       "--pidfile=" + at("b.pid"), "-vconsole:off", "-vsyslog:off"});
    vsctl({"add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=dummy", "fail-mode=secure"});
  }

  std::string at(const std::string& name) const { return (folder_.path() / name).string(); }
  /// Its output; throws if the exit code is not 0.
  std::string run(const std::string& path, std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"OVS_RUNDIR=" + folder_.path().string(), path});
    Program program("/usr/bin/env", std::move(arguments));
    if (program.exit_code() != 0) throw std::runtime_error(path + ": " + program.heard);
    return program.heard;
  }
  std::string vsctl(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--timeout=20", "--db=unix:" + at("db.sock")});
    return run("/usr/bin/ovs-vsctl", std::move(arguments));
  }
  std::string appctl(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "--target=" + at("b.ctl"));
    return run("/usr/bin/ovs-appctl", std::move(arguments));
  }
  /// What another program reads back, sorted, without counters.
  std::vector<std::string> dump_flows() const {
    const auto text = run("/usr/bin/ovs-ofctl",
                          {"-O", "OpenFlow14", "--no-stats", "--no-names", "dump-flows", "unix:" + at("br0.mgmt")});
    std::vector<std::string> lines;
    for (std::size_t from = 0, to; (to = text.find('\n', from)) != std::string::npos; from = to + 1)
      if (const auto begin = text.find_first_not_of(' ', from); begin < to)
        lines.push_back(text.substr(begin, to - begin));
    std::ranges::sort(lines);
    return lines;
  }

 private:
  /// In a network namespace of its own; the kernel kills it when this process ends, whatever way.
  std::unique_ptr<Program> start(std::vector<std::string> command) const {
    command.insert(command.begin(), {"OVS_RUNDIR=" + folder_.path().string(), "/usr/bin/setpriv", "--pdeathsig", "KILL",
                                     "/usr/bin/unshare", "-n"});
    return std::make_unique<Program>("/usr/bin/env", std::move(command));
  }

  ScratchFolder folder_;  // goes last
  std::unique_ptr<Program> database_, vswitchd_;
};

/// A session over the bridge's management socket.
class Line {
 public:
  explicit Line(const std::string& path) : socket_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("cannot connect to " + path);
    fcntl(socket_, F_SETFL, O_NONBLOCK);
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() { close(socket_); }

  /// Carries bytes both ways until an event of this kind has come. Throws if the session ends or the switch is silent.
  template <typename E>
  E wait() {
    for (;;) {
      for (std::size_t i = 0; i < events_.size(); ++i)
        if (auto* const found = std::get_if<E>(&events_[i])) {
          E event = std::move(*found);
          events_.erase(events_.begin() + static_cast<std::ptrdiff_t>(i));
          return event;
        }
      carry();
    }
  }
  Session session;

 private:
  void carry() {
    const auto more = session.take_output();
    output_.insert(output_.end(), more.begin(), more.end());
    const int wanted = output_.empty() ? POLLIN : POLLIN | POLLOUT;
    pollfd ready{.fd = socket_, .events = static_cast<short>(wanted), .revents = 0};
    if (poll(&ready, 1, 20'000) != 1) throw std::runtime_error("the switch is silent");
    if ((ready.revents & POLLOUT) != 0) {
      const auto count = ::send(socket_, output_.data(), output_.size(), MSG_NOSIGNAL);
      if (count < 0 && errno != EAGAIN) throw std::runtime_error("the switch hung up");
      if (count > 0) output_.erase(output_.begin(), output_.begin() + count);
    }
    if ((ready.revents & (POLLIN | POLLHUP)) == 0) return;
    std::array<std::uint8_t, 65536> buffer{};
    const auto count = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (count == 0) throw std::runtime_error("the switch hung up");
    if (count < 0) return;
    auto received = session.receive(ByteView(buffer).first(static_cast<std::size_t>(count)), events_);
    if (!received) throw std::runtime_error(received.error().reason + ": " + received.error().message);
  }

  int socket_;
  Bytes output_;
  std::vector<Event> events_;
};

}  // namespace pratique::openflow::test
