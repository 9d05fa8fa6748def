// The adapter against a FreeRADIUS that takes Disconnect- and CoA-Requests as an enterprise switch does, against a real
// hostapd with a real device, and against one that answers late or not as it should.
#include "services/network/adapters/radius/radius_adapter.h"

#include <atomic>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include <catch2/catch.hpp>

#include "libs/crypto/primitives/system_random.h"
#include "libs/net/datagram.h"
#include "libs/protocol/radius/loopback_test.h"
#include "libs/protocol/radius/request.h"
#include "libs/protocol/radius/vendor.h"
#include "services/network/adapters/conformance/sessions_test.h"
#include "services/network/adapters/hostapd/hostapd_adapter.h"
#include "services/network/adapters/hostapd/lab_test.h"
#include "services/network/domain/switch.h"

using namespace pratique;
using namespace pratique::network;
using namespace std::chrono_literals;
using network::test::soon;
using radius::test::secret_of;

namespace {

constexpr std::string_view kSecret = network::test::kDasSecret, kOtherSecret = "staple-battery-horse!";
const MacAddress kMac({0x00, 0xd0, 0xe5, 0xf2, 0x00, 0x02});
const SessionRef kSession{.mac = kMac, .accounting_id = "0F3A", .user_name = "dock-7"};

struct World {
  SystemClock clock;
  crypto::SystemRandom random;
  std::shared_ptr<Exchanges> exchanges = *Exchanges::start(clock, random);

  std::unique_ptr<SwitchAdapter> adapter(RadiusSwitch to) const {
    auto made = make_radius_adapter(std::move(to), exchanges);
    REQUIRE(made);
    return *std::move(made);
  }
};

RadiusSwitch switch_at(std::uint16_t port, std::string_view secret = kSecret) {
  return {.nas = radius::test::on_loopback(port),
          .secret = secret_of(secret),
          .rules = {.answers = {.message_authenticator_required = false},
                    .retransmission = {.initial = 100ms, .maximum = 400ms, .transmissions = 4, .duration = 1000ms}},
          .naming = {.user_name = true}};
}

std::string reason_of(const auto& result) { return result ? "accepted" : result.error().reason; }

std::string evidence_of(const Error& error, std::string_view key) {
  const auto found = std::ranges::find(error.evidence, key, [](const auto& pair) { return pair.first; });
  return found == error.evidence.end() ? "" : found->second;
}

/// FreeRADIUS as the switch: keeps every request in a file. User "old" stands for one that knows no change, "stuck" for
/// one that knows none and lets go of nothing, "renamed" for one that it knows by another name, "busy" for no room; the
/// session "0000" is none.
class EnterpriseSwitch {
 public:
  static bool possible() {
    if (std::filesystem::exists("/usr/sbin/freeradius")) return true;
    WARN("skipped: freeradius is not installed");
    return false;
  }
  EnterpriseSwitch()
      : program_((write_configuration(), "/usr/sbin/freeradius"),
                 {"-d", folder_.path(), "-n", "radiusd", "-f", "-l", "stdout", "-xx"}) {
    if (!program_.says("Ready to process requests")) throw std::runtime_error(program_.heard);
  }
  std::uint16_t port() const { return port_; }
  void signal(int number) const { program_.signal(number); }
  /// Every request so far, as the server read it.
  std::string record() const {
    std::ostringstream out;
    out << std::ifstream(folder_.path() / "detail").rdbuf();
    return out.str();
  }

 private:
  void write_configuration() const {
    const auto folder = folder_.path().string();
    std::ofstream(folder_.path() / "dictionary") << "$INCLUDE /usr/share/freeradius/dictionary\n";
    std::ofstream(folder_.path() / "radiusd.conf")
        << "name = radiusd\nprefix = /usr\nlibdir = /usr/lib/freeradius\nraddbdir = " << folder
        << "\nrun_dir = " << folder << "\nlogdir = " << folder << "\npidfile = " << folder << "/pid\nmax_request_time = 5\ncleanup_delay = 5\n"
        << "max_requests = 256\nlog {\n destination = stdout\n}\nmodules {\n always ok {\n rcode = ok\n }\n"
        << " always reject {\n rcode = reject\n }\n detail {\n filename = " << folder << "/detail\n }\n}\n"
        << "client asker {\n ipaddr = 127.0.0.1\n secret = " << kSecret << "\n}\n"
        << "server nas {\n listen {\n type = coa\n ipaddr = 127.0.0.1\n port = " << port_ << "\n }\n"
        << R"(recv-coa {
                detail
                if (!&Event-Timestamp || !&Message-Authenticator) {
                  reject
                }
                if (&Acct-Session-Id == "0000") {
                  update reply {
                    Error-Cause := Session-Context-Not-Found
                  }
                  reject
                }
                if (&User-Name == "renamed") {
                  update reply {
                    Error-Cause := Session-Context-Not-Found
                  }
                  reject
                }
                if (&User-Name == "busy") {
                  update reply {
                    Error-Cause := Resources-Unavailable
                  }
                  reject
                }
                if (&User-Name == "stuck" && &Packet-Type == Disconnect-Request) {
                  update reply {
                    Error-Cause := Session-Context-Not-Removable
                    Reply-Message := "it holds on"
                  }
                  reject
                }
                if (&Packet-Type == CoA-Request && (&User-Name == "old" || &User-Name == "stuck")) {
                  update reply {
                    Error-Cause := Unsupported-Attribute
                  }
                  reject
                }
                ok
              }
              send-coa {
                ok
              }
            }
)";
  }

  ScratchFolder folder_;
  std::uint16_t port_ = radius::test::free_udp_port();
  Program program_;
};

SessionRef session_of(std::string user) {
  auto out = kSession;
  out.user_name = std::move(user);
  return out;
}

/// Sessions of a FreeRADIUS that is the switch: each is on until it was told to end it.
class FreeradiusSessions final : public conformance::SessionWorld {
 public:
  explicit FreeradiusSessions(const EnterpriseSwitch& nas) : nas_(nas) {}
  SessionRef session() override {
    auto out = kSession;
    for (;; ++number_) {
      out.accounting_id = "0F3" + std::to_string(number_);
      if (is_on(out)) return out;
    }
  }
  bool may_log_on_again() const override { return true; }
  SessionRef nobody() const override {
    auto out = kSession;
    out.accounting_id = "0000";
    return out;
  }
  bool is_on(const SessionRef& session) override {
    return std::ranges::none_of(requests(session), [](const std::string& request) {
      return request.contains("Packet-Type = Disconnect-Request");
    });
  }
  std::optional<VlanId> told_segment(const SessionRef& session) override {
    std::optional<VlanId> out;
    static constexpr std::string_view kName = "Tunnel-Private-Group-Id:0 = \"";
    for (const auto& request : requests(session))
      if (const auto at = request.find(kName); at != std::string::npos)
        out = static_cast<VlanId>(std::stoi(request.substr(at + kName.size())));
    return out;
  }
  void fall_silent() override { nas_.signal(SIGSTOP); }
  void speak_again() override { nas_.signal(SIGCONT); }

 private:
  /// Those about this session; an empty line stands between requests.
  std::vector<std::string> requests(const SessionRef& session) const {
    std::vector<std::string> out;
    const auto record = nas_.record();
    for (std::size_t from = 0; from < record.size();) {
      const auto end = std::min(record.find("\n\n", from), record.size());
      const auto request = record.substr(from, end - from);
      if (request.contains("Acct-Session-Id = \"" + session.accounting_id + "\"")) out.push_back(request);
      from = end + 2;
    }
    return out;
  }
  const EnterpriseSwitch& nas_;
  int number_ = 0;
};

/// A switch that does with the n-th datagram what it is told, on a thread of its own.
class OddSwitch {
 public:
  using Answers = std::function<std::vector<Bytes>(int, const radius::Packet&)>;
  explicit OddSwitch(Answers answers)
      : socket_(*net::DatagramSocket::bind_udp({.address = *IpAddress::parse("127.0.0.1")})),
        waker_(*net::Waker::make()),
        thread_([this, answers = std::move(answers)] { run(answers); }) {}
  ~OddSwitch() { stop(); }
  std::uint16_t port() const { return socket_.local()->port; }
  /// Ends it, and tells what it heard.
  const std::vector<Bytes>& stop() {
    ending_ = true;
    waker_.wake();
    if (thread_.joinable()) thread_.join();
    return heard_;
  }

 private:
  void run(const Answers& answers) {
    while (!ending_) {
      const net::DatagramSocket* const one[] = {&socket_};
      (void)*net::wait_for_datagrams(one, waker_, soon());
      while (const auto datagram = *socket_.receive()) {
        heard_.push_back(datagram->bytes);
        const auto request = *radius::parse_packet(datagram->bytes);
        for (const auto& answer : answers(static_cast<int>(heard_.size()), request))
          (void)socket_.send_to(answer, datagram->from);
      }
    }
  }

  net::DatagramSocket socket_;
  net::Waker waker_;
  std::vector<Bytes> heard_;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

Bytes ack(const radius::Packet& request, std::string_view secret = kSecret) {
  return *radius::answer_request(request, radius::Code::disconnect_ack, {}, secret_of(secret));
}

}  // namespace

TEST_CASE("radius switch: it can what it says, and says what it cannot", "[network][radius]") {
  const World world;
  const auto adapter = world.adapter(switch_at(radius::test::free_udp_port()));
  CHECK(adapter->capabilities() == capabilities_of(SwitchKind::radius));
  adapter->watch([](const PortEvent&) { FAIL("there is nothing to tell"); });
  CHECK(reason_of(adapter->observe(soon())) == "SWITCH_CAPABILITY_MISSING");
  CHECK(reason_of(adapter->apply({}, soon())) == "SWITCH_CAPABILITY_MISSING");
  CHECK(reason_of(adapter->stations(soon())) == "SWITCH_CAPABILITY_MISSING");
  CHECK(reason_of(adapter->end_session({.port = "p1"}, soon())) == "RADIUS_SESSION_UNIDENTIFIED");
  CHECK(reason_of(adapter->change_session(kSession, 4095, soon())) == "RADIUS_VLAN_INVALID");
  auto nameless = switch_at(3799);
  nameless.naming = {.accounting_id = false, .calling_station = false};
  CHECK(reason_of(make_radius_adapter(nameless, world.exchanges)) == "FIELD_INVALID");
}

TEST_CASE("radius switch: FreeRADIUS as the switch is asked", "[network][radius]") {
  if (!EnterpriseSwitch::possible()) return;
  const EnterpriseSwitch nas;
  const World world;
  auto to = switch_at(nas.port());

  SECTION("a session is ended") {
    REQUIRE(world.adapter(to)->end_session(kSession, soon()));
    CHECK(nas.record().contains("Packet-Type = Disconnect-Request"));
    CHECK(nas.record().contains("Calling-Station-Id = \"00-D0-E5-F2-00-02\""));
    CHECK(nas.record().contains("Acct-Session-Id = \"0F3A\""));
  }
  SECTION("one that the switch does not know is over") {
    auto none = kSession;
    none.accounting_id = "0000";
    REQUIRE(world.adapter(to)->end_session(none, soon()));
    const auto changed = world.adapter(to)->change_session(none, 42, soon());
    REQUIRE(changed);
    CHECK(*changed == SessionChanged::ended);
  }
  SECTION("one that it knows by other names is found by the best of them") {
    REQUIRE(world.adapter(to)->end_session(session_of("renamed"), soon()));
    CHECK(nas.record().contains("User-Name = \"renamed\""));
    const auto record = nas.record();
    const auto second = record.substr(record.rfind("Packet-Type"));
    CHECK(second.contains("Acct-Session-Id = \"0F3A\""));
    CHECK_FALSE(second.contains("User-Name"));
    CHECK_FALSE(second.contains("Calling-Station-Id"));
  }
  SECTION("a session gets another VLAN") {
    const auto changed = world.adapter(to)->change_session(kSession, 42, soon());
    REQUIRE(changed);
    CHECK(*changed == SessionChanged::changed);
    CHECK(nas.record().contains("Packet-Type = CoA-Request"));
    CHECK(nas.record().contains("Tunnel-Private-Group-Id:0 = \"42\""));
    CHECK(nas.record().contains("Tunnel-Type:0 = VLAN"));
    CHECK(nas.record().contains("Tunnel-Medium-Type:0 = IEEE-802"));
  }
  SECTION("a session gets another filter") {
    to.change_by = ChangeBy::filter_id;
    to.filters = {{42, "cameras.in"}};
    const auto adapter = world.adapter(to);
    CHECK(*adapter->change_session(kSession, 42, soon()) == SessionChanged::changed);
    CHECK(nas.record().contains("Filter-Id = \"cameras.in\""));
    CHECK_FALSE(nas.record().contains("Tunnel-"));
    // No filter stands for the segment: the session is ended, or nothing is done.
    CHECK(*adapter->change_session(kSession, 99, soon()) == SessionChanged::ended);
    to.disconnect_where_refused = false;
    CHECK(reason_of(world.adapter(to)->change_session(kSession, 99, soon())) == "SWITCH_CAPABILITY_MISSING");
  }
  SECTION("a session is to log in again") {
    to.change_by = ChangeBy::reauthenticate;
    to.reauthenticate = {
        *radius::text_for_vendor(radius::kCisco, radius::kCiscoAvPair, "subscriber:command=reauthenticate")};
    CHECK(*world.adapter(to)->change_session(kSession, 42, soon()) == SessionChanged::asked_to_login);
    CHECK(nas.record().contains("Cisco-AVPair = \"subscriber:command=reauthenticate\""));
  }
  SECTION("a switch that is only ever told to end") {
    to.change_by = ChangeBy::disconnect;
    CHECK(*world.adapter(to)->change_session(kSession, 42, soon()) == SessionChanged::ended);
    CHECK_FALSE(nas.record().contains("CoA-Request"));
  }
  SECTION("a change that is refused becomes an end") {
    CHECK(*world.adapter(to)->change_session(session_of("old"), 42, soon()) == SessionChanged::ended);
    CHECK(nas.record().contains("CoA-Request"));
    CHECK(nas.record().contains("Disconnect-Request"));
  }
  SECTION("or stays one that is refused") {
    to.disconnect_where_refused = false;
    const auto refused = world.adapter(to)->change_session(session_of("old"), 42, soon());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "SWITCH_REFUSED");
    CHECK(evidence_of(refused.error(), "error_cause") == "Unsupported Attribute");
    CHECK_FALSE(nas.record().contains("Disconnect-Request"));
  }
  SECTION("a change and an end that are refused name both causes") {
    const auto refused = world.adapter(to)->change_session(session_of("stuck"), 42, soon());
    REQUIRE_FALSE(refused);
    CHECK(evidence_of(refused.error(), "error_cause") == "Session Context Not Removable");
    CHECK(evidence_of(refused.error(), "reply_message") == "it holds on");
    CHECK(evidence_of(refused.error(), "change").contains("Unsupported Attribute"));
  }
  SECTION("one that has no room just now may be asked again") {
    const auto busy = world.adapter(to)->end_session(session_of("busy"), soon());
    REQUIRE_FALSE(busy);
    CHECK(busy.error().code == ErrorCode::unavailable);
  }
  SECTION("a wrong secret looks like silence, and the error says so") {
    const auto silence = world.adapter(switch_at(nas.port(), kOtherSecret))->end_session(kSession, soon());
    REQUIRE_FALSE(silence);
    CHECK(silence.error().code == ErrorCode::deadline_exceeded);
    CHECK(silence.error().reason == "SWITCH_TIMEOUT");
    CHECK(silence.error().message.contains("shared secret"));
    for (const auto& [key, value] : silence.error().evidence) CHECK_FALSE(value.contains(kOtherSecret));
    CHECK(nas.record().empty());
  }
  SECTION("an answer without a Message-Authenticator is not believed by default, and the error says so") {
    to.rules.answers = {};
    const auto disbelieved = world.adapter(to)->end_session(kSession, soon());
    REQUIRE_FALSE(disbelieved);
    CHECK(disbelieved.error().reason == "SWITCH_TIMEOUT");
    CHECK(evidence_of(disbelieved.error(), "disbelieved") == "RADIUS_MESSAGE_AUTHENTICATOR_MISSING");
  }
  SECTION("many at a time") {
    const auto adapter = world.adapter(to);
    std::atomic<int> done = 0;
    std::vector<std::thread> all;
    for (int i = 0; i < 16; ++i)
      all.emplace_back([&, i] {
        if (adapter->end_session(session_of("dock-" + std::to_string(i)), soon())) ++done;
      });
    for (auto& one : all) one.join();
    CHECK(done == 16);
  }
}

TEST_CASE("radius switch: what every adapter keeps of sessions", "[network][radius]") {
  if (!EnterpriseSwitch::possible()) return;
  const EnterpriseSwitch nas;
  const World world;
  conformance::Told told;
  FreeradiusSessions sessions(nas);
  auto to = switch_at(nas.port());
  to.rules.retransmission = {.initial = 100ms, .maximum = 400ms, .transmissions = 30, .duration = 10s};
  SECTION("changed by CoA") {
    const auto adapter = world.adapter(to);
    adapter->watch(told.listener());
    conformance::check_sessions(*adapter, told, sessions);
  }
  SECTION("changed by an end") {
    to.change_by = ChangeBy::disconnect;
    const auto adapter = world.adapter(to);
    adapter->watch(told.listener());
    conformance::check_sessions(*adapter, told, sessions);
  }
}

TEST_CASE("radius switch: a request is repeated, the same bytes, until it is answered", "[network][radius]") {
  OddSwitch nas([](int number, const radius::Packet& request) {
    return number < 3 ? std::vector<Bytes>() : std::vector<Bytes>{ack(request)};
  });
  const World world;
  REQUIRE(world.adapter(switch_at(nas.port()))->end_session(kSession, soon()));
  const auto& heard = nas.stop();
  REQUIRE(heard.size() == 3);
  CHECK(heard[0] == heard[1]);
  CHECK(heard[0] == heard[2]);
}

TEST_CASE("radius switch: what is forged beside the true answer changes nothing", "[network][radius]") {
  OddSwitch nas([](int, const radius::Packet& request) {
    auto cut = ack(request);
    cut.resize(7);
    return std::vector<Bytes>{ack(request, kOtherSecret), cut, ack(request)};
  });
  const World world;
  CHECK(world.adapter(switch_at(nas.port()))->end_session(kSession, soon()));
}

TEST_CASE("radius switch: only forged answers are none", "[network][radius]") {
  OddSwitch nas([](int, const radius::Packet& request) { return std::vector<Bytes>{ack(request, kOtherSecret)}; });
  const World world;
  const auto none = world.adapter(switch_at(nas.port()))->end_session(kSession, soon());
  REQUIRE_FALSE(none);
  CHECK(none.error().reason == "SWITCH_TIMEOUT");
  CHECK(evidence_of(none.error(), "disbelieved") == "RADIUS_RESPONSE_AUTHENTICATOR_WRONG");
}

TEST_CASE("radius switch: a deadline ends the wait before the repeating does", "[network][radius]") {
  OddSwitch nas([](int, const radius::Packet&) { return std::vector<Bytes>(); });
  const World world;
  auto to = switch_at(nas.port());
  to.rules.retransmission = {};
  const auto late = world.adapter(to)->end_session(kSession, std::chrono::steady_clock::now() + 10ms);
  CHECK(reason_of(late) == "SWITCH_TIMEOUT");
}

TEST_CASE("radius switch: where nobody listens it is unreachable", "[network][radius]") {
  const World world;
  const auto port = radius::test::free_udp_port();
  const auto adapter = world.adapter(switch_at(port));
  const auto gone = adapter->end_session(kSession, soon());
  REQUIRE_FALSE(gone);
  CHECK(gone.error().code == ErrorCode::unavailable);
  CHECK(gone.error().reason == "SWITCH_UNREACHABLE");
}

TEST_CASE("radius switch: a real hostapd logs its real device off, and no change is known to it",
          "[network][radius][lab]") {
  if (!network::test::Lab::possible()) return;
  network::test::Lab lab;
  lab.start_hostapd();
  const auto authenticator = make_hostapd_adapter({.ports = {{"p1", lab.control("p1")}}});
  REQUIRE(authenticator);
  network::test::Told told;
  (*authenticator)->watch(told.listener());
  CHECK(told.next(PortEvent::Kind::all_lost));
  lab.start_device();
  REQUIRE(told.next(PortEvent::Kind::station_on));
  const auto stations = (*authenticator)->stations(soon());
  REQUIRE(stations);
  REQUIRE(stations->size() == 1);
  const auto session = stations->front().session;

  const World world;
  auto to = switch_at(network::test::kDasPort);
  to.rules.answers = {};  // hostapd signs its answers in full
  to.nas_identifier = "sw1";
  CHECK(to.naming.user_name);  // by which hostapd, being its own EAP server, knows nobody: it says 503 to all the names
  auto other = to;
  other.nas_identifier = "sw2";
  const auto mistaken = world.adapter(other)->end_session(session, soon());
  CHECK(reason_of(mistaken) == "SWITCH_REFUSED");
  CHECK(evidence_of(mistaken.error(), "error_cause") == "NAS Identification Mismatch");
  CHECK((*authenticator)->stations(soon())->size() == 1);

  const auto adapter = world.adapter(to);
  const auto changed = adapter->change_session(session, 42, soon());  // NAK 401, then a disconnect
  REQUIRE(changed);
  CHECK(*changed == SessionChanged::ended);
  const auto off = told.next(PortEvent::Kind::station_off);
  REQUIRE(off);
  CHECK(off->mac == session.mac);
  CHECK((*authenticator)->stations(soon())->empty());
  CHECK(adapter->end_session(session, soon()));  // again: it is over
}
