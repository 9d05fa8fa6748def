// A real Open vSwitch in a small real network: the switch in a namespace of its own, a namespace for each station and
// server, veth pairs between them. Root alone can make one. All of it lives as long as the processes that hold the
// namespaces, and the kernel kills those with the test's, whatever way that ends.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "services/network/adapters/conformance/world.h"
#include "services/network/adapters/ovs/config.h"
#include "tests/support/program.h"
#include "tests/support/scratch_folder.h"

namespace pratique::network::test {

using conformance::Conversation;
using conformance::Family;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// "" if this machine can do it, else why not.
inline std::string why_no_network() {
  if (geteuid() != 0) return "not root: no network namespaces";
  for (const auto* path : {"/usr/sbin/ovsdb-server", "/usr/sbin/ovs-vswitchd", "/usr/bin/ovs-vsctl",
                           "/usr/bin/ovs-ofctl", "/usr/bin/ovsdb-tool", "/usr/bin/unshare", "/usr/bin/setpriv",
                           "/usr/bin/nsenter", "/usr/sbin/ip", "/usr/sbin/ethtool"})
    if (!std::filesystem::exists(path)) return std::string(path) + " is not there";
  return Program("/usr/bin/unshare", {"-n", "true"}).exit_code() == 0 ? "" : "unshare -n is refused here";
}

inline std::string run(const std::string& path, std::vector<std::string> arguments) {
  std::string shown = path;
  for (const auto& each : arguments) shown += " " + each;
  Program program(path, std::move(arguments));
  if (program.exit_code() != 0) throw std::runtime_error(shown + ": " + program.heard);
  return program.heard;
}

/// A file descriptor with an end.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }
  bool ready(short what, milliseconds patience) const {
    pollfd entry{fd_, what, 0};
    return poll(&entry, 1, static_cast<int>(patience.count())) == 1;
  }

 private:
  int fd_;
};

/// A network namespace, held by a process that sleeps.
class Namespace {
 public:
  Namespace()
      : holder_("/usr/bin/setpriv", {"--pdeathsig", "KILL", "/usr/bin/unshare", "-n", "/bin/sh", "-c",
                                     "echo $$ holds; exec sleep infinity"}) {
    if (!holder_.says(" holds")) throw std::runtime_error("no namespace: " + holder_.heard);
    pid_ = holder_.heard.substr(0, holder_.heard.find(' '));
    handle_ = Descriptor(open(("/proc/" + pid_ + "/ns/net").c_str(), O_RDONLY | O_CLOEXEC));
    sh("ip link set lo up");
  }
  const std::string& pid() const { return pid_; }
  void sh(const std::string& command) const {
    run("/usr/bin/nsenter", {"--net=/proc/" + pid_ + "/ns/net", "/bin/sh", "-ec", command});
  }
  /// A socket keeps the namespace in which it was made, whoever uses it.
  Descriptor socket_of(int family, int type, int protocol = 0) const {
    int fd = -1;
    std::thread([&] {
      if (setns(handle_.get(), CLONE_NEWNET) == 0) fd = socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
    }).join();
    if (fd < 0) throw std::runtime_error("no socket in a namespace");
    return Descriptor(fd);
  }
  unsigned interface_number(const char* name) const {
    unsigned out = 0;
    std::thread([&] {
      if (setns(handle_.get(), CLONE_NEWNET) == 0) out = if_nametoindex(name);
    }).join();
    return out;
  }

 private:
  Program holder_;
  std::string pid_;
  Descriptor handle_;
};

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};
/// Number `last` of the one network in which all stand, whatever their segment.
inline SocketAddress address_of(unsigned last, Family family, std::uint16_t port) {
  SocketAddress out;
  if (family == Family::v4) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(0x0a090000U | last);
    out.size = sizeof address;
    std::memcpy(&out.storage, &address, sizeof address);
  } else {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    address.sin6_addr.s6_addr[0] = 0xfd;
    address.sin6_addr.s6_addr[1] = 0x09;
    address.sin6_addr.s6_addr[15] = static_cast<std::uint8_t>(last);
    out.size = sizeof address;
    std::memcpy(&out.storage, &address, sizeof address);
  }
  return out;
}

inline constexpr std::uint16_t kServedPort = 8443, kOtherPort = 8080;
inline constexpr std::uint16_t kTestEtherType = 0x88b5;  // IEEE 802: for local experiments

/// A machine with one network card, number `last`, that listens on two TCP ports in both families.
class Machine {
 public:
  Machine(const Namespace& ovs, const std::string& port, unsigned last) : port_(port), last_(last) {
    run("/usr/sbin/ip",
        {"link", "add", port, "netns", ovs.pid(), "type", "veth", "peer", "name", "e0", "netns", space.pid()});
    ovs.sh("ip link set " + port + " up");
    // Checksums must be real: the userspace datapath forwards frames as they are.
    space.sh("ethtool -K e0 tx off >/dev/null; ip link set e0 address " + mac().text() +
             "; ip link set e0 up; ip addr add 10.9.0." + std::to_string(last) +
             "/24 dev e0; ip addr add fd09::" + hex(last) + "/64 dev e0 nodad");
    for (const auto family : {Family::v4, Family::v6})
      for (const auto number : {kServedPort, kOtherPort}) listeners_.push_back(listen_on(family, number));
  }
  MacAddress mac() const { return MacAddress({0x02, 0, 0, 0, 0, static_cast<std::uint8_t>(last_)}); }
  unsigned last() const { return last_; }

  /// A connection, or an empty descriptor.
  Descriptor connect(unsigned to, Family family, std::uint16_t port, milliseconds patience) const {
    const auto until = steady_clock::now() + patience;
    const auto address = address_of(to, family, port);
    // A try of its own every 100 ms: the kernel's first repetition comes after a second.
    do {
      auto fd = space.socket_of(family == Family::v4 ? AF_INET : AF_INET6, SOCK_STREAM);
      if (::connect(fd.get(), address.get(), address.size) == 0) return fd;
      const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
      if (errno == EINPROGRESS && fd.ready(POLLOUT, std::clamp(left, milliseconds(1), milliseconds(100)))) {
        int code = 0;
        socklen_t size = sizeof code;
        getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &code, &size);
        if (code == 0) return fd;
      }
    } while (steady_clock::now() < until);
    return Descriptor();
  }
  /// The other end of a connection that was made; those of others before it are dropped.
  Descriptor accept_from(Family family, std::uint16_t from_port) const {
    const auto& listener = listeners_[family == Family::v4 ? 0 : 2];
    for (;;) {
      if (!listener.ready(POLLIN, milliseconds(5000))) return Descriptor();
      sockaddr_storage peer{};
      socklen_t size = sizeof peer;
      Descriptor fd(accept4(listener.get(), reinterpret_cast<sockaddr*>(&peer), &size, SOCK_CLOEXEC | SOCK_NONBLOCK));
      // The port stands at the same place in both families.
      if (fd.get() >= 0 && ntohs(reinterpret_cast<const sockaddr_in*>(&peer)->sin_port) == from_port) return fd;
    }
  }
  Descriptor packets() const {
    auto fd = space.socket_of(AF_PACKET, SOCK_RAW, 0);
    sockaddr_ll card{};
    card.sll_family = AF_PACKET;
    card.sll_protocol = htons(kTestEtherType);
    card.sll_ifindex = static_cast<int>(space.interface_number("e0"));
    if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&card), sizeof card) != 0)
      throw std::runtime_error("no packet socket");
    return fd;
  }
  void send_frame(const Descriptor& socket, const MacAddress& sender, std::uint16_t type = kTestEtherType) const {
    std::array<std::uint8_t, 60> frame{};
    std::ranges::fill_n(frame.begin(), 6, std::uint8_t{0xff});
    std::ranges::copy(sender.bytes(), frame.begin() + 6);
    frame[12] = static_cast<std::uint8_t>(type >> 8);
    frame[13] = static_cast<std::uint8_t>(type);
    if (send(socket.get(), frame.data(), frame.size(), 0) < 0) throw std::runtime_error("no frame was sent");
  }

  Namespace space;

 private:
  static std::string hex(unsigned number) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%x", number);
    return text.data();
  }
  Descriptor listen_on(Family family, std::uint16_t port) const {
    auto fd = space.socket_of(family == Family::v4 ? AF_INET : AF_INET6, SOCK_STREAM);
    const int yes = 1;
    setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    const auto address = address_of(last_, family, port);
    if (bind(fd.get(), address.get(), address.size) != 0 || listen(fd.get(), 1024) != 0)
      throw std::runtime_error("cannot listen");
    return fd;
  }

  std::string port_;
  unsigned last_;
  std::vector<Descriptor> listeners_;
};

/// Ports p1 and p2 with a station each; s10, s42 and s43 with the servers of three segments; up1, an uplink.
class OvsWorld : public conformance::World {
 public:
  OvsWorld() {
    ovs_.sh("echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6; echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6");
    run("/usr/bin/ovsdb-tool", {"create", at("conf.db"), "/usr/share/openvswitch/vswitch.ovsschema"});
    database_ = start({"/usr/sbin/ovsdb-server", at("conf.db"), "--remote=punix:" + at("db.sock"),
                       "--unixctl=" + at("a.ctl"), "--pidfile=" + at("a.pid"), "-vconsole:off", "-vsyslog:off"});
    vsctl({"--no-wait", "--retry", "init"});
    start_switch();
    vsctl({"add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=netdev", "fail-mode=secure"});
    add("p1", 101, 1);
    add("p2", 102, 2);
    add("s10", 10, 10);
    add("s42", 42, 42);
    add("s43", 43, 43);
    add("up1", 200, 48);
  }

  OvsConfig config() const {
    const auto proxy = [](std::string_view text) { return OnboardingService{*IpAddress::parse(text), kServedPort}; };
    return {.ovsdb = "unix:" + at("db.sock"),
            .openflow = "unix:" + at("br0.mgmt"),
            .bridge = "br0",
            .onboarding = {.services = {proxy("10.9.0.10"), proxy("fd09::a")}},
            .first_pause = milliseconds(20),
            .longest_pause = milliseconds(100),
            .poll = milliseconds(100)};
  }
  std::string at(const std::string& name) const { return (folder_.path() / name).string(); }
  std::string vsctl(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--timeout=20", "--db=unix:" + at("db.sock")});
    return run("/usr/bin/ovs-vsctl", std::move(arguments));
  }
  std::string ofctl(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"-O", "OpenFlow14"});
    return run("/usr/bin/ovs-ofctl", std::move(arguments));
  }
  std::string management() const { return "unix:" + at("br0.mgmt"); }
  void kill_switch() { switch_.reset(); }
  void start_switch() {
    switch_ = start({"/usr/sbin/ovs-vswitchd", "unix:" + at("db.sock"), "--unixctl=" + at("b.ctl"),
                     "--pidfile=" + at("b.pid"), "-vconsole:off", "-vsyslog:off"});
  }
  const Program& switch_program() const { return *switch_; }
  const Machine& machine(std::string_view port) const { return *machines_.find(port)->second; }
  const Machine& server(VlanId segment) const { return machine("s" + std::to_string(segment)); }

  std::vector<std::string> ports() const override { return {"p1", "p2"}; }
  MacAddress station(std::string_view port) const override { return machine(port).mac(); }
  std::vector<PortPlan> fixed_ports() const override {
    return {{.port = "s10", .role = PortRole::service, .vlan = 10},
            {.port = "s42", .role = PortRole::service, .vlan = 42},
            {.port = "s43", .role = PortRole::service, .vlan = 43},
            {.port = "up1", .role = PortRole::uplink}};
  }
  VlanId onboarding() const override { return 10; }
  VlanId production() const override { return 42; }
  VlanId quarantine() const override { return 43; }

  bool reaches(std::string_view port, VlanId segment, Family family, milliseconds patience) override {
    return machine(port).connect(segment, family, kServedPort, patience).get() >= 0;
  }
  bool reaches_beside_proxy(std::string_view port, Family family, milliseconds patience) override {
    return machine(port).connect(onboarding(), family, kOtherPort, patience).get() >= 0;
  }
  bool reaches_station(std::string_view from, std::string_view to, Family family, milliseconds patience) override {
    return machine(from).connect(machine(to).last(), family, kServedPort, patience).get() >= 0;
  }
  std::vector<MacAddress> heard_from(std::string_view port, VlanId segment, const std::vector<MacAddress>& senders,
                                     milliseconds patience) override {
    const auto ear = server(segment).packets();
    const auto mouth = machine(port).packets();
    for (const auto& sender : senders) machine(port).send_frame(mouth, sender);
    std::vector<MacAddress> heard;
    const auto until = steady_clock::now() + patience;
    while (heard.empty() || heard.back() != senders.back()) {
      const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
      if (left.count() <= 0 || !ear.ready(POLLIN, left)) break;
      std::array<std::uint8_t, 2048> frame{};
      if (recv(ear.get(), frame.data(), frame.size(), 0) >= 14)
        heard.push_back(*MacAddress::from_bytes(ByteView(frame).subspan(6, 6)));
    }
    return heard;
  }
  std::unique_ptr<Conversation> converse(std::string_view port, VlanId segment, Family family) override {
    auto near = machine(port).connect(segment, family, kServedPort, milliseconds(5000));
    if (near.get() < 0) return nullptr;
    sockaddr_storage own{};
    socklen_t size = sizeof own;
    getsockname(near.get(), reinterpret_cast<sockaddr*>(&own), &size);
    auto far = server(segment).accept_from(family, ntohs(reinterpret_cast<const sockaddr_in*>(&own)->sin_port));
    if (far.get() < 0) return nullptr;
    return std::make_unique<Talk>(std::move(near), std::move(far));
  }
  void unplug(std::string_view port) override { machine(port).space.sh("ip link set e0 down"); }
  void plug(std::string_view port) override {
    const auto& machine_there = machine(port);
    // IPv6 addresses go with the link.
    machine_there.space.sh("ip link set e0 up; ip addr replace fd09::" + std::string(port == "p1" ? "65" : "66") +
                           "/64 dev e0 nodad");
  }

 private:
  class Talk : public Conversation {
   public:
    Talk(Descriptor near, Descriptor far) : near_(std::move(near)), far_(std::move(far)) {}
    bool goes_on(milliseconds patience) override {
      return carries(near_, far_, patience) && carries(far_, near_, patience);
    }
    bool hears(milliseconds patience) override { return carries(far_, near_, patience); }

   private:
    static bool carries(const Descriptor& from, const Descriptor& to, milliseconds patience) {
      if (send(from.get(), "x", 1, MSG_NOSIGNAL) != 1 || !to.ready(POLLIN, patience)) return false;
      std::array<char, 64> buffer{};
      return recv(to.get(), buffer.data(), buffer.size(), 0) > 0;
    }
    Descriptor near_, far_;
  };

  std::unique_ptr<Program> start(std::vector<std::string> command) const {
    command.insert(command.begin(),
                   {"OVS_RUNDIR=" + folder_.path().string(), "/usr/bin/nsenter",
                    "--net=/proc/" + ovs_.pid() + "/ns/net", "/usr/bin/setpriv", "--pdeathsig", "KILL"});
    return std::make_unique<Program>("/usr/bin/env", std::move(command));
  }
  void add(const std::string& port, unsigned last, unsigned number) {
    machines_.emplace(port, std::make_unique<Machine>(ovs_, port, last));
    vsctl({"add-port", "br0", port, "--", "set", "interface", port, "ofport_request=" + std::to_string(number)});
  }

  ScratchFolder folder_;  // goes last
  Namespace ovs_;
  std::map<std::string, std::unique_ptr<Machine>, std::less<>> machines_;
  std::unique_ptr<Program> database_, switch_;
};

}  // namespace pratique::network::test
