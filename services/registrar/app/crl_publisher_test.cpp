#include "services/registrar/app/crl_publisher.h"

#include "libs/crypto/revocation/crl.h"
#include "libs/crypto/revocation/crl_verdict.h"
#include "services/registrar/app/revocation_world_test.h"
#include "services/registrar/domain/revocation_urls.h"

using namespace pratique;
using namespace pratique::registrar;

namespace {

std::int64_t number_of(RevocationWorld& world) {
  return (**world.pool->look(pg::within(5s), [&](pg::Tx& tx) {
    return find_crl(tx, issuer_key_id(world.ca.certificate));
  })).number;
}

}  // namespace

TEST_CASE("a list says who ended and why, and is the issuer's word") {
  RevocationWorld world;
  auto lamp = world.allowed("LAMP-1");
  const auto first = world.issue(lamp);
  const auto good = world.onboard("LAMP-2"), stolen = world.onboard("LAMP-3"), retired = world.onboard("LAMP-4"),
             reset = world.onboard("LAMP-5");
  const auto renewed = world.issue(lamp, first.der());
  RevocationWorld::Replica replica(world);
  auto crl = world.list(replica);
  CHECK(crl.size() == 0);
  CHECK(crypto::judge_by_crl(good, crl, world.ca.certificate, world.clock.now()).accepted());

  REQUIRE(world.credentials.identify(world.call(), renewed.der(), true));  // its first use
  world.revoke(stolen);
  REQUIRE(world.devices.retire(world.change(), world.credential_of(retired).device, "scrapped"));
  REQUIRE(world.devices.reset(world.change(), world.credential_of(reset).device, "wiped"));
  replica.follower.turn();
  crl = world.list(replica);
  CHECK(crl.size() == 4);
  CHECK(world.reason_on(crl, first) == "superseded");
  CHECK(world.reason_on(crl, stolen) == "unspecified");
  CHECK(world.reason_on(crl, retired) == "cessationOfOperation");
  CHECK(world.reason_on(crl, reset) == "cessationOfOperation");
  CHECK(world.reason_on(crl, renewed).empty());
  CHECK(crl.find(stolen.serial_hex())->at == std::chrono::floor<std::chrono::seconds>(world.clock.now()));
  const auto now = world.clock.now();
  CHECK(crypto::judge_by_crl(good, crl, world.ca.certificate, now).accepted());
  CHECK(crypto::judge_by_crl(stolen, crl, world.ca.certificate, now).refused_for("CERTIFICATE_REVOKED"));
  CHECK(crl.next_update() == std::chrono::floor<std::chrono::seconds>(now) + 24h);
  CHECK(replica.metrics.text().contains("pratique_registrar_crl_entries 4"));
}

TEST_CASE("a device that onboards anew leaves a superseded credential behind") {
  RevocationWorld world;
  auto lamp = world.allowed("LAMP-1");
  const auto first = world.issue(lamp);
  (void)world.knock(lamp);
  const auto second = world.issue(lamp);
  RevocationWorld::Replica replica(world);
  const auto crl = world.list(replica);
  CHECK(world.reason_on(crl, first) == "superseded");
  CHECK(world.reason_on(crl, second).empty());
}

TEST_CASE("lists come when something ended, and before they grow old; not otherwise") {
  RevocationWorld world;
  const auto lamp = world.onboard("LAMP-1");
  RevocationWorld::Replica replica(world);
  const auto first = number_of(world);
  CHECK(first == std::chrono::floor<std::chrono::seconds>(world.clock.now()).time_since_epoch().count());
  const auto later = [&](std::chrono::seconds by) {
    world.clock.advance(by);
    replica.follower.turn();
    return number_of(world);
  };
  CHECK(later(0s) == first);
  (void)world.onboard("LAMP-2");  // an event, but no end
  CHECK(later(11h) == first);
  const auto by_time = later(1h);
  CHECK(by_time > first);
  CHECK(later(0s) == by_time);
  world.revoke(lamp);
  const auto by_end = later(0s);
  CHECK(by_end == by_time + 1);  // within the same second
  CHECK(later(0s) == by_end);
  CHECK(world.logged.empty());
}

TEST_CASE("replicas take each other's lists, and make none twice") {
  RevocationWorld world;
  const auto lamp = world.onboard("LAMP-1");
  RevocationWorld::Replica one(world), two(world);
  const auto first = number_of(world);
  CHECK(world.list(two).der() == world.list(one).der());
  world.revoke(lamp);
  two.follower.turn();
  one.follower.turn();
  CHECK(number_of(world) == first + 1);
  CHECK(world.reason_on(world.list(one), lamp) == "unspecified");
  CHECK(world.list(one).der() == world.list(two).der());
  // A replica that starts where nothing was told since makes none either.
  RevocationWorld::Replica three(world);
  CHECK(number_of(world) == first + 1);
  CHECK(world.list(three).der() == world.list(one).der());
}

TEST_CASE("while another replica is at it, none is made; after its death one is") {
  RevocationWorld world;
  RevocationWorld::Replica replica(world);
  const auto first = number_of(world);
  const auto issuer = issuer_key_id(world.ca.certificate);
  const auto claim = [&](std::int64_t after) {
    return *world.with([&](pg::Tx& tx) { return claim_crl(tx, issuer, after); });
  };
  CHECK_FALSE(claim(first - 1));  // not after what is no more the newest
  CHECK(claim(first));
  CHECK_FALSE(claim(first));
  const auto lamp = world.onboard("LAMP-1");
  world.revoke(lamp);
  replica.follower.turn();
  CHECK(number_of(world) == first);
  // What comes late, by a clock that stood still or a claim that ran out, is not published over another.
  StoredCrl late;
  late.issuer_key_id = issuer;
  late.number = first + 1;
  late.der = {1};
  CHECK_FALSE(*world.with([&](pg::Tx& tx) { return publish_crl(tx, late, first - 1); }));
  world.database.execute("UPDATE registrar.crl SET claimed_until = clock_timestamp() - interval '1 second'");
  replica.follower.turn();
  CHECK(number_of(world) == first + 1);
  CHECK(world.reason_on(world.list(replica), lamp) == "unspecified");
}

TEST_CASE("who expired stays on the list until one was made after that") {
  RevocationWorld world;
  const auto lamp = world.onboard("LAMP-1");
  world.revoke(lamp);
  RevocationWorld::Replica replica(world);
  world.clock.set(lamp.not_after() + 1s);
  replica.follower.turn();
  CHECK(world.reason_on(world.list(replica), lamp) == "unspecified");  // this one
  world.clock.advance(36h);
  replica.follower.turn();
  CHECK(world.list(replica).size() == 1);  // the one before says that it began before the certificate's end
  world.clock.advance(36h);
  replica.follower.turn();
  CHECK(world.list(replica).size() == 0);
}

TEST_CASE("another issuer has a list of its own, and the old one's stays to be had") {
  RevocationWorld world;
  const auto lamp = world.onboard("LAMP-1");
  world.revoke(lamp);
  RevocationWorld::Replica replica(world);
  const auto next = world.make_ca("Plant CA");
  world.use(next);
  replica.follower.turn();
  CHECK(world.list(replica).size() == 0);
  CHECK(crypto::verify_crl(world.list(replica), next.certificate, world.clock.now()).accepted());
  const auto old = replica.lists.find(issuer_key_id(world.ca.certificate));
  REQUIRE(old);
  CHECK(world.reason_on(*crypto::Crl::parse_der(old->der), lamp) == "unspecified");
  CHECK_FALSE(replica.lists.find("00"));
}

TEST_CASE("an authority upstream has no list of ours") {
  RevocationWorld world;
  world.authority.upstream = true;
  const auto lamp = world.onboard("LAMP-1");
  world.revoke(lamp);
  RevocationWorld::Replica replica(world);
  replica.follower.turn();
  CHECK_FALSE(replica.lists.find(issuer_key_id(world.ca.certificate)));
  CHECK(world.logged.empty());
}

TEST_CASE("a list that cannot be made is told of once, and others' still count") {
  RevocationWorld world;
  const auto lamp = world.onboard("LAMP-1");
  RevocationWorld::Replica replica(world);
  // The CA is at its end: no list can begin now.
  world.clock.set(world.ca.certificate.not_after() + 24h);
  replica.follower.turn();
  replica.follower.turn();
  REQUIRE(world.logged.size() == 2);  // the list and the responder, each once
  CHECK((world.logged[0] + world.logged[1]).contains("\"task\":\"list\""));
  CHECK((world.logged[0] + world.logged[1]).contains("\"task\":\"responder\""));
}

TEST_CASE("an issuer before this one goes on telling of its own, and is not disturbed by others") {
  RevocationWorld world;
  const auto lamp = world.onboard("LAMP-1");
  const RevocationSigner before{world.ca.certificate, world.ca.key};
  const auto next = world.make_ca("Plant CA");
  world.use(next);
  const auto door = world.onboard("LAMP-2");
  RevocationWorld::Replica replica(world, kOcspSignatures, {before});
  const auto crl_of = [&](const crypto::Certificate& issuer) {
    return *crypto::Crl::parse_der(replica.lists.find(issuer_key_id(issuer))->der);
  };
  const auto old = crl_of(world.ca.certificate), fresh = crl_of(next.certificate);
  world.revoke(lamp);
  replica.follower.turn();
  CHECK(world.reason_on(crl_of(world.ca.certificate), lamp) == "unspecified");
  CHECK(crl_of(next.certificate).number_hex() == fresh.number_hex());
  world.revoke(door);
  replica.follower.turn();
  CHECK(world.reason_on(crl_of(next.certificate), door) == "unspecified");
  CHECK_FALSE(crl_of(world.ca.certificate).find(door.serial_hex()));
  CHECK(crypto::verify_crl(crl_of(world.ca.certificate), world.ca.certificate, world.clock.now()).accepted());
  CHECK(old.size() == 0);
}
