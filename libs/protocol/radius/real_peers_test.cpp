// Real peers on the loopback interface: FreeRADIUS and hostapd are asked, radclient asks. Where a program is not
// installed the test says so and is skipped.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include "libs/protocol/radius/accounting.h"
#include "libs/protocol/radius/loopback_test.h"
#include "libs/protocol/radius/reasons.h"
#include "libs/protocol/radius/request.h"
#include "libs/protocol/radius/values.h"
#include "tests/support/program.h"
#include "tests/support/scratch_folder.h"

using namespace pratique;
using namespace pratique::radius;
using test::Asking;
using test::must;
using test::secret_of;

namespace {

constexpr std::string_view kOtherSecret = "staple-battery-horse!";

bool is_installed(const std::string& program) {
  if (std::filesystem::exists(program)) return true;
  WARN("skipped: " << program << " is not installed");
  return false;
}

SessionIdentification user(std::string name) { return {.user_name = std::move(name)}; }

/// A RADIUS server that takes Disconnect- and CoA-Requests (`listen { type = coa }`), as a NAS would.
class Radiusd {
 public:
  Radiusd()
      : program_((write_configuration(), "/usr/sbin/freeradius"),
                 {"-d", folder_.path(), "-n", "radiusd", "-f", "-l", "stdout", "-xx"}) {
    if (!program_.says("Ready to process requests")) throw std::runtime_error(program_.heard);
  }
  std::uint16_t port() const { return port_; }

 private:
  void write_configuration() const {
    const auto folder = folder_.path().string();
    std::ofstream(folder_.path() / "dictionary") << "$INCLUDE /usr/share/freeradius/dictionary\n";
    std::ofstream(folder_.path() / "radiusd.conf")
        << "name = radiusd\nprefix = /usr\nlibdir = /usr/lib/freeradius\nraddbdir = " << folder
        << "\nrun_dir = " << folder << "\nlogdir = " << folder << "\npidfile = " << folder << "/pid"
        << "\nmax_request_time = 5\ncleanup_delay = 5\nmax_requests = 256\nlog {\n destination = stdout\n}\n"
        << "modules {\n always ok {\n rcode = ok\n }\n always reject {\n rcode = reject\n }\n}\n"
        << "client asker {\n ipaddr = 127.0.0.1\n secret = " << test::kSecret << "\n}\n"
        << "server nas {\n listen {\n type = coa\n ipaddr = 127.0.0.1\n port = " << port_ << "\n }\n"
        << R"(recv-coa {
                if (!&Event-Timestamp || !&Message-Authenticator) {
                  reject
                }
                if (&User-Name == "nobody") {
                  update reply {
                    Error-Cause := Session-Context-Not-Found
                    Reply-Message := "no such session"
                  }
                  reject
                }
                if (&Filter-Id && &Tunnel-Type:0 == VLAN && &Tunnel-Medium-Type:0 == IEEE-802) {
                  update reply {
                    Reply-Message := "%{Tunnel-Private-Group-Id:0} %{Filter-Id} %{Session-Timeout}"
                  }
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
  std::uint16_t port_ = test::free_udp_port();
  Program program_;
};

/// hostapd without a radio or a port: its dynamic authorization server, as an access point runs it.
class Hostapd {
 public:
  Hostapd() : program_((write_configuration(), "/usr/sbin/hostapd"), {folder_.path() / "h.conf"}) {
    if (!program_.says("AP-ENABLED")) throw std::runtime_error(program_.heard);
  }
  std::uint16_t port() const { return port_; }

 private:
  void write_configuration() const {
    std::ofstream(folder_.path() / "h.conf")
        << "interface=lo\ndriver=none\nieee8021x=1\nown_ip_addr=127.0.0.1\nnas_identifier=ap1\n"
        << "auth_server_addr=127.0.0.1\nauth_server_port=" << test::free_udp_port()
        << "\nauth_server_shared_secret=unused\nradius_das_port=" << port_ << "\nradius_das_client=127.0.0.1 "
        << test::kSecret << "\nradius_das_require_event_timestamp=1\nradius_das_require_message_authenticator=1\n";
  }

  ScratchFolder folder_;
  std::uint16_t port_ = test::free_udp_port();
  Program program_;
};

/// Sends with a secret that the peer does not have, then asks properly: the first datagram that comes answers the
/// latter.
void check_silence_for_wrong_secret(std::uint16_t port, ClientRules rules) {
  Asking stranger(port, kOtherSecret, rules);
  Asking proper(port, test::kSecret, rules);
  stranger.send(disconnect(user("nobody")));
  CHECK(proper.ask(disconnect(user("nobody"))).error_cause == ErrorCause::session_context_not_found);
  CHECK(stranger.socket.is_empty());
  CHECK(stranger.client.under_way() == 1);
}

/// radclient, which sends `attributes` to us and waits for the answer.
class Radclient {
 public:
  Radclient(const std::string& kind, std::string_view attributes, std::uint16_t port)
      : program_((std::ofstream(folder_.path() / "request") << attributes << "\n", "/usr/bin/radclient"),
                 {"-x", "-r", "1", "-t", "5", "-f", folder_.path() / "request", "127.0.0.1:" + std::to_string(port),
                  kind, std::string(test::kSecret)}) {}
  Program* operator->() { return &program_; }

 private:
  ScratchFolder folder_;
  Program program_;
};

constexpr std::string_view kAttributes =
    "User-Name = \"dock-7\", NAS-Identifier = \"sw1\", Event-Timestamp = \"%\", Message-Authenticator = 0x00, "
    "Proxy-State = 0x31, Proxy-State = 0x32";
std::string attributes_now() {
  std::string out(kAttributes);
  const auto now = std::chrono::floor<std::chrono::seconds>(test::the_moment().wall).time_since_epoch().count();
  return out.replace(out.find("\"%\""), 3, std::to_string(now));
}

}  // namespace

TEST_CASE("radius: a real radiusd is asked", "[radius]") {
  if (!is_installed("/usr/sbin/freeradius")) return;
  const Radiusd radiusd;
  const ClientRules lenient{.answers = {.message_authenticator_required = false}};
  Asking asking(radiusd.port(), test::kSecret, lenient);

  SECTION("a disconnect is acknowledged") {
    asking.send(disconnect({.nas_identifier = "sw1",
                            .acct_session_id = "0F3A",
                            .calling_station = CallingStation{*MacAddress::parse("00:d0:e5:f2:00:02")},
                            .user_name = "dock-7",
                            .nas_port_id = "p1"}));
    const auto received = asking.receive();
    REQUIRE(received.verdict.accepted());
    CHECK(received.answer->packet.code == Code::disconnect_ack);
    CHECK(received.answer->outcome == Outcome::done);
    CHECK(received.verdict.notes().front().code == reason::kMessageAuthenticatorUnchecked.code);
  }
  SECTION("a change is understood and acknowledged") {
    const auto answer = asking.ask(change(
        user("dock-7"),
        {.vlan = must(vlan_numbered(42)), .filter_id = "printers", .session_timeout = std::chrono::seconds(3600)}));
    CHECK(answer.packet.code == Code::coa_ack);
    CHECK(answer.reply_messages == std::vector<std::string>{"42 printers 3600"});
  }
  SECTION("an unknown session is a NAK with its cause") {
    for (const auto& request : {disconnect(user("nobody")), change(user("nobody"), {.filter_id = "printers"})}) {
      const auto answer = asking.ask(request);
      CHECK(answer.outcome == Outcome::session_absent);
      CHECK(answer.error_cause == ErrorCause::session_context_not_found);
      CHECK(answer.reply_messages == std::vector<std::string>{"no such session"});
    }
  }
  SECTION("a repeated request is answered again, and counts once") {
    const auto sent = asking.send(disconnect(user("dock-7")));
    CHECK(asking.receive().answer);
    asking.socket.send(sent.datagram, radiusd.port());
    const auto again = asking.receive();
    CHECK(again.verdict.refused_for(reason::kAnswerRepeated));
    CHECK(again.exchange == sent.exchange);
  }
  SECTION("without a Message-Authenticator it is not believed by default") {
    Asking strict(radiusd.port(), test::kSecret);
    strict.send(disconnect(user("dock-7")));
    const auto received = strict.receive();
    CHECK(received.verdict.refused_for(reason::kMessageAuthenticatorMissing));
    CHECK(strict.client.under_way() == 1);
  }
  SECTION("a wrong secret meets silence") { check_silence_for_wrong_secret(radiusd.port(), lenient); }
}

TEST_CASE("radius: a real hostapd is asked, and believed by default", "[radius]") {
  if (!is_installed("/usr/sbin/hostapd")) return;
  const Hostapd hostapd;
  Asking asking(hostapd.port(), test::kSecret);

  SECTION("an unknown session") {
    const auto answer = asking.ask(disconnect(
        {.nas_identifier = "ap1", .calling_station = CallingStation{*MacAddress::parse("00:d0:e5:f2:00:02")}}));
    CHECK(answer.packet.code == Code::disconnect_nak);
    CHECK(answer.outcome == Outcome::session_absent);
    CHECK(find_first(answer.packet, AttributeType::event_timestamp) != nullptr);
  }
  SECTION("another NAS is meant") {
    const auto answer = asking.ask(disconnect({.nas_identifier = "ap2", .user_name = "dock-7"}));
    CHECK(answer.error_cause == ErrorCause::nas_identification_mismatch);
    CHECK(answer.outcome == Outcome::refused);
  }
  SECTION("a change of VLAN is beyond it") {
    const auto answer = asking.ask(change(user("dock-7"), {.vlan = must(vlan_numbered(42))}));
    CHECK(answer.packet.code == Code::coa_nak);
    CHECK(answer.error_cause == ErrorCause::unsupported_attribute);
  }
  SECTION("a wrong secret meets silence") { check_silence_for_wrong_secret(hostapd.port(), {}); }
}

TEST_CASE("radius: a real radclient asks us", "[radius]") {
  if (!is_installed("/usr/bin/radclient")) return;
  const test::UdpSocket socket;
  const auto secret = secret_of(test::kSecret);
  const auto read = [&](const RequestRules& rules, std::uint16_t& from) {
    const auto came = socket.receive();
    from = came.from.port;
    auto request = must(parse_packet(came.datagram));
    const auto verdict = judge_request(request, secret, rules, test::the_moment().wall);
    CHECK(verdict.accepted());
    return request;
  };
  std::uint16_t from = 0;

  SECTION("a disconnect, acknowledged") {
    Radclient radclient("disconnect", attributes_now(), socket.port());
    const auto request = read(RequestRules::dynamic_authorization(), from);
    socket.send(must(answer_request(request, Code::disconnect_ack, {}, secret)), from);
    CHECK(radclient->exit_code() == 0);
    CHECK(radclient->heard.contains("Received Disconnect-ACK"));
    CHECK(radclient->heard.contains("Proxy-State = 0x31"));
  }
  SECTION("a change, refused with a cause") {
    Radclient radclient("coa", attributes_now(), socket.port());
    const auto request = read(RequestRules::dynamic_authorization(), from);
    const auto cause = integer_attribute(AttributeType::error_cause, 503);
    socket.send(must(answer_request(request, Code::coa_nak, {cause}, secret)), from);
    CHECK(radclient->exit_code() != 0);
    CHECK(radclient->heard.contains("Received CoA-NAK"));
    CHECK(radclient->heard.contains("Session-Context-Not-Found"));
  }
  SECTION("accounting") {
    Radclient radclient("acct", "Acct-Status-Type = Start, Acct-Session-Id = \"0F3A\", NAS-Identifier = \"sw1\"",
                        socket.port());
    const auto request = read(RequestRules::accounting(), from);
    CHECK(must(read_accounting(request)).status == AcctStatus::start);
    socket.send(must(answer_request(request, Code::accounting_response, {}, secret, false)), from);
    CHECK(radclient->exit_code() == 0);
    CHECK(radclient->heard.contains("Received Accounting-Response"));
  }
  SECTION("an answer with another secret is not believed") {
    Radclient radclient("disconnect", attributes_now(), socket.port());
    const auto request = read(RequestRules::dynamic_authorization(), from);
    socket.send(must(answer_request(request, Code::disconnect_ack, {}, secret_of(kOtherSecret))), from);
    CHECK(radclient->says("Reply verification failed"));
  }
}
