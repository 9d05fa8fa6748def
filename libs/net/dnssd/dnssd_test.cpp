// Two network namespaces joined by a veth pair: ours against ours, and ours against python3-zeroconf both ways.
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

#include "libs/net/dnssd/browse.h"
#include "libs/net/dnssd/chatter.h"
#include "libs/net/dnssd/publisher.h"

using namespace pratique;
using namespace pratique::dnssd;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 15s;  // never waited for in full when all is well

bool shell(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()) == 0; }

// Namespaces <name>a (192.0.2.1, fe80::a) and <name>b (192.0.2.2, fe80::b), gone again with the object.
class Link {
 public:
  Link() : name_("pqd" + std::to_string(getpid()) + "n") {
    remove();
    ready_ = geteuid() == 0 && shell("ip netns add " + a()) && shell("ip netns add " + b()) &&
             shell("ip link add pv" + name_ + " netns " + a() + " type veth peer name pv" + name_ + " netns " + b()) &&
             furnish(a(), "192.0.2.1/24", "fe80::a/64") && furnish(b(), "192.0.2.2/24", "fe80::b/64");
  }
  ~Link() { remove(); }
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  bool ready() const { return ready_; }
  std::string a() const { return name_ + "a"; }
  std::string b() const { return name_ + "b"; }
  static std::string interface() { return "up0"; }

  // Runs `work` on a thread that lives in the namespace; threads that it starts live there too.
  static void inside(const std::string& space, const std::function<void()>& work) {
    bool entered = false;
    std::thread([&] {
      const int handle = open(("/var/run/netns/" + space).c_str(), O_RDONLY | O_CLOEXEC);
      entered = handle >= 0 && setns(handle, CLONE_NEWNET) == 0;
      if (handle >= 0) close(handle);
      if (entered) work();
    }).join();
    REQUIRE(entered);
  }

 private:
  bool furnish(const std::string& space, const std::string& v4, const std::string& v6) const {
    const std::string ip = "ip -n " + space + " ";
    return shell(ip + "link set pv" + name_ + " name " + interface() + " addrgenmode none") &&
           shell(ip + "addr add " + v4 + " dev " + interface()) && shell(ip + "link set " + interface() + " up") &&
           shell(ip + "addr add " + v6 + " dev " + interface() + " nodad") && shell(ip + "link set lo up");
  }
  void remove() const {
    for (const auto& space : {a(), b()}) shell("ip netns del " + space);
  }

  std::string name_;
  bool ready_ = false;
};

// A python3-zeroconf peer as a child process in a namespace; its script reads standard input or writes standard output.
class Peer {
 public:
  Peer(const std::string& space, const std::string& script, const char* direction) {
    char folder[] = "/tmp/pqdXXXXXX";
    REQUIRE(mkdtemp(folder) != nullptr);
    path_ = std::string(folder) + "/peer.py";
    FILE* file = fopen(path_.c_str(), "w");
    REQUIRE(file != nullptr);
    REQUIRE(fputs(script.c_str(), file) >= 0);
    fclose(file);
    pipe_ = popen(("exec ip netns exec " + space + " /usr/bin/python3 " + path_ + " 2>/dev/null").c_str(), direction);
    REQUIRE(pipe_ != nullptr);
  }
  ~Peer() {
    pclose(pipe_);
    unlink(path_.c_str());
    rmdir(path_.substr(0, path_.rfind('/')).c_str());
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  static bool available() { return shell("/usr/bin/python3 -c 'import zeroconf'"); }

  std::string read_all() {
    std::string out;
    for (int c = fgetc(pipe_); c != EOF; c = fgetc(pipe_)) out.push_back(static_cast<char>(c));
    return out;
  }

 private:
  std::string path_;
  FILE* pipe_ = nullptr;
};

// Publishes until its standard input ends. The TXT record repeats a key and has one without a value.
constexpr const char* kPeerPublishes = R"py(
import socket, sys
from zeroconf import IPVersion, ServiceInfo, Zeroconf
z = Zeroconf(ip_version=IPVersion.V4Only, interfaces=["192.0.2.2"])
txt = b"\x05a=one\x05a=two\x04Flag\x03b=="
z.register_service(ServiceInfo("_brski-registrar._tcp.local.", "Harbour Office._brski-registrar._tcp.local.",
    addresses=[socket.inet_aton("192.0.2.2")], port=8443, properties=txt, server="harbour.local."))
sys.stdin.read()
z.close()
)py";

// Prints what it finds first, or nothing.
constexpr const char* kPeerBrowses = R"py(
import socket, threading
from zeroconf import IPVersion, ServiceBrowser, Zeroconf
z = Zeroconf(ip_version=IPVersion.V4Only, interfaces=["192.0.2.2"])
done = threading.Event()
class Listener:
    def add_service(self, zc, kind, name):
        i = zc.get_service_info(kind, name, 5000)
        if i:
            txt = sorted((k.decode(), (v or b"-").decode()) for k, v in i.properties.items())
            print(name.split("._brski")[0], [socket.inet_ntoa(a) for a in i.addresses_by_version(IPVersion.V4Only)],
                  i.port, i.server, txt, flush=True)
            done.set()
    def update_service(self, *_): pass
    def remove_service(self, *_): pass
ServiceBrowser(z, "_brski-proxy._tcp.local.", Listener())
done.wait(15)
z.close()
)py";

Publication proxy(std::string instance, std::uint16_t port, Txt txt = {}) {
  return {std::move(instance), std::string(kBrskiProxy), port, std::move(txt)};
}

const Service* find(const std::vector<Service>& services, std::string_view instance, bool ipv6) {
  const auto it = std::ranges::find_if(
      services, [&](const Service& s) { return s.instance == instance && s.is_ipv6() == ipv6; });
  return it == services.end() ? nullptr : &*it;
}

}  // namespace

TEST_CASE("a link-local IPv6 address is dialled with its interface", "[net][dnssd]") {
  Service service;
  service.interface_name = "eth0";
  service.address = "fe80::1";
  CHECK(service.dial_address() == "fe80::1%eth0");
  service.address = "2001:db8::1";
  CHECK(service.dial_address() == "2001:db8::1");
  service.address = "192.0.2.7";
  CHECK(service.dial_address() == "192.0.2.7");
}

TEST_CASE("what cannot be published or browsed is refused with the field's name", "[net][dnssd]") {
  const auto reason = [](const PublisherOptions& options, std::vector<Publication> what) {
    const auto result = Publisher::start(options, std::move(what));
    return result ? std::string("accepted") : result.error().reason;
  };
  CHECK(reason({}, {}) == "DNSSD_PUBLICATION_INVALID");
  CHECK(reason({}, {proxy("", 1)}) == "DNSSD_PUBLICATION_INVALID");
  CHECK(reason({}, {proxy(std::string(64, 'x'), 1)}) == "DNSSD_PUBLICATION_INVALID");
  CHECK(reason({}, {proxy("no port", 0)}) == "DNSSD_PUBLICATION_INVALID");
  CHECK(reason({}, {proxy("bad key", 1, {{"a=b", "c"}})}) == "DNSSD_PUBLICATION_INVALID");
  CHECK(reason({}, {proxy("long value", 1, {{"a", std::string(254, 'x')}})}) == "DNSSD_PUBLICATION_INVALID");
  CHECK(reason({}, {{"bad type", "brski", 1, {}}}) == "DNSSD_TYPE_INVALID");
  CHECK(reason({.host_name = "two.labels"}, {proxy("x", 1)}) == "DNSSD_PUBLICATION_INVALID");
  CHECK(reason({.interfaces = {"nosuch0"}}, {proxy("x", 1)}) == "DNSSD_INTERFACE_UNKNOWN");

  const auto bad_type = browse("_brski-proxy", 1s);
  REQUIRE_FALSE(bad_type);
  CHECK(bad_type.error().reason == "DNSSD_TYPE_INVALID");
  const auto bad_interface = browse(kBrskiProxy, 1s, {.interfaces = {"nosuch0"}});
  REQUIRE_FALSE(bad_interface);
  CHECK(bad_interface.error().reason == "DNSSD_INTERFACE_UNKNOWN");
}

TEST_CASE("ours finds ours over both IP versions, collisions included", "[net][dnssd][lab]") {
  const Link link;
  if (!link.ready()) {
    WARN("skipped: network namespaces cannot be made here (not root?)");
    return;
  }
  std::optional<Result<Publisher>> first, second, third;
  Result<void> first_up, second_up, third_up;
  Link::inside(link.a(), [&] {
    first = Publisher::start({.host_name = "dock", .interfaces = {Link::interface()}},
                             {proxy("Dock", 4443, {{"rrm-cmsj-est", ""}, {"path", "/x=y"}}), proxy("Dock", 4444)});
    if (*first) first_up = (*first)->wait_published(kPatience);
  });
  REQUIRE(*first);
  REQUIRE(first_up);
  CHECK((*first)->instances() == std::vector<std::string>{"Dock", "Dock #2"});  // told apart within one publisher

  // A neighbour with the same host and instance name must give way.
  Link::inside(link.b(), [&] {
    second = Publisher::start({.host_name = "dock", .interfaces = {Link::interface()}}, {proxy("Dock", 5555)});
    if (*second) second_up = (*second)->wait_published(kPatience);
  });
  REQUIRE(*second);
  REQUIRE(second_up);
  REQUIRE((*second)->instances().size() == 1);
  const std::string yielded = (*second)->instances()[0];
  CHECK(yielded != "Dock");
  CHECK(yielded != "Dock #2");

  Result<std::vector<Service>> found = std::vector<Service>{};
  Link::inside(link.b(), [&] { found = browse(kBrskiProxy, kPatience, {.settle = 1500ms}); });
  REQUIRE(found);
  const Service* v4 = find(*found, "Dock", false);
  const Service* v6 = find(*found, "Dock", true);
  REQUIRE(v4 != nullptr);
  REQUIRE(v6 != nullptr);
  CHECK(v4->address == "192.0.2.1");
  CHECK(v4->port == 4443);
  CHECK(v4->host == "dock.local");
  CHECK(v4->type == kBrskiProxy);
  CHECK(v4->interface_name == Link::interface());
  CHECK(v4->interface_index > 0);
  CHECK(v4->txt == Txt{{"rrm-cmsj-est", ""}, {"path", "/x=y"}});
  CHECK(v6->address == "fe80::a");
  CHECK(v6->dial_address() == "fe80::a%" + Link::interface());
  const Service* other = find(*found, "Dock #2", false);
  REQUIRE(other != nullptr);
  CHECK(other->port == 4444);

  // Bad brothers: another type and the wrong interface find nothing, within the deadline.
  Link::inside(link.b(), [&] { found = browse(kBrskiRegistrar, 400ms); });
  REQUIRE(found);
  CHECK(found->empty());
  Link::inside(link.b(), [&] { found = browse(kBrskiProxy, 400ms, {.interfaces = {"lo"}}); });
  REQUIRE(found);
  CHECK(std::ranges::none_of(*found, [](const Service& s) { return s.instance == "Dock"; }));

  // One that is gone has said goodbye and is not found.
  first.reset();
  Link::inside(link.b(), [&] { found = browse(kBrskiProxy, kPatience, {.settle = 500ms}); });
  REQUIRE(found);
  CHECK(find(*found, "Dock", false) == nullptr);
  CHECK(find(*found, yielded, false) != nullptr);

  // The search stops at its limit.
  Link::inside(link.a(), [&] { found = browse(kBrskiProxy, kPatience, {.settle = 10s, .max_services = 1}); });
  REQUIRE(found);
  CHECK(found->size() == 1);
}

TEST_CASE("an interface that gets its address later is published on then", "[net][dnssd][lab]") {
  const Link link;
  if (!link.ready()) {
    WARN("skipped: network namespaces cannot be made here (not root?)");
    return;
  }
  REQUIRE(shell("ip -n " + link.a() + " addr flush dev " + Link::interface()));
  std::optional<Result<Publisher>> publisher;
  Link::inside(link.a(), [&] { publisher = Publisher::start({.host_name = "late"}, {proxy("Late", 4443)}); });
  REQUIRE(*publisher);
  REQUIRE(shell("ip -n " + link.a() + " addr add 192.0.2.9/24 dev " + Link::interface()));
  Result<std::vector<Service>> found = std::vector<Service>{};
  Link::inside(link.b(), [&] { found = browse(kBrskiProxy, kPatience); });
  REQUIRE(found);
  const Service* late = find(*found, "Late", false);
  REQUIRE(late != nullptr);
  CHECK(late->address == "192.0.2.9");
}

TEST_CASE("python3-zeroconf and we find each other", "[net][dnssd][lab]") {
  const Link link;
  if (!link.ready() || !Peer::available()) {
    WARN("skipped: needs root and python3-zeroconf");
    return;
  }
  SECTION("they publish, we find") {
    const Peer peer(link.b(), kPeerPublishes, "w");
    std::vector<std::string> heard;
    listen_to_chatter([&heard](std::string_view text) { heard.emplace_back(text); });
    Result<std::vector<Service>> found = std::vector<Service>{};
    Link::inside(link.a(), [&] { found = browse(kBrskiRegistrar, kPatience); });
    listen_to_chatter({});
    REQUIRE(found);
    REQUIRE(found->size() == 1);
    const Service& service = found->front();
    CHECK(service.instance == "Harbour Office");
    CHECK(service.host == "harbour.local");
    CHECK(service.address == "192.0.2.2");
    CHECK(service.port == 8443);
    CHECK(service.txt == Txt{{"a", "one"}, {"flag", ""}, {"b", "="}});
    CHECK_FALSE(heard.empty());  // who asks hears Avahi; nobody else does
  }
  SECTION("we publish, they find") {
    std::optional<Result<Publisher>> publisher;
    Link::inside(link.a(), [&] {
      publisher = Publisher::start({.host_name = "pier"}, {proxy("Pier 4", 4443, {{"path", "/a"}, {"flag", ""}})});
    });
    REQUIRE(*publisher);
    Peer peer(link.b(), kPeerBrowses, "r");
    CHECK(peer.read_all() == "Pier 4 ['192.0.2.1'] 4443 pier.local. [('flag', '-'), ('path', '/a')]\n");
  }
}
