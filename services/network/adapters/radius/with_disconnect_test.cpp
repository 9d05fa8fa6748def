// A real hostapd with a real device, whose sessions end by Disconnect-Request; and what is done where that does not do.
#include "services/network/adapters/radius/with_disconnect.h"

#include <catch2/catch.hpp>

#include "libs/crypto/primitives/system_random.h"
#include "libs/protocol/radius/loopback_test.h"
#include "services/network/adapters/hostapd/hostapd_adapter.h"
#include "services/network/adapters/hostapd/sessions_world_test.h"

using namespace pratique;
using namespace pratique::network;
using namespace std::chrono_literals;
using Kind = PortEvent::Kind;
using network::test::Lab;
using network::test::soon;
using radius::test::secret_of;

namespace {

RadiusSwitch das(std::uint16_t port, std::string_view secret = network::test::kDasSecret) {
  return {.nas = radius::test::on_loopback(port),
          .secret = secret_of(secret),
          .nas_identifier = "sw1",
          .rules = {.retransmission = {.initial = 100ms, .maximum = 400ms}},
          .where_nobody = NobodyListens::give_up};
}

struct World {
  SystemClock clock;
  crypto::SystemRandom random;
  std::shared_ptr<Exchanges> exchanges = *Exchanges::start(clock, random);

  /// Patient, so that a hostapd that is stopped for a moment is not given up meanwhile.
  std::unique_ptr<SwitchAdapter> adapter(const std::filesystem::path& control, Result<RadiusSwitch> p1) const {
    auto hostapd = make_hostapd_adapter({.ports = {{"p1", control}}, .times = {.ping_interval = 60s, .patience = 60s}});
    REQUIRE(hostapd);
    DisconnectAt ports;
    ports.emplace("p1", std::move(p1));
    return with_disconnect(*std::move(hostapd), std::move(ports), exchanges);
  }
};

/// A lab with somebody on.
struct Busy {
  Lab lab;
  Program& hostapd = lab.start_hostapd();
  World world;
  SessionRef session = log_on();

  SessionRef log_on() {
    const auto watcher = world.adapter(lab.control("p1"), failed_precondition("", ""));
    network::test::Told told;
    watcher->watch(told.listener());
    REQUIRE(told.next(Kind::all_lost));
    lab.start_device();
    REQUIRE(told.next(Kind::station_on));
    const auto stations = watcher->stations(soon());
    REQUIRE(stations);
    REQUIRE(stations->size() == 1);
    return stations->front().session;
  }
  bool is_on() const { return lab.authorized("p1", session.mac); }
};

}  // namespace

TEST_CASE("with disconnect: what every adapter keeps of sessions", "[network][radius][lab]") {
  if (!Lab::possible()) return;
  Busy busy;
  const auto adapter = busy.world.adapter(busy.lab.control("p1"), das(network::test::kDasPort));
  conformance::Told told;
  adapter->watch(told.listener());
  REQUIRE(told.next(Kind::all_lost, "p1"));
  network::test::HostapdSessions sessions(busy.lab, busy.hostapd, busy.session);
  conformance::check_sessions(*adapter, told, sessions);
}

TEST_CASE("with disconnect: hostapd acknowledges, or is told on its control socket", "[network][radius][lab]") {
  if (!Lab::possible()) return;
  Busy busy;
  const auto control = busy.lab.control("p1");
  REQUIRE(busy.is_on());
  const auto ended = [&](const std::filesystem::path& at, Result<RadiusSwitch> p1, const SessionRef& session) {
    auto end = busy.world.adapter(at, std::move(p1))->end_session(session, soon());
    INFO((end ? "" : end.error().reason + ": " + end.error().message));
    REQUIRE(end);
    CHECK_FALSE(busy.is_on());
    return *end;
  };
  SECTION("acknowledged: the control socket is not needed") {
    const auto end = ended(control.parent_path() / "nobody", das(network::test::kDasPort), busy.session);
    CHECK(end.by == EndedBy::disconnect_request);
    CHECK_FALSE(end.instead_of);
  }
  SECTION("another secret than hostapd's: no answer") {
    auto to = das(network::test::kDasPort, "staple-battery-horse!");
    to.rules.retransmission = {.initial = 100ms, .maximum = 400ms, .transmissions = 4, .duration = 1000ms};
    const auto end = ended(control, to, busy.session);
    CHECK(end.by == EndedBy::control_socket);
    REQUIRE(end.instead_of);
    CHECK(end.instead_of->reason == "SWITCH_TIMEOUT");
    CHECK(end.instead_of->message.contains("secret"));
  }
  SECTION("another name than hostapd's: refused") {
    auto to = das(network::test::kDasPort);
    to.nas_identifier = "sw2";
    const auto end = ended(control, to, busy.session);
    CHECK(end.by == EndedBy::control_socket);
    REQUIRE(end.instead_of);
    CHECK(end.instead_of->reason == "SWITCH_REFUSED");
  }
  SECTION("no such session by that name: by its address then") {
    auto other = busy.session;
    other.accounting_id = "0123456789ABCDEF";
    const auto end = ended(control, das(network::test::kDasPort), other);
    CHECK(end.by == EndedBy::control_socket);
    CHECK_FALSE(end.instead_of);
  }
  SECTION("nobody takes Disconnect-Requests there: not waited for") {
    const auto begun = std::chrono::steady_clock::now();
    const auto end = ended(control, das(radius::test::free_udp_port()), busy.session);
    CHECK(std::chrono::steady_clock::now() - begun < conformance::kPatience / 2);
    CHECK(end.by == EndedBy::control_socket);
    REQUIRE(end.instead_of);
    CHECK(end.instead_of->reason == "SWITCH_UNREACHABLE");
  }
  SECTION("no secret: said each time") {
    const auto end = ended(control, failed_precondition("SWITCH_SECRET_MISSING", "no secret"), busy.session);
    CHECK(end.by == EndedBy::control_socket);
    REQUIRE(end.instead_of);
    CHECK(end.instead_of->reason == "SWITCH_SECRET_MISSING");
  }
}

TEST_CASE("with disconnect: where neither way does, both are told", "[network][radius]") {
  const ScratchFolder folder;
  const World world;
  const SessionRef session{.port = "p1", .mac = conformance::kStranger};
  const auto adapter = world.adapter(folder.path() / "p1", das(radius::test::free_udp_port()));
  const auto neither = adapter->end_session(session, soon());
  REQUIRE_FALSE(neither);
  CHECK(neither.error().reason == "SWITCH_UNREACHABLE");
  CHECK(std::ranges::find(neither.error().evidence, "disconnect", [](const auto& one) { return one.first; }) !=
        neither.error().evidence.end());
  CHECK(adapter->end_session({.port = "p2", .mac = session.mac}, soon()).error().code == ErrorCode::not_found);
}
