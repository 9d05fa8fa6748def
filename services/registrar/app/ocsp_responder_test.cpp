#include "services/registrar/app/ocsp_responder.h"

#include "libs/crypto/revocation/ocsp_verdict.h"
#include "services/registrar/app/revocation_world_test.h"

using namespace pratique;
using namespace pratique::registrar;
namespace ocsp = pratique::crypto::ocsp;

namespace {

struct World : RevocationWorld {
  Bytes question(const std::vector<ocsp::CertId>& ids, std::optional<Bytes> nonce = {}) {
    std::optional<ByteView> view;
    if (nonce) view = *nonce;
    return *ocsp::encode_request(ids, view);
  }
  ocsp::CertId id(const crypto::Certificate& certificate, ocsp::CertIdHash hash = ocsp::CertIdHash::sha1) {
    return ocsp::CertId::of(certificate, ca.certificate, hash);
  }
  ocsp::Response ask(Replica& of, const Bytes& request) {
    const auto parsed = ocsp::parse_response(of.responder.answer(request).der);
    REQUIRE(parsed);
    return *parsed;
  }
  /// As a relying party sees it: "good", "revoked superseded", a refusal's code.
  std::string said(Replica& of, const crypto::Certificate& certificate, std::optional<Bytes> nonce = {},
                   ocsp::CertIdHash hash = ocsp::CertIdHash::sha1) {
    const auto which = id(certificate, hash);
    const auto verdict = ocsp::verify_response(
        ask(of, question({which}, nonce)),
        {.id = which, .issuer = ca.certificate, .now = clock.now(), .nonce = nonce,
         .require_nonce = nonce.has_value()});
    if (!verdict.accepted()) return verdict.first().code;
    const auto& single = *verdict.single;
    std::string out(ocsp::to_string(single.state));
    if (single.state == ocsp::CertificateState::revoked) out.append(" ").append(to_string(single.revocation.reason));
    return out;
  }
};

double counted(const World::Replica& replica, const std::string& status) {
  const auto text = replica.metrics.text();
  const auto line = "pratique_registrar_ocsp_responses_total{status=\"" + status + "\"} ";
  const auto at = text.find(line);
  return at == std::string::npos ? -1 : std::stod(text.substr(at + line.size()));
}

}  // namespace

TEST_CASE("good, revoked with its reason, and unknown") {
  World world;
  auto lamp = world.allowed("LAMP-1");
  const auto first = world.issue(lamp);
  const auto stolen = world.onboard("LAMP-2"), retired = world.onboard("LAMP-3");
  World::Replica replica(world);
  const auto hash = GENERATE(ocsp::CertIdHash::sha1, ocsp::CertIdHash::sha256);
  const auto nonce = GENERATE(std::optional<Bytes>{}, std::optional<Bytes>(Bytes(16, 7)));
  const auto said = [&](const crypto::Certificate& certificate) {
    return world.said(replica, certificate, nonce, hash);
  };
  CHECK(said(first) == "good");
  CHECK(said(stolen) == "good");
  world.revoke(stolen);
  REQUIRE(world.devices.retire(world.change(), world.credential_of(retired).device, "scrapped"));
  const auto second = world.issue(lamp, first.der());
  CHECK(said(second) == "good");  // both count until the new one is used
  REQUIRE(world.credentials.identify(world.call(), second.der(), true));
  replica.follower.turn();
  CHECK(said(first) == "revoked superseded");
  CHECK(said(second) == "good");
  CHECK(said(stolen) == "revoked unspecified");
  CHECK(said(retired) == "revoked cessationOfOperation");

  // Signed by the CA's key, and yet never issued as a credential.
  const auto forged = *crypto::issue_certificate(
      crypto::CertificateProfile::tls({.common_name = "x"}, {}, world.clock.now(), world.clock.now() + 24h),
      world.ca.key->public_key(), world.ca.certificate, *world.ca.key, world.random);
  CHECK(said(forged) == "unknown");
  CHECK(counted(replica, "unknown") == 1);
  CHECK(counted(replica, "revoked") == 3);
}

TEST_CASE("answers are kept until half their life is over, or until they are no longer true") {
  World world;
  const auto lamp = world.onboard("LAMP-1"), other = world.onboard("LAMP-2");
  World::Replica replica(world);
  const auto request = world.question({world.id(lamp)});
  const auto answer = [&] { return replica.responder.answer(request); };
  const auto first = answer();
  REQUIRE(first.caching);
  CHECK(first.caching->max_age <= 30min);
  CHECK(first.caching->max_age >= 30min - 1s);
  world.clock.advance(29min);
  CHECK(answer().der == first.der);
  CHECK(answer().caching->max_age <= 1min);
  world.clock.advance(1min);
  const auto second = answer();
  CHECK(second.der != first.der);
  CHECK(answer().der == second.der);

  world.revoke(other);  // forgets that one alone
  replica.follower.turn();
  CHECK(answer().der == second.der);
  CHECK(world.said(replica, other) == "revoked unspecified");
  world.revoke(lamp);
  replica.follower.turn();
  CHECK(world.said(replica, lamp) == "revoked unspecified");
}

TEST_CASE("what another replica revoked is not good here") {
  World world;
  const auto lamp = world.onboard("LAMP-1");
  World::Replica one(world), two(world);
  CHECK(world.said(one, lamp) == "good");
  CHECK(world.said(two, lamp) == "good");
  world.revoke(lamp);
  for (auto* replica : {&one, &two}) {
    replica->follower.turn();
    CHECK(world.said(*replica, lamp) == "revoked unspecified");
  }
}

TEST_CASE("a nonce comes back, and such an answer is nobody's to keep") {
  World world;
  const auto lamp = world.onboard("LAMP-1");
  World::Replica replica(world);
  const auto answered = replica.responder.answer(world.question({world.id(lamp)}, Bytes(32, 1)));
  CHECK_FALSE(answered.caching);
  CHECK(ocsp::parse_response(answered.der)->basic->nonce == Bytes(32, 1));
  CHECK(world.said(replica, lamp, Bytes(8, 2)) == "good");
}

TEST_CASE("several certificates are answered at once") {
  World world;
  const auto lamp = world.onboard("LAMP-1"), stolen = world.onboard("LAMP-2");
  world.revoke(stolen);
  World::Replica replica(world);
  const std::vector ids{world.id(lamp), world.id(stolen), ocsp::CertId::of_serial("0a", world.ca.certificate)};
  const auto response = world.ask(replica, world.question(ids));
  REQUIRE(response.basic);
  REQUIRE(response.basic->singles.size() == 3);
  CHECK(response.basic->find(ids[0])->state == ocsp::CertificateState::good);
  CHECK(response.basic->find(ids[1])->state == ocsp::CertificateState::revoked);
  CHECK(response.basic->find(ids[2])->state == ocsp::CertificateState::unknown);
}

TEST_CASE("what is not ours to answer, and what is no question") {
  World world;
  const auto lamp = world.onboard("LAMP-1");
  World::Replica replica(world);
  const auto status = [&](const Bytes& request) { return world.ask(replica, request).status; };
  const auto stranger = world.make_ca("Stranger");
  const auto foreign = ocsp::CertId::of_serial(lamp.serial_hex(), stranger.certificate);
  CHECK(status(world.question({foreign})) == ocsp::ResponseStatus::unauthorized);
  CHECK(status(world.question({world.id(lamp), foreign})) == ocsp::ResponseStatus::unauthorized);
  CHECK(status({}) == ocsp::ResponseStatus::malformed_request);
  CHECK(status({0x30, 0x00}) == ocsp::ResponseStatus::malformed_request);
  CHECK(counted(replica, "unauthorized") == 2);
  CHECK(counted(replica, "malformedRequest") == 2);
  world.authority.upstream = true;
  replica.follower.turn();
  CHECK(status(world.question({world.id(lamp)})) == ocsp::ResponseStatus::unauthorized);
}

TEST_CASE("only so many answers are signed in a second; kept ones are given all the same") {
  World world;
  const auto lamp = world.onboard("LAMP-1");
  World::Replica replica(world, 3);
  CHECK(world.said(replica, lamp) == "good");
  for (int i = 0; i < 20; ++i) (void)world.said(replica, lamp, Bytes(8, 1));
  CHECK(world.ask(replica, world.question({world.id(lamp)}, Bytes(8, 1))).status == ocsp::ResponseStatus::try_later);
  CHECK(world.said(replica, lamp) == "good");
  CHECK(world.logged.size() == 1);
  CHECK(world.logged.front().contains("OCSP_TOO_MANY"));
}

TEST_CASE("the responder's key is its own, short-lived, and renewed in time") {
  World world;
  const auto lamp = world.onboard("LAMP-1");
  World::Replica one(world), two(world);
  const auto holder = [&](World::Replica& replica) {
    const auto certificates = world.ask(replica, world.question({world.id(lamp)}, Bytes(8, 1))).basic->certificates;
    REQUIRE(certificates.size() == 1);
    return certificates.front();
  };
  const auto first = holder(one);
  CHECK_FALSE(first.public_key() == world.ca.certificate.public_key());
  CHECK_FALSE(first.public_key() == holder(two).public_key());
  CHECK(first.not_after() == std::chrono::floor<std::chrono::seconds>(world.clock.now()) + kResponderValidity);
  world.clock.advance(kResponderValidity / 2 - 1h);
  one.follower.turn();
  CHECK(holder(one) == first);
  world.clock.advance(1h);
  one.follower.turn();
  CHECK_FALSE(holder(one).public_key() == first.public_key());
  CHECK(world.said(one, lamp) == "good");
  // Never renewed: it says nothing rather than what nobody may believe.
  world.clock.advance(kResponderValidity);
  CHECK(world.ask(two, world.question({world.id(lamp)})).status == ocsp::ResponseStatus::internal_error);
}

TEST_CASE("with another issuer its certificates are answered for, and no others") {
  World world;
  const auto lamp = world.onboard("LAMP-1");
  World::Replica replica(world);
  CHECK(world.said(replica, lamp) == "good");
  const auto old = world.ca;
  world.ca = world.make_ca("Plant CA 2");
  world.use(world.ca);
  replica.follower.turn();
  const auto request = world.question({ocsp::CertId::of(lamp, old.certificate)});
  CHECK(world.ask(replica, request).status == ocsp::ResponseStatus::unauthorized);
  const auto door = world.onboard("LAMP-2");
  CHECK(world.said(replica, door) == "good");

  // One that was told of the old issuer answers for both, each with a responder of its own.
  World::Replica both(world, kOcspSignatures, {{old.certificate, old.key}});
  CHECK(world.said(both, door) == "good");
  const auto answered = world.ask(both, request);
  REQUIRE(answered.basic);
  CHECK(answered.basic->certificates.front().authority_key_id() == old.certificate.subject_key_id());
  CHECK(answered.basic->singles.front().state == ocsp::CertificateState::good);
  world.revoke(lamp);
  both.follower.turn();
  CHECK(world.ask(both, request).basic->singles.front().state == ocsp::CertificateState::revoked);
  const std::vector mixed{ocsp::CertId::of(lamp, old.certificate), world.id(door)};
  CHECK(world.ask(both, world.question(mixed)).status == ocsp::ResponseStatus::unauthorized);
}

TEST_CASE("without the database what is kept is said, and the rest is not made up") {
  World world;
  const auto lamp = world.onboard("LAMP-1"), other = world.onboard("LAMP-2");
  World::Replica replica(world);
  CHECK(world.said(replica, lamp) == "good");
  world.database.execute("ALTER TABLE registrar.credential RENAME TO elsewhere");
  CHECK(world.said(replica, lamp) == "good");
  CHECK(world.said(replica, other) == "OCSP_NOT_ANSWERED");
  CHECK(world.ask(replica, world.question({world.id(other)})).status == ocsp::ResponseStatus::internal_error);
  CHECK(world.logged.size() == 1);  // both, once
}
