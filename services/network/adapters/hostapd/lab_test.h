// A port with a real authenticator and a real device: hostapd, driver wired, on one end of a veth pair, wpa_supplicant
// in a namespace of its own on the other. Root alone can make one. Everything is gone with the object.
#pragma once

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "services/network/adapters/conformance/told.h"
#include "tests/support/program.h"
#include "tests/support/scratch_folder.h"

namespace pratique::network::test {

inline constexpr std::string_view kDasSecret = "correct-horse-battery";
inline constexpr std::uint16_t kDasPort = 3799;
using conformance::soon;
using conformance::Told;

inline bool shell(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()) == 0; }

/// The switch's namespace, in which the thread that made it lives until its end, and a device's. Ports p1 and p2, the
/// device on p1.
class Lab {
 public:
  /// Says why, where not.
  static bool possible() {
    for (const auto* program :
         {"/usr/sbin/hostapd", "/usr/sbin/hostapd_cli", "/usr/sbin/wpa_supplicant", "/usr/bin/openssl",
          "/usr/bin/setpriv"})
      if (!std::filesystem::exists(program)) {
        WARN("skipped: " << program << " is not installed");
        return false;
      }
    if (geteuid() == 0 && shell("ip netns add pqtry") && shell("ip netns del pqtry")) return true;
    WARN("skipped: network namespaces cannot be made here (not root?)");
    return false;
  }

  explicit Lab(std::string identity = "dock-7") : identity_(std::move(identity)) {
    own_ = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    remove_left_behind();
    for (const auto& space : {sw(), device()})
      if (!shell("ip netns add " + space) || !shell("ip -n " + space + " link set lo up")) fail("no namespace");
    for (const std::string port : {"p1", "p2"})
      if (!shell("ip link add " + port + " netns " + sw() + " type veth peer name d" + port + " netns " + device()) ||
          !shell("ip -n " + sw() + " link set " + port + " up") ||
          !shell("ip -n " + device() + " link set d" + port + " up"))
        fail("no veth pair");
    const int inside = open(("/var/run/netns/" + sw()).c_str(), O_RDONLY | O_CLOEXEC);
    if (own_ < 0 || inside < 0 || setns(inside, CLONE_NEWNET) != 0) fail("the namespace cannot be entered");
    close(inside);
    make_certificates();
  }
  ~Lab() {
    supplicant_.reset();
    hostapd_.reset();
    remove();
    setns(own_, CLONE_NEWNET);
    close(own_);
  }
  Lab(const Lab&) = delete;
  Lab& operator=(const Lab&) = delete;

  std::filesystem::path control(std::string_view port) const { return folder_.path() / "ctl" / port; }

  /// One process with a file for each port, its own EAP server, and dynamic authorization on p1.
  Program& start_hostapd() {
    hostapd_.reset();
    hostapd_ = start({"/usr/sbin/hostapd", configure("p1", kDasPort), configure("p2", 0)});
    if (!hostapd_->says("p1: AP-ENABLED")) fail(hostapd_->heard);
    if (!hostapd_->says("p2: AP-ENABLED")) fail(hostapd_->heard);
    return *hostapd_;
  }
  void start_device() {
    const auto file = folder_.path() / "w.conf";
    const auto folder = folder_.path().string();
    std::ofstream(file) << "ctrl_interface=" << folder << "/w\nap_scan=0\nnetwork={\nkey_mgmt=IEEE8021X\neap=TLS\n"
                        << "eapol_flags=0\nidentity=P\"" << identity_ << "\"\nca_cert=\"" << folder
                        << "/ca.pem\"\nclient_cert=\"" << folder << "/device.pem\"\nprivate_key=\"" << folder
                        << "/device.key\"\n}\n";
    supplicant_ = start({"ip", "netns", "exec", device(), "/usr/sbin/wpa_supplicant", "-D", "wired", "-i", "dp1", "-c",
                         file});
  }
  /// hostapd's own word, asked by its own program.
  bool authorized(const std::string& port, const MacAddress& mac) const {
    return shell("/usr/sbin/hostapd_cli -p " + (folder_.path() / "ctl").string() + " -i " + port + " sta " + mac.text() +
                 " | grep -q AUTHORIZED");
  }
  /// What a device does that was plugged in again.
  bool log_on_again() const {
    return shell("/usr/sbin/wpa_cli -p " + (folder_.path() / "w").string() + " -i dp1 reassociate");
  }

 private:
  static constexpr std::string_view kPrefix = "pqh";
  std::string sw() const { return name_ + "s"; }
  std::string device() const { return name_ + "d"; }
  [[noreturn]] void fail(const std::string& why) {
    remove();
    if (own_ >= 0) setns(own_, CLONE_NEWNET);
    throw std::runtime_error("lab: " + why);
  }
  void remove() const {
    for (const auto& space : {sw(), device()}) shell("ip netns del " + space);
  }
  /// A test that was killed takes its programs along, and its namespaces go with the next.
  static void remove_left_behind() {
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator("/var/run/netns", failed)) {
      const auto name = entry.path().filename().string();
      if (!name.starts_with(kPrefix)) continue;
      const auto pid = name.substr(kPrefix.size(), name.size() - kPrefix.size() - 1);
      if (!std::filesystem::exists("/proc/" + pid)) shell("ip netns del " + name);
    }
  }
  static std::unique_ptr<Program> start(std::vector<std::string> command) {
    command.insert(command.begin(), {"--pdeathsig", "KILL"});
    return std::make_unique<Program>("/usr/bin/setpriv", std::move(command));
  }
  void make_certificates() {
    const auto in = "cd " + folder_.path().string() + " && ";
    const std::string key = " -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes ";
    bool made = shell(in + "openssl req -x509" + key + "-keyout ca.key -out ca.pem -days 2 -subj /CN=lab");
    for (const std::string name : {"radius", "device"})
      made = made &&
             shell(in + "openssl req" + key + "-subj /CN=" + name + " -keyout " + name + ".key -out " + name + ".csr") &&
             shell(in + "openssl x509 -req -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -in " + name +
                   ".csr -out " + name + ".pem");
    std::ofstream(folder_.path() / "users") << "* TLS\n";
    if (!made) fail("no certificates");
  }
  std::string configure(const std::string& port, std::uint16_t das) {
    const auto file = folder_.path() / (port + ".conf");
    const auto folder = folder_.path().string();
    std::ofstream out(file);
    out << "interface=" << port << "\ndriver=wired\nctrl_interface=" << folder << "/ctl\nieee8021x=1\n"
        << "use_pae_group_addr=1\neapol_version=2\neap_reauth_period=0\neap_server=1\neap_user_file=" << folder
        << "/users\nca_cert=" << folder << "/ca.pem\nserver_cert=" << folder << "/radius.pem\nprivate_key=" << folder
        << "/radius.key\nown_ip_addr=127.0.0.1\nnas_identifier=sw1\n";
    if (das != 0)
      out << "radius_das_port=" << das << "\nradius_das_client=127.0.0.1 " << kDasSecret
          << "\nradius_das_require_event_timestamp=1\nradius_das_require_message_authenticator=1\n";
    return file;
  }

  const std::string identity_;
  const std::string name_ = std::string(kPrefix) + std::to_string(getpid());
  int own_ = -1;
  ScratchFolder folder_;
  std::unique_ptr<Program> hostapd_, supplicant_;
};

}  // namespace pratique::network::test
