#include "services/network/app/reconciler.h"

#include <catch2/catch.hpp>

#include <future>
#include <thread>

#include "services/network/app/network_world_test.h"

using namespace pratique;
using namespace pratique::network;
using Kind = PortEvent::Kind;

TEST_CASE("A device that logs on gets its segment; one that is revoked loses its session and its port",
          "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 2);
  world.settle();
  auto& memory = world.at(id);
  CHECK(memory.ports["p1"].vlan == NetworkWorld::kOnboarding);
  const auto device = world.admit("0a01");
  world.log_on(id, "p1", NetworkWorld::mac(1), "0a01");
  world.settle();
  CHECK(memory.ports["p1"].vlan == NetworkWorld::kCameras);
  CHECK(memory.ports["p1"].admitted == std::vector{NetworkWorld::mac(1)});
  CHECK(memory.ports["p2"].onboarding_only);

  SECTION("its certificate is revoked: the port is closed first, then the session is ended") {
    memory.calls.clear();
    world.say(world.credential_event(device, "credential.revoked", "0a01"));
    CHECK(world.condition(id, "p1").dirty);
    CHECK(world.condition(id, "p1").plan->stations.empty());  // what it is to do, before it does
    CHECK(world.condition(id, "p1").planned_segment == "onboarding");
    CHECK(world.condition(id, "p1").observed_segment == "cameras");
    CHECK_FALSE(world.condition(id, "p2").dirty);
    world.clock.advance(40ms);
    CHECK(world.settle() == 1);
    REQUIRE(memory.calls.size() == 2);
    CHECK(memory.calls[0] == "apply p1");
    CHECK(memory.calls[1].starts_with("end p1"));
    CHECK(memory.ports["p1"].onboarding_only);
    CHECK(memory.ports["p1"].vlan == NetworkWorld::kOnboarding);
    const auto stay = world.stays().front();
    CHECK(stay.end_code == kCertificateEnded.code);
    CHECK(world.events("session.ended") == 1);
    const auto text = world.metrics.text();
    CHECK(text.find("pratique_network_sessions_ended_total{by=\"disconnect_request\",kind=\"ovs\"} 1") !=
          std::string::npos);
    CHECK(text.find("pratique_network_decision_applied_seconds_bucket{kind=\"ovs\",le=\"0.05\"} 1") !=
          std::string::npos);
    CHECK(text.find("pratique_network_decision_applied_seconds_bucket{kind=\"ovs\",le=\"0.025\"} 0") !=
          std::string::npos);
  }
  SECTION("it is quarantined: it stays, elsewhere") {
    world.say(world.device_event(device, "quarantined", "cameras"));
    world.settle();
    CHECK(memory.ports["p1"].vlan == NetworkWorld::kQuarantine);
    CHECK(world.stays().front().state == SessionState::live);
  }
  SECTION("it is retired") {
    memory.fell_back = unavailable(kSwitchUnreachable.code, "hostapd is away");
    world.say(world.device_event(device, "retired", "cameras"));
    world.settle();
    CHECK(memory.ports["p1"].onboarding_only);
    CHECK(world.stays().front().end_code == kDeviceExcluded.code);
    CHECK(std::ranges::count_if(world.logged, [](const std::string& line) {
            return line.contains("session_ended_otherwise") && line.contains("hostapd is away") &&
                   line.contains(R"("by":"disconnect_request")");
          }) == 1);
  }
  SECTION("its segment gets another VLAN") {
    REQUIRE(world.segments.update(world.change(), world.cameras, [](const Segment& current) -> Result<Segment> {
      auto wanted = current;
      wanted.vlan = 77;
      return wanted;
    }));
    world.settle();
    CHECK(memory.ports["p1"].vlan == 77);
  }
  SECTION("an older word of the registrar changes nothing") {
    auto late = world.device_event(device, "retired", "cameras");
    late.cursor = 1;
    world.say(late);
    CHECK_FALSE(world.condition(id, "p1").dirty);
    CHECK(world.settle() == 0);
    CHECK(memory.ports["p1"].vlan == NetworkWorld::kCameras);
  }
}

TEST_CASE("A switch that is away is put right when it is back", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 1);
  const auto device = world.admit("0a01");
  world.log_on(id, "p1", NetworkWorld::mac(1), "0a01");
  world.settle();
  auto& memory = world.at(id);
  memory.away = true;
  world.say(world.device_event(device, "retired", ""));
  CHECK(world.settle() == 1);  // then it is left alone
  CHECK(world.switches.get(world.call(), id)->problem == kSwitchUnreachable.code);
  CHECK(world.stays().front().state == SessionState::live);
  world.clock.advance(1s);
  CHECK(world.settle() == 1);  // tried again after a pause …
  world.clock.advance(700ms);
  CHECK(world.settle() == 0);  // … which grows
  CHECK(world.events("switch.troubled") == 1);

  memory.away = false;
  world.tell(id, Kind::all_lost);  // it speaks again: no waiting
  CHECK(world.settle() >= 1);
  CHECK(memory.ports["p1"].onboarding_only);
  CHECK(world.stays().front().end_code == kDeviceExcluded.code);
  CHECK(world.switches.get(world.call(), id)->problem == "");
  CHECK(world.events("switch.recovered") == 1);
}

TEST_CASE("Two reconcilers never drive one switch at once, and both make progress", "[network][app]") {
  NetworkWorld world;
  const auto one = world.add_switch("sw1", 1), two = world.add_switch("sw2", 1);
  auto first = world.another("replica-a"), second = world.another("replica-b");
  std::promise<void> entered, go_on;
  auto may_go_on = go_on.get_future().share();
  std::atomic<int> inside{0};
  std::map<SwitchId, std::atomic<int>> driven;
  for (const auto& id : {one, two}) {
    driven[id] = 0;
    world.at(id).before_apply = [&, id] {
      ++driven[id];
      if (inside.fetch_add(1) == 0) entered.set_value();
      may_go_on.wait();
    };
  }
  std::thread slow([&] { CHECK(*first->step()); });
  entered.get_future().wait();  // one of the two is being driven
  std::thread other([&] { CHECK(*second->step()); });
  while (inside < 2) std::this_thread::yield();  // … and the other one by the other
  CHECK_FALSE(*first->step());                   // nothing is left for a third
  CHECK(driven[one] == 1);
  CHECK(driven[two] == 1);
  go_on.set_value();
  slow.join();
  other.join();
  world.settle();
  CHECK(world.at(one).ports["p1"].vlan == NetworkWorld::kOnboarding);
  CHECK(world.at(two).ports["p1"].vlan == NetworkWorld::kOnboarding);
}

TEST_CASE("A reconciler that dies while it drives a switch: another goes on when its lease has run out",
          "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 1);
  const auto device = world.admit("0a01");
  world.log_on(id, "p1", NetworkWorld::mac(1), "0a01");
  world.settle();
  world.say(world.device_event(device, "retired", ""));
  // What is left of it: its lease, and nothing written.
  const auto lease = world.with([&](pg::Tx& tx) { return take_lease(tx, "replica-dead", world.clock.now(), 60s); });
  REQUIRE(lease);
  REQUIRE(*lease);
  auto heir = world.another("replica-b");
  CHECK_FALSE(*heir->step());
  world.clock.advance(59s);
  CHECK_FALSE(*heir->step());
  world.clock.advance(2s);
  world.at(id).calls.clear();
  CHECK(*heir->step());
  CHECK(world.at(id).calls.front() == "observe");  // nobody knows how far the dead one came
  CHECK(world.at(id).ports["p1"].onboarding_only);
  // It was not dead but slow: what it still writes is refused.
  const auto late = world.with([&](pg::Tx& tx) { return end_lease(tx, **lease, {.retry_time = world.clock.now()}); });
  CHECK(late.error().reason == "LEASE_LOST");
}

TEST_CASE("A reconciler whose lease was taken while it applied writes nothing", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 1);
  auto slow = world.another("replica-a"), heir = world.another("replica-b");
  bool first = true;
  world.at(id).before_apply = [&] {
    if (!std::exchange(first, false)) return;
    world.clock.advance(61s);
    CHECK(*heir->step());
  };
  CHECK(*slow->step());
  CHECK(world.condition(id, "p1").plan_time);
  CHECK(
      std::ranges::any_of(world.logged, [](const auto& line) { return line.find("switch_lease_lost") != line.npos; }));
  CHECK(world.settle() == 1);  // read anew: what the slow one did may have come last
}

TEST_CASE("A database that fails in the middle of a round: the switch is not left to an orphaned lease",
          "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 1);
  world.at(id).before_apply = [&] {
    world.database.execute("ALTER TABLE network.port_state RENAME TO port_state_away");
  };
  CHECK_FALSE(world.reconciler.step());
  world.at(id).before_apply = nullptr;
  world.database.execute("ALTER TABLE network.port_state_away RENAME TO port_state");
  CHECK(world.settle() >= 1);  // at once, by whoever comes
  CHECK(world.condition(id, "p1").plan_time);
}

TEST_CASE("What somebody changes beside us is found, told once and put right", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 2);
  world.settle();
  auto& memory = world.at(id);
  memory.ports["p1"].vlan = NetworkWorld::kLocks;
  memory.calls.clear();

  SECTION("told of by the switch") {
    world.tell(id, Kind::changed, "p1");
    world.settle();
    CHECK(memory.ports["p1"].vlan == NetworkWorld::kOnboarding);
    CHECK(memory.calls == std::vector<std::string>{"observe_port p1", "apply p1"});
  }
  SECTION("found by the next full reading") {
    CHECK(world.settle() == 0);
    world.clock.advance(301s);
    world.settle();
    CHECK(memory.ports["p1"].vlan == NetworkWorld::kOnboarding);
    CHECK(memory.count("apply") == 1);
  }
  SECTION("a foreign rule") {
    memory.ports["p1"].vlan = NetworkWorld::kOnboarding;
    memory.ports["p1"].foreign = {"a flow that nobody of ours made"};
    world.tell(id, Kind::changed, "p1");
    world.settle();
    CHECK(memory.ports["p1"].foreign.empty());
  }
  CHECK(world.events("port.changed_by_hand") == 1);
  CHECK(world.condition(id, "p1").problem == "");
}

TEST_CASE("Where policy says so, a change by hand is told of and left", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 1);
  world.settle();
  auto lenient = world.another("replica-a", {.put_right = false});
  for (int i = 0; i < 2; ++i) {
    world.at(id).ports["p1"].vlan = NetworkWorld::kLocks;
    world.tell(id, Kind::changed, "p1");
    world.settle(*lenient);
    CHECK(world.at(id).ports["p1"].vlan == NetworkWorld::kLocks);
    CHECK(world.condition(id, "p1").problem == kSwitchChangedByHand.code);
  }
  CHECK(world.events("port.changed_by_hand") == 1);
}

TEST_CASE("A port that the switch refuses holds up no other and is tried again", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 1);
  world.add_port(id, "p9");  // the switch has none
  world.settle();
  auto& memory = world.at(id);
  CHECK(memory.ports["p1"].vlan == NetworkWorld::kOnboarding);
  CHECK(world.events("port.refused") == 1);
  CHECK(world.switches.get(world.call(), id)->problem == "");
  CHECK(world.ports.list(world.call(), {.on_switch = id, .troubled = true}, {}, 10)->size() == 1);
  memory.ports["p9"] = {.port = "p9", .link_up = true};
  world.clock.advance(301s);
  world.settle();
  CHECK(memory.ports["p9"].vlan == NetworkWorld::kOnboarding);
  CHECK(world.ports.list(world.call(), {.on_switch = id, .troubled = true}, {}, 10)->empty());
}

TEST_CASE("A switch that knows sessions alone: they are moved, or ended", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 1, kSessionSwitch);
  const auto device = world.admit("0a01");
  auto accept = world.accepted(id, "p1", NetworkWorld::mac(1), "0a01");
  accept.given_vlan = NetworkWorld::kCameras;
  world.hand_in(accept);
  world.hand_in(world.report(RadiusReportKind::start, id, "p1", NetworkWorld::mac(1)));
  world.settle();
  auto& memory = world.at(id);
  CHECK(memory.calls.empty());
  world.say(world.device_event(device, "admitted", "locks"));
  world.settle();
  CHECK(memory.calls == std::vector<std::string>{"change p1 20"});
  CHECK(world.stays().front().given_vlan == NetworkWorld::kLocks);
  memory.away = true;
  world.say(world.credential_event(device, "credential.revoked", "0a01"));
  world.settle();
  CHECK(world.stays().front().state == SessionState::live);  // it is still there, and we say so
  memory.away = false;
  world.clock.advance(2s);
  world.settle();
  CHECK(world.stays().front().end_code == kCertificateEnded.code);
}

TEST_CASE("The most urgent switch goes first: decisions, marks, a crashed holder's, readings", "[network][app]") {
  NetworkWorld world;
  std::vector<SwitchId> ids;
  for (const auto* name : {"sw1", "sw2", "sw3", "sw4", "sw5"}) ids.push_back(world.add_switch(name, 1));
  world.settle();
  const auto take = [&](const std::string& holder = "replica-a") {
    const auto lease = world.with([&](pg::Tx& tx) { return take_lease(tx, holder, world.clock.now(), 60s); });
    REQUIRE(lease);
    return *lease;
  };
  const auto mark = [&](const SwitchId& id, std::optional<Timestamp> decided) {
    REQUIRE(world.with([&](pg::Tx& tx) { return mark_port(tx, world.port(id, "p1"), decided); }));
  };
  mark(ids[4], {});
  CHECK(take("replica-dead")->on_switch == ids[4]);
  world.database.execute("UPDATE network.port_state SET done = wanted");
  world.clock.advance(61s);
  REQUIRE(world.with([&](pg::Tx& tx) { return want_observation(tx, ids[0]); }));
  mark(ids[1], {});
  mark(ids[2], world.clock.now());
  mark(ids[3], world.clock.now() - 1s);
  std::vector<SwitchId> expected{ids[3], ids[2], ids[1], ids[4], ids[0]};
  SECTION("one after another") {}
  SECTION("a switch that is away does not stand in the way, however many decisions wait for it") {
    const auto away = take();
    CHECK(away->on_switch == ids[3]);
    const auto later = world.clock.now() + 10s;
    REQUIRE(world.with([&](pg::Tx& tx) { return end_lease(tx, *away, {.failures = 1, .retry_time = later}); }));
    world.database.execute(
        "SET search_path = network;"
        "INSERT INTO port (id, switch, name, display_name, role, nas_port_id, authenticator, create_time, update_time,"
        " version) SELECT gen_random_uuid(), id, 'q' || n, '', 'access', '', '', now(), now(), 1"
        " FROM switch, generate_series(1, 1000) n WHERE name = 'sw4';"
        "INSERT INTO port_state (port, switch, decided_time)"
        " SELECT id, switch, '2020-01-01' FROM port WHERE name LIKE 'q%';");
    expected = {ids[1], ids[2], ids[4], ids[0]};  // the rest, in any order among marked ports: by id
    std::sort(expected.begin(), expected.begin() + 2);
  }
  std::vector<SwitchId> taken;
  for (auto lease = take(); lease; lease = take()) {
    CHECK(lease->observe_due == (lease->on_switch == ids[4] || lease->on_switch == ids[0]));
    taken.push_back(lease->on_switch);
  }
  CHECK(taken == expected);
}

TEST_CASE("A full reading writes what it found new, and no row of a port that is as it was", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 3);
  world.add_port(id, "p9");  // the switch has none
  world.admit("0a01");
  world.log_on(id, "p1", NetworkWorld::mac(1), "0a01");
  world.settle();
  auto& memory = world.at(id);
  const auto rows = [&] {  // a row that is written gets another xmin
    return world.database.query("SELECT string_agg(p.name || ' ' || t.xmin, ',' ORDER BY p.name)"
                                " FROM network.port_state t JOIN network.port p ON p.id = t.port");
  };
  const auto row = [&](const std::string& port) {
    return world.database.query("SELECT t.xmin FROM network.port_state t JOIN network.port p ON p.id = t.port"
                                " WHERE p.name = '" + port + "'");
  };
  const auto read_again = [&] {
    world.clock.advance(301s);
    CHECK(world.settle() == 1);
    CHECK(memory.count("observe") > 0);
  };
  world.clock.advance(301s);
  world.settle();
  memory.calls.clear();
  const auto before = rows();
  const auto p2 = row("p2"), p3 = row("p3");

  SECTION("nothing is new: but all of it was read") {
    read_again();
    CHECK(rows() == before);
    CHECK(memory.calls == std::vector<std::string>{"observe", "apply p9"});  // that one is tried again
    CHECK(world.condition(id, "p1").observe_time == world.clock.now());
    CHECK(world.condition(id, "p1").observed->vlan == NetworkWorld::kCameras);
  }
  SECTION("a cable was pulled: one row") {
    memory.ports["p2"].link_up = false;
    read_again();
    CHECK(row("p2") != p2);
    CHECK(row("p3") == p3);
    CHECK_FALSE(world.condition(id, "p2").observed->link_up);
  }
  SECTION("somebody changed a port: one row, and it is put right") {
    memory.ports["p2"].foreign = {"a flow that nobody of ours made"};
    memory.ports["p2"].vlan = NetworkWorld::kLocks;
    read_again();
    CHECK(row("p3") == p3);
    CHECK(memory.ports["p2"].vlan == NetworkWorld::kOnboarding);
    CHECK(world.condition(id, "p2").observed->vlan == NetworkWorld::kOnboarding);
  }
  SECTION("a port is gone: what was read of it is over") {
    memory.ports.erase("p2");
    read_again();
    CHECK(row("p3") == p3);
    CHECK_FALSE(world.condition(id, "p2").observed);
    CHECK_FALSE(world.condition(id, "p2").observe_time);
    CHECK(world.condition(id, "p2").problem == kSwitchRefused.code);
  }
  SECTION("the switch does not answer: nothing counts as read") {
    const auto then = world.condition(id, "p1").observe_time;
    memory.away = true;
    world.clock.advance(301s);
    CHECK(world.settle() == 1);
    CHECK(rows() == before);
    CHECK(world.condition(id, "p1").observe_time == then);
  }
}

TEST_CASE("A switch for which no adapter can be made says why, and is driven once one is", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 1);
  world.book.broken = failed_precondition(kSwitchSecretMissing.code, kSwitchSecretMissing.meaning);
  CHECK(world.settle() == 1);
  const auto troubled = *world.switches.get(world.call(), id);
  CHECK(troubled.problem == "SWITCH_SECRET_MISSING");
  CHECK(troubled.problem_message == kSwitchSecretMissing.meaning);
  world.book.broken.reset();
  world.tell(id, Kind::all_lost);
  CHECK(world.settle() == 1);
  CHECK(world.switches.get(world.call(), id)->problem.empty());
  CHECK(world.at(id).ports["p1"].onboarding_only);
}

TEST_CASE("Among ten thousand ports, a change of one touches one", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 1);
  world.database.execute(
      "SET search_path = network;"
      "INSERT INTO port (id, switch, name, display_name, role, nas_port_id, authenticator, create_time, update_time,"
      " version)"
      " SELECT gen_random_uuid(), s.id, 'q' || n, '', 'access', '', '', now(), now(), 1"
      " FROM switch s, generate_series(1, 10000) n;"
      "INSERT INTO port_state (port, switch, done, plan_time, plan_vlan)"
      " SELECT id, switch, 1, now(), 4001 FROM port WHERE name LIKE 'q%'; ANALYZE;");
  auto& memory = world.at(id);
  for (int n = 1; n <= 10000; ++n) {
    const auto name = "q" + std::to_string(n);
    memory.ports[name] = {.port = name, .link_up = true, .vlan = NetworkWorld::kOnboarding};
  }
  world.settle();
  const auto device = world.admit("0a01");
  world.log_on(id, "p1", NetworkWorld::mac(1), "0a01");
  world.settle();
  memory.calls.clear();
  world.say(world.device_event(device, "retired", ""));
  CHECK(world.database.query("SELECT count(*) FROM network.port_state WHERE dirty") == "1");
  CHECK(world.settle() == 1);
  CHECK(memory.calls == std::vector<std::string>{"apply p1", "end p1 02:00:00:00:00:01"});
  CHECK(world.database.query("SELECT count(*) FROM network.port_state WHERE wanted > 1") == "1");
  // Its queue is found by the index of marked ports, not by looking at all of them.
  CHECK(world.database.query("EXPLAIN SELECT switch, decided_time FROM network.port_state WHERE dirty")
            .find("port_state_dirty") != std::string::npos);
}
