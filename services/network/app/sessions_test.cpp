#include "services/network/app/sessions.h"

#include <catch2/catch.hpp>

#include "services/network/app/network_world_test.h"

using namespace pratique;
using namespace pratique::network;
using Kind = PortEvent::Kind;
using Report = RadiusReportKind;

TEST_CASE("A session is opened by an accept and is live once the switch says that the station is on",
          "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 2);
  world.admit("0a01");
  const auto mac = NetworkWorld::mac(1);

  SECTION("accept, then station") {
    world.hand_in(world.accepted(id, "p1", mac, "0a01"));
    CHECK(world.stays().front().state == SessionState::accepted);
    world.settle();
    CHECK(world.at(id).ports["p1"].onboarding_only);  // accepted alone opens nothing
    world.at(id).on.emplace("p1", mac);
    world.tell(id, Kind::station_on, "p1", mac);
  }
  SECTION("station, then accept: the other order") {
    world.at(id).on.emplace("p1", mac);
    world.tell(id, Kind::station_on, "p1", mac);
    CHECK(world.stays().empty());
    world.hand_in(world.accepted(id, "p1", mac, "0a01"));
  }
  SECTION("accounting begins") {
    world.hand_in(world.accepted(id, "p1", mac, "0a01"));
    world.hand_in(world.report(Report::start, id, "p1", mac));
    world.at(id).on.emplace("p1", mac);
  }
  REQUIRE(world.stays().size() == 1);
  CHECK(world.stays().front().state == SessionState::live);
  CHECK(world.events("session.started") == 1);
  world.tell(id, Kind::station_on, "p1", mac);  // told again, by another replica's adapter
  CHECK(world.events("session.started") == 1);
  world.settle();
  CHECK(world.at(id).ports["p1"].vlan == NetworkWorld::kCameras);
}

TEST_CASE("Each way in which a session ends, and why", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 2);
  world.admit("0a01");
  const auto mac = NetworkWorld::mac(1);
  world.log_on(id, "p1", mac, "0a01");
  world.settle();
  std::string_view code;
  SECTION("logged off") {
    world.tell(id, Kind::station_off, "p1", mac);
    code = kLoggedOff.code;
  }
  SECTION("logged off for its certificate ended: the switch's word came before the reconciler's") {
    world.say(world.credential_event(world.stays().front().device, "credential.revoked", "0a01"));
    world.tell(id, Kind::station_off, "p1", mac);
    code = kCertificateEnded.code;
  }
  SECTION("logged off for it was excluded") {
    world.say(world.device_event(world.stays().front().device, "retired", ""));
    world.hand_in(world.report(Report::stop, id, "p1", mac));
    code = kDeviceExcluded.code;
  }
  SECTION("the cable was pulled") {
    world.tell(id, Kind::link_down, "p1");
    code = kLinkDown.code;
  }
  SECTION("the authenticator is lost") {
    world.tell(id, Kind::authenticator_lost, "p1");
    code = kAuthenticatorLost.code;
  }
  SECTION("accounting stops, with the octets") {
    auto stop = world.report(Report::stop, id, "p1", mac);
    stop.input_octets = 1234;
    stop.terminate_cause = "User-Request";
    world.hand_in(stop);
    CHECK(world.stays().front().input_octets == 1234);
    CHECK(world.stays().front().end_message == "User-Request");
    world.hand_in(stop);  // a repetition
    code = kLoggedOff.code;
  }
  SECTION("the switch no longer knows it when it is asked") {
    world.at(id).on.clear();
    world.clock.advance(1s);
    world.tell(id, Kind::all_lost);
    world.settle();
    code = kLoggedOff.code;
  }
  SECTION("it logs on with its renewed certificate") {
    const auto device = world.stays().front().device;
    world.say(world.credential_event(device, "credential.issued", "0a02"));
    world.clock.advance(1s);
    world.hand_in(world.accepted(id, "p1", mac, "0a02"));
    CHECK(world.stays().front().state == SessionState::live);  // it was on, and still is
    CHECK(world.stays().back().end_code == kReplaced.code);
    CHECK(world.events("session.ended") == 1);
    return;
  }
  const auto stay = world.stays().front();
  CHECK(stay.state == SessionState::ended);
  CHECK(stay.end_code == code);
  CHECK(world.events("session.ended") == 1);
  world.settle();
  CHECK(world.at(id).ports["p1"].onboarding_only);
}

TEST_CASE("A station that is on while a list was asked for earlier is not ended by it", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 1);
  world.admit("0a01");
  const auto asked = world.clock.now();
  world.clock.advance(1s);
  world.log_on(id, "p1", NetworkWorld::mac(1), "0a01");
  REQUIRE(world.sessions.compare(id, {}, asked, NetworkWorld::soon()));
  CHECK(world.stays().front().state == SessionState::live);
  REQUIRE(world.sessions.compare(id, {}, world.clock.now(), NetworkWorld::soon()));
  CHECK(world.stays().front().state == SessionState::ended);
}

TEST_CASE("Whom the authenticator goes on taking for on is on as soon as RADIUS accepts it anew", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 1);
  world.admit("0a01");
  const auto mac = NetworkWorld::mac(1);
  SECTION("it was told to be on") { world.log_on(id, "p1", mac, "0a01"); }
  SECTION("it was found on, since nobody listened when it was told") {
    world.hand_in(world.accepted(id, "p1", mac, "0a01"));
    CHECK(world.stays().front().state == SessionState::accepted);
    const LiveStation there{.session = {.port = "p1", .mac = mac}};
    REQUIRE(world.sessions.compare(id, {&there, 1}, world.clock.now(), NetworkWorld::soon()));
  }
  CHECK(world.stays().front().state == SessionState::live);
  world.tell(id, Kind::link_down, "p1");  // of which the authenticator knows nothing
  CHECK(world.stays({.open = true}).empty());
  world.tell(id, Kind::link_up, "p1");
  CHECK(world.stays({.open = true}).empty());  // without RADIUS's word it is nobody
  world.clock.advance(1s);
  world.hand_in(world.accepted(id, "p1", mac, "0a01"));
  CHECK(world.stays().front().state == SessionState::live);
}

TEST_CASE("Of two with one address or one certificate, the older stays unless it is silent", "[network][app]") {
  NetworkWorld world;
  const auto one = world.add_switch("sw1", 2), two = world.add_switch("sw2", 2);
  world.admit("0a01");
  world.admit("0b01");
  const auto mac = NetworkWorld::mac(1);
  world.log_on(one, "p1", mac, "0a01");
  world.settle();
  world.clock.advance(1s);

  SECTION("the same address elsewhere: the newer one is ended") {
    world.log_on(two, "p1", mac, "0b01");
    world.settle();
    CHECK(world.at(one).ports["p1"].admitted.size() == 1);
    CHECK(world.at(two).ports["p1"].onboarding_only);
    CHECK(world.at(two).count("end p1") == 1);
    CHECK(world.stays().front().end_code == kStationElsewhere.code);
  }
  SECTION("the same certificate elsewhere") {
    world.log_on(two, "p1", NetworkWorld::mac(2), "0a01");
    world.settle();
    CHECK(world.at(two).ports["p1"].onboarding_only);
    CHECK(world.stays().front().end_code == kCertificateElsewhere.code);
  }
  SECTION("the older one had accounting and fell silent: it gives way") {
    world.hand_in(world.report(Report::interim, one, "p1", mac));
    world.clock.advance(36min);
    world.log_on(two, "p1", mac, "0b01");
    world.settle();
    CHECK(world.at(one).ports["p1"].onboarding_only);
    CHECK(world.at(two).ports["p1"].admitted.size() == 1);
    CHECK(world.stays().back().end_code == kStationElsewhere.code);
  }
  CHECK(world.events("session.disputed") == 1);
}

TEST_CASE("A device that moves is not hindered: its old link goes down first", "[network][app]") {
  NetworkWorld world;
  const auto one = world.add_switch("sw1", 2);
  world.admit("0a01");
  world.log_on(one, "p1", NetworkWorld::mac(1), "0a01");
  world.at(one).on.clear();
  world.tell(one, Kind::link_down, "p1");
  world.log_on(one, "p2", NetworkWorld::mac(1), "0a01");
  world.settle();
  CHECK(world.at(one).ports["p2"].admitted.size() == 1);
  CHECK(world.events("session.disputed") == 0);
}

TEST_CASE("Silence ends a session: never on, or accounted and not heard of", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 2);
  world.admit("0a01");
  world.admit("0b01");
  world.hand_in(world.accepted(id, "p1", NetworkWorld::mac(1), "0a01"));
  world.log_on(id, "p2", NetworkWorld::mac(2), "0b01");
  CHECK(*world.sessions.end_silent(NetworkWorld::soon()) == 0);
  world.clock.advance(121s);
  CHECK(*world.sessions.end_silent(NetworkWorld::soon()) == 1);  // p2 has no accounting: its switch watches
  CHECK(world.stays({.open = true}).size() == 1);
  world.hand_in(world.report(Report::interim, id, "p2", NetworkWorld::mac(2)));
  world.clock.advance(36min);
  CHECK(*world.sessions.end_silent(NetworkWorld::soon()) == 1);
  world.settle();
  CHECK(world.at(id).count("end p2") == 1);
  CHECK(world.stays({.open = true}).empty());
  CHECK(world.stays().front().end_code == kSilent.code);
}

TEST_CASE("Who was where when, for as long as it is kept", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 2);
  const auto device = world.admit("0a01");
  const auto mac = NetworkWorld::mac(1);
  world.log_on(id, "p1", mac, "0a01");
  const auto there = world.clock.now();
  world.clock.advance(1h);
  world.tell(id, Kind::link_down, "p1");
  world.clock.advance(1h);
  world.log_on(id, "p2", mac, "0a01");
  CHECK(world.stays({.device = device}).size() == 2);
  CHECK(world.stays({.port = world.port(id, "p1")}).size() == 1);
  REQUIRE(world.stays({.mac = mac, .at = there}).size() == 1);
  CHECK(world.stays({.mac = mac, .at = there}).front().port_name == "p1");
  CHECK(world.stays({.on_switch = id, .at = there + 90min}).empty());
  CHECK(world.stays({.mac = NetworkWorld::mac(9)}).empty());
  CHECK(world.sessions.get(world.call(), world.stays().front().id)->port_name == "p2");
  world.clock.advance(std::chrono::hours(90 * 24));
  CHECK(*world.with([&](pg::Tx& tx) { return world.sessions.forget(tx, 10); }) == 1);
  CHECK(world.stays().size() == 1);  // the open one stays
}

TEST_CASE("A report of a port or a certificate that is not known changes nothing and is told of", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 1);
  world.admit("0a01");
  auto report = world.accepted(id, "p1", NetworkWorld::mac(1), "0a01");
  SECTION("port") { report.nas_port_id = "p9"; }
  SECTION("switch") { report.nas_address = "192.0.2.99"; }
  SECTION("certificate") { report.certificate_serial = "0a99"; }
  SECTION("no address") { report.calling_station_id = "printer"; }
  SECTION("a group address") { report.calling_station_id = "01-80-C2-00-00-03"; }
  world.hand_in(report);
  CHECK(world.stays().empty());
  REQUIRE(world.logged.size() == 1);
  CHECK(world.logged.front().find("radius_report_unplaced") != std::string::npos);
}

TEST_CASE("An operator ends a session: the switch is told, then it is over", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 1);
  world.admit("0a01");
  world.log_on(id, "p1", NetworkWorld::mac(1), "0a01");
  world.settle();
  const auto stay = world.stays().front().id;
  const auto asked = world.sessions.end(world.change("e1"), stay, "moving the camera");
  REQUIRE(asked);
  CHECK(asked->state == SessionState::live);
  CHECK(asked->end_code == kEndedByOperator.code);
  CHECK(asked->end_message == "ended by operator/ada: moving the camera");
  CHECK(world.condition(id, "p1").dirty);
  REQUIRE(world.sessions.end(world.change("e1"), stay, "moving the camera"));  // asked again
  REQUIRE(world.sessions.end(world.change("e2"), stay, "another reason"));     // it is under way
  CHECK(world.events("session.end_requested") == 1);

  world.settle();
  CHECK(world.at(id).count("end p1") == 1);
  CHECK(world.at(id).ports["p1"].onboarding_only);
  const auto over = *world.sessions.end(world.change("e3"), stay, "");
  CHECK(over.state == SessionState::ended);
  CHECK(over.end_message == "ended by operator/ada: moving the camera");
  CHECK(world.events("session.ended") == 1);

  // It may come again while it is allowed to.
  world.log_on(id, "p1", NetworkWorld::mac(1), "0a01");
  world.settle();
  CHECK(world.at(id).ports["p1"].vlan == NetworkWorld::kCameras);

  CHECK(world.sessions.end(world.change(), SessionId::make(world.clock, world.random), "").error().reason ==
        "SESSION_UNKNOWN");
  CHECK(world.sessions.end(world.change(), stay, std::string(kMaxEndReason + 1, 'x')).error().reason ==
        "FIELD_INVALID");
}
