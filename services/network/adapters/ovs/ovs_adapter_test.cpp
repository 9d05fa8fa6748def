// Against a real Open vSwitch in a real network.
#include <catch2/catch.hpp>

#include "services/network/adapters/conformance/suite_test.h"
#include "services/network/adapters/ovs/ovs_adapter.h"
#include "services/network/adapters/ovs/ovs_world_test.h"

using namespace pratique;
using namespace pratique::network;
using namespace pratique::network::conformance;
using pratique::network::test::OvsWorld;
using pratique::network::test::why_no_network;

namespace {

#define NETWORK_OR_SKIP()                                \
  if (const auto why = why_no_network(); !why.empty()) { \
    WARN("skipped: " << why);                            \
    return;                                              \
  }

/// An adapter that has told its first all_lost.
struct Watched {
  explicit Watched(const OvsConfig& config) {
    auto made = OvsAdapter::make(config);
    REQUIRE(made);
    adapter = std::move(*made);
    adapter->watch(told.listener());
    REQUIRE(told.next(PortEvent::Kind::all_lost, ""));
  }
  PortState state(std::string_view port) const {
    auto state = adapter->observe_port(port, soon());
    REQUIRE(state);
    return std::move(*state);
  }
  /// By a full observation.
  PortState seen(std::string_view port) const {
    auto all = adapter->observe(soon());
    REQUIRE(all);
    const auto found = std::ranges::find(*all, port, &PortState::port);
    REQUIRE(found != all->end());
    return *found;
  }
  Told told;
  std::unique_ptr<OvsAdapter> adapter;
};

}  // namespace

TEST_CASE("ovs: what every adapter must keep", "[ovs]") {
  NETWORK_OR_SKIP();
  OvsWorld world;
  Watched ovs(world.config());
  check_all(*ovs.adapter, ovs.told, world);
}

TEST_CASE("ovs: before the first plan nothing passes, and EAPOL and LLDP never leave an access port", "[ovs]") {
  NETWORK_OR_SKIP();
  OvsWorld world;
  Watched ovs(world.config());
  const auto before = ovs.state("p1");
  CHECK_FALSE(before.onboarding_only);
  CHECK(before.admitted.empty());
  CHECK(before.all_pass == false);
  CHECK_FALSE(leaks(world, "p1", 10));

  auto plans = all_closed(world);
  make_so(*ovs.adapter, plans);
  make_so(*ovs.adapter, {open_to(world, "p1", 42)});
  const auto flows = world.ofctl({"--no-stats", "--no-names", "dump-flows", world.management()});
  CHECK(flows.contains("priority=60000,dl_type=0x888e actions=drop"));
  CHECK(flows.contains("priority=60000,dl_type=0x88cc actions=drop"));
  // One rule for a closed port, one for a station; none more for a port.
  CHECK(flows.contains("priority=30000,in_port=2 actions=goto_table:1"));
  CHECK(flows.contains("priority=40000,in_port=1,dl_src=" + world.station("p1").text() + " actions=NORMAL"));
  CHECK_FALSE(flows.contains("priority=30000,in_port=1 "));
}

TEST_CASE("ovs: what others change by hand is told, seen, and put right", "[ovs]") {
  NETWORK_OR_SKIP();
  OvsWorld world;
  Watched ovs(world.config());
  make_so(*ovs.adapter, all_closed(world));
  const auto plan = open_to(world, "p1", 42);
  make_so(*ovs.adapter, {plan});
  ovs.told.forget();
  const auto changed = PortEvent::Kind::changed;

  SECTION("another VLAN") {
    world.vsctl({"set", "port", "p1", "tag=43"});
    CHECK(ovs.told.next(changed, "p1"));
    CHECK(ovs.state("p1").vlan == 43);
    CHECK_FALSE(fulfils(ovs.state("p1"), plan));
  }
  SECTION("a trunk") {
    world.vsctl({"set", "port", "p1", "trunks=10,43"});
    CHECK(ovs.told.next(changed, "p1"));
    CHECK(ovs.state("p1").vlan == std::nullopt);
    CHECK(ovs.state("p1").foreign.size() == 1);
  }
  SECTION("no isolation") {
    world.vsctl({"set", "port", "p1", "protected=false"});
    CHECK(ovs.told.next(changed, "p1"));
    CHECK(ovs.state("p1").foreign.size() == 1);
  }
  SECTION("the station's rule is gone") {
    world.ofctl({"del-flows", world.management(), "in_port=1"});
    CHECK(ovs.told.next(changed, "p1"));
    CHECK(ovs.state("p1").admitted.empty());
    CHECK_FALSE(fulfils(ovs.state("p1"), plan));
    CHECK_FALSE(leaks(world, "p1", 42));
  }
  SECTION("all rules are gone") {
    world.ofctl({"del-flows", world.management()});
    CHECK(ovs.told.next(changed, "*"));
    CHECK_FALSE(fulfils(ovs.state("p1"), plan));
    CHECK_FALSE(fulfils(ovs.state("p2"), closed(world, "p2")));
    CHECK_FALSE(fulfils(ovs.state("s42"), world.fixed_ports()[1]));
    CHECK_FALSE(fulfils(ovs.state("up1"), world.fixed_ports()[3]));
  }
  SECTION("a rule for a port beside ours") {
    world.ofctl({"add-flow", world.management(), "priority=65000,in_port=1,actions=NORMAL"});
    CHECK(ovs.told.next(changed, ""));
    CHECK(ovs.state("p1").foreign.size() == 1);
    CHECK(ovs.state("p1").all_pass == true);
    CHECK_FALSE(fulfils(ovs.state("p1"), plan));
  }
  SECTION("our rule does something else") {
    world.ofctl({"add-flow", world.management(), "priority=30000,in_port=2,actions=NORMAL"});
    CHECK_FALSE(fulfils(ovs.state("p2"), closed(world, "p2")));
    CHECK(ovs.state("p2").all_pass == true);
  }
  SECTION("the onboarding table lets everything through") {
    world.ofctl({"add-flow", world.management(), "table=1,priority=1,actions=NORMAL"});
    CHECK(ovs.told.next(changed, ""));
    CHECK_FALSE(fulfils(ovs.state("p2"), closed(world, "p2")));
  }
  SECTION("a rule for everybody") {
    world.ofctl({"add-flow", world.management(), "priority=1,actions=NORMAL"});
    CHECK(ovs.told.next(changed, ""));
    CHECK(ovs.seen("p1").all_pass == true);
    CHECK_FALSE(fulfils(ovs.seen("p2"), closed(world, "p2")));
    CHECK(ovs.seen("br0").foreign.size() == 1);
  }
  SECTION("fail-mode standalone") {
    world.vsctl({"del-fail-mode", "br0"});
    CHECK(ovs.told.next(changed, ""));
    CHECK_FALSE(ovs.seen("br0").foreign.empty());
  }
  auto plans = world.fixed_ports();
  plans.push_back(plan);
  plans.push_back(closed(world, "p2"));
  make_so(*ovs.adapter, plans);
  CHECK(ovs.seen("br0").foreign.empty());
  CHECK(ovs.seen("br0").own);
  CHECK_FALSE(ovs.seen("p1").own);
  CHECK(reaches(world, "p1", 42));
  CHECK(reaches(world, "p2", 10));
  CHECK_FALSE(leaks(world, "p2", 42));
  CHECK(world.vsctl({"get-fail-mode", "br0"}) == "secure\n");
}

TEST_CASE("ovs: our own changes are no news, and quiet ends with them", "[ovs]") {
  NETWORK_OR_SKIP();
  OvsWorld world;
  Watched ovs(world.config());
  make_so(*ovs.adapter, all_closed(world));
  ovs.told.forget();
  for (int i = 0; i < 3; ++i) {
    make_so(*ovs.adapter, {open_to(world, "p1", 42)});
    make_so(*ovs.adapter, {closed(world, "p1")});
  }
  CHECK(ovs.told.words() == "");
  world.vsctl({"set", "port", "p1", "tag=43"});
  CHECK(ovs.told.next(PortEvent::Kind::changed, "p1"));
}

TEST_CASE("ovs: a switch that was killed and is back has forgotten all, and is put right", "[ovs]") {
  NETWORK_OR_SKIP();
  OvsWorld world;
  Watched ovs(world.config());
  make_so(*ovs.adapter, all_closed(world));
  make_so(*ovs.adapter, {open_to(world, "p1", 42)});
  world.kill_switch();

  // Dead: known within the deadline, and by name.
  const auto begin = std::chrono::steady_clock::now();
  Result<std::vector<PortState>> dead = std::vector<PortState>();
  while (dead && std::chrono::steady_clock::now() - begin < kPatience)
    dead = ovs.adapter->observe(std::chrono::steady_clock::now() + 500ms);
  REQUIRE_FALSE(dead);
  const auto applied = ovs.adapter->apply(std::vector<PortPlan>{closed(world, "p1")}, soon());
  REQUIRE_FALSE(applied);
  CHECK(applied.error().reason == kSwitchUnreachable.code);
  CHECK(applied.error().code == ErrorCode::unavailable);
  const auto ended = ovs.adapter->end_session({.port = "p1", .mac = world.station("p1")}, soon());
  REQUIRE_FALSE(ended);
  CHECK(ended.error().reason == kSwitchUnreachable.code);

  ovs.told.forget();
  world.start_switch();
  REQUIRE(ovs.told.next(PortEvent::Kind::all_lost, ""));
  const auto plan = open_to(world, "p1", 42);
  CHECK_FALSE(fulfils(ovs.state("p1"), plan));
  auto plans = world.fixed_ports();
  plans.push_back(plan);
  plans.push_back(closed(world, "p2"));
  make_so(*ovs.adapter, plans);
  CHECK(reaches(world, "p1", 42));
  CHECK(reaches(world, "p2", 10));
  CHECK_FALSE(leaks(world, "p2", 42));
}

TEST_CASE("ovs: a switch that hangs is a time-out, and its database alone is not the switch", "[ovs]") {
  NETWORK_OR_SKIP();
  OvsWorld world;
  Watched ovs(world.config());
  make_so(*ovs.adapter, all_closed(world));
  world.switch_program().signal(SIGSTOP);
  const auto begin = std::chrono::steady_clock::now();
  const auto applied =
      ovs.adapter->apply(std::vector<PortPlan>{open_to(world, "p1", 42)}, std::chrono::steady_clock::now() + 200ms);
  REQUIRE_FALSE(applied);
  CHECK(applied.error().reason == "SWITCH_TIMEOUT");
  CHECK(std::chrono::steady_clock::now() - begin < kPatience / 2);
  world.switch_program().signal(SIGCONT);
  auto plans = all_closed(world);
  Result<std::vector<AppliedPort>> again = unavailable("", "");
  for (int i = 0; i < 100 && !again; ++i) {
    again = ovs.adapter->apply(plans, soon());
    if (!again) REQUIRE(ovs.told.next(PortEvent::Kind::all_lost, ""));
  }
  make_so(*ovs.adapter, plans);
}

TEST_CASE("ovs: nobody there is said at once, and no configuration that cannot work is taken", "[ovs]") {
  const ScratchFolder folder;
  const auto path = "unix:" + (folder.path() / "nobody").string();
  OvsConfig config{.ovsdb = path, .openflow = path};
  {
    auto made = OvsAdapter::make(config);
    REQUIRE(made);
    const auto observed = (*made)->observe(soon());
    REQUIRE_FALSE(observed);
    CHECK(observed.error().code == ErrorCode::unavailable);
    CHECK(observed.error().reason == kSwitchUnreachable.code);
  }
  const auto refused = [](const OvsConfig& bad) {
    const auto made = OvsAdapter::make(bad);
    return !made && made.error().reason == "FIELD_INVALID";
  };
  CHECK_FALSE(refused(config));
  for (auto change : std::vector<void (*)(OvsConfig&)>{
           [](OvsConfig& bad) { bad.ovsdb = "db.sock"; }, [](OvsConfig& bad) { bad.openflow = "unix:"; },
           [](OvsConfig& bad) { bad.bridge = ""; }, [](OvsConfig& bad) { bad.onboarding.services = {{}}; },
           [](OvsConfig& bad) {
             bad.onboarding.services.resize(65, {IpAddress(), 1});
           },
           [](OvsConfig& bad) { bad.first_pause = 0ms; }, [](OvsConfig& bad) { bad.longest_pause = 1ms; },
           [](OvsConfig& bad) { bad.poll = 0ms; }, [](OvsConfig& bad) { bad.silence = 0ms; }}) {
    auto bad = config;
    change(bad);
    CHECK(refused(bad));
  }
}
