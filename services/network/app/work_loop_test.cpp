#include "services/network/app/work_loop.h"

#include <catch2/catch.hpp>

#include <future>

#include "services/network/app/network_world_test.h"

using namespace pratique;
using namespace pratique::network;

TEST_CASE(
    "From a RADIUS server's report and a switch's word to an open port, and from a revocation to a closed one, with "
    "nobody asking",
    "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 1);
  world.settle();
  const auto device = world.admit("0a01");
  auto& memory = world.at(id);
  // Each application is told of, with what the port does before it.
  std::mutex mutex;
  std::condition_variable changed;
  int applied = 0;
  memory.before_apply = [&] {
    const std::lock_guard lock(mutex);
    ++applied;
    changed.notify_all();
  };
  const auto await = [&](int number) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, 20s, [&] { return applied >= number; });
  };
  const auto mac = NetworkWorld::mac(1);
  {
    const std::lock_guard lock(memory.mutex);
    memory.on.emplace("p1", mac);
  }
  pg::Listener listener(
      {.database = world.pool->config().database, .channels = {work_channel("network"), radius_channel("network")}});
  WorkLoop loop(world.surroundings(), {.reconcilers = 2}, world.reconciler, world.sessions, world.attempts, listener,
                world.log, world.metrics);
  loop.start();
  REQUIRE(world.with([&](pg::Tx& tx) { return insert_radius_report(tx, world.accepted(id, "p1", mac, "0a01")); }));
  loop.note(id, {PortEvent::Kind::station_on, "p1", mac});
  REQUIRE(await(1));
  world.say(world.credential_event(device, "credential.revoked", "0a01"));
  REQUIRE(await(2));
  loop.stop();
  CHECK(memory.ports["p1"].onboarding_only);
  CHECK(world.stays().front().end_code == kCertificateEnded.code);
}
