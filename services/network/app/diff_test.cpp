#include "services/network/app/diff.h"

#include <catch2/catch.hpp>

#include "services/network/app/network_world_test.h"

using namespace pratique;
using namespace pratique::network;

namespace {

/// A switch with two ports; the device of certificate 0a01 is on p1, and all is as it is to be.
struct Looked {
  explicit Looked(Capabilities can = kFullSwitch) : id(world.add_switch("sw1", 2, can)) {
    world.settle();
    device = world.admit("0a01");
    world.log_on(id, "p1", NetworkWorld::mac(1), "0a01");
    world.settle();
  }
  SwitchDiff look() {
    auto seen = diff.look(world.call(), id);
    INFO((seen ? "" : seen.error().message));
    REQUIRE(seen);
    return *std::move(seen);
  }

  NetworkWorld world;
  SwitchId id;
  DeviceId device;
  Diff diff{world.surroundings(), world.book};
};

}  // namespace

TEST_CASE("A switch that does what it is to do shows no difference", "[network][app]") {
  Looked is;
  const auto seen = is.look();
  CHECK(seen.ports.empty());
  CHECK(seen.undeclared.empty());
  CHECK(seen.missing.empty());
  CHECK(seen.foreign.empty());
  CHECK(seen.ports_observed);
  CHECK(seen.observe_time == is.world.clock.now());
}

TEST_CASE("What somebody changed on the switch is named, and left", "[network][app]") {
  Looked is;
  auto& memory = is.world.at(is.id);
  memory.ports["p1"].vlan = 7;
  memory.ports["p2"].foreign = {"a mirror 'tap'"};
  memory.ports["p9"] = {.port = "p9"};
  const auto calls = memory.count("apply");
  const auto seen = is.look();
  REQUIRE(seen.ports.size() == 2);
  const auto& first = seen.ports[0];
  CHECK(first.differences == std::vector<Difference>{{"vlan", std::to_string(NetworkWorld::kCameras), "7"}});
  CHECK_FALSE(first.port.condition.dirty);
  CHECK(first.port.condition.planned_segment == "cameras");
  CHECK(first.port.condition.observed_segment == "");
  CHECK(first.port.condition.present.front().device == is.device);
  CHECK(seen.ports[1].differences == std::vector<Difference>{{"foreign", "none", "a mirror 'tap'"}});
  CHECK(seen.undeclared == std::vector<std::string>{"p9"});
  CHECK(memory.count("apply") == calls);
  CHECK(memory.ports["p1"].vlan == 7);
  CHECK_FALSE(is.world.condition(is.id, "p1").dirty);
}

TEST_CASE("The switch itself is no port that somebody ought to declare; what is foreign there concerns all",
          "[network][app]") {
  Looked is;
  is.world.at(is.id).ports["br0"] = {.port = "br0", .foreign = {"fail_mode is not secure"}, .own = true};
  const auto seen = is.look();
  CHECK(seen.undeclared.empty());
  CHECK(seen.foreign == std::vector<std::string>{"fail_mode is not secure"});
  CHECK(seen.ports.empty());
}

TEST_CASE("A registered port that the switch does not have is missing", "[network][app]") {
  Looked is;
  is.world.add_port(is.id, "p3");
  CHECK(is.look().missing == std::vector<std::string>{"p3"});
}

TEST_CASE("What is about to be done is pending, with what it will be", "[network][app]") {
  Looked is;
  is.world.say(is.world.device_event(is.device, "quarantined", "cameras"));
  const auto seen = is.look();
  REQUIRE(seen.ports.size() == 1);
  CHECK(seen.ports[0].port.condition.dirty);
  CHECK(seen.ports[0].differences == std::vector<Difference>{{"vlan", std::to_string(NetworkWorld::kQuarantine),
                                                              std::to_string(NetworkWorld::kCameras)}});
  is.world.settle();
  CHECK(is.look().ports.empty());
}

TEST_CASE("A link that is down takes nobody's place", "[network][app]") {
  Looked is;
  is.world.at(is.id).ports["p1"].link_up = false;  // and nobody was told yet
  const auto seen = is.look();
  REQUIRE(seen.ports.size() == 1);
  CHECK(seen.ports[0].differences.front() ==
        Difference{"vlan", std::to_string(NetworkWorld::kOnboarding), std::to_string(NetworkWorld::kCameras)});
}

TEST_CASE("Of a switch that cannot be asked for its ports, sessions are compared", "[network][app]") {
  Looked is{kSessionSwitch};
  const auto mac = NetworkWorld::mac(1).text();
  CHECK_FALSE(is.look().ports_observed);
  CHECK(is.look().ports.empty());

  SECTION("it was given another VLAN than is planned") {
    REQUIRE(is.world.with([&](pg::Tx& tx) -> Result<void> {
      TRY(auto session, lock_open_session(tx, is.world.port(is.id, "p1"), NetworkWorld::mac(1)));
      session->given_vlan = 7;
      return update_session(tx, *session);
    }));
    const auto seen = is.look();
    REQUIRE(seen.ports.size() == 1);
    CHECK(seen.ports[0].differences ==
          std::vector<Difference>{
              {"session", mac + ": vlan " + std::to_string(NetworkWorld::kCameras), mac + ": vlan 7"}});
    CHECK_FALSE(seen.ports[0].port.condition.observed);
  }
  SECTION("it is to be over") {
    is.world.say(is.world.credential_event(is.device, "credential.revoked", "0a01"));
    const auto seen = is.look();
    REQUIRE(seen.ports.size() == 1);
    CHECK(seen.ports[0].port.condition.dirty);
    CHECK(seen.ports[0].differences ==
          std::vector<Difference>{{"session", mac + ": ended, PORT_CERTIFICATE_ENDED", mac + ": logged on"}});
  }
}

TEST_CASE("A switch that is not there cannot be looked at", "[network][app]") {
  Looked is;
  const auto reason = [&](const SwitchId& id) { return is.diff.look(is.world.call(), id).error().reason; };
  CHECK(reason(SwitchId::make(is.world.clock, is.world.random)) == "SWITCH_UNKNOWN");
  is.world.at(is.id).away = true;
  CHECK(reason(is.id) == "SWITCH_UNREACHABLE");
  is.world.book.switches.clear();
  CHECK(reason(is.id) == "SWITCH_UNREACHABLE");
}
