#include <catch2/catch.hpp>

#include <algorithm>

#include "libs/base/hex.h"
#include "libs/codec/tlv/der.h"
#include "libs/crypto/revocation/der_values.h"
#include "libs/crypto/revocation/ocsp_build.h"
#include "libs/crypto/revocation/ocsp_request.h"
#include "libs/crypto/revocation/ocsp_verdict.h"
#include "libs/crypto/revocation/revocation_world_test.h"
#include "libs/crypto/x509/oids.h"

using namespace pratique;
using namespace pratique::crypto;
using namespace pratique::crypto::ocsp;
using namespace std::chrono_literals;
using test::must;
using test::World;

namespace {

SingleResponse good(const World& world, CertIdHash hash = CertIdHash::sha1) {
  return {CertId::of(world.device, world.ca, hash), CertificateState::good, {}, world.now, world.now + 1h};
}
Question question_of(const World& world) {
  return {.id = CertId::of(world.device, world.ca), .issuer = world.ca, .now = world.now};
}
Response make(const World& world, const SingleResponse& single, std::optional<ByteView> nonce = {}) {
  return must(parse_response(must(build_response(world.responder, {&single, 1}, world.now, nonce))));
}
std::string first(const ResponseVerdict& verdict) {
  CHECK(verdict.single.has_value() == verdict.accepted());
  return verdict.accepted() ? "" : verdict.first().code;
}

/// A responder of its own making, which build_response would not let answer.
struct Impostor {
  Certificate certificate;
  SoftwareKey key;

  Impostor(World& world, CertificateProfile profile, const Certificate& issuer, const SoftwareKey& issuer_key)
      : certificate(world.ca), key(must(SoftwareKey::generate(KeyType::ec_p256))) {
    certificate = must(issue_certificate(profile, key.public_key(), issuer, issuer_key, world.random));
  }
  /// An answer that says what `response` says, signed by the impostor.
  Response answer(const Response& response) const {
    auto out = response;
    auto& basic = *out.basic;
    basic.responder = {.key_hash = certificate.public_key().key_id_sha1()};
    basic.signature = must(key.sign(basic.signed_part));
    basic.certificates = {certificate};
    return out;
  }
};

}  // namespace

TEST_CASE("an answer says what it was made of", "[crypto][ocsp]") {
  World world;
  const auto hash = GENERATE(CertIdHash::sha1, CertIdHash::sha256);
  const std::vector<SingleResponse> singles = {
      good(world, hash),
      {CertId::of_serial("0a", world.ca, hash), CertificateState::revoked,
       {world.now - 48h, RevocationReason::key_compromise}, world.now, world.now + 1h},
      {CertId::of_serial("0b", world.ca, hash), CertificateState::revoked, {world.now - 24h, {}}, world.now, {}},
      {CertId::of_serial("00", world.ca, hash), CertificateState::unknown, {}, world.now, world.now + 2h}};
  const Bytes nonce(32, 0x5a);
  const auto response = must(parse_response(must(build_response(world.responder, singles, world.now, nonce))));
  CHECK(response.status == ResponseStatus::successful);
  REQUIRE(response.basic.has_value());
  CHECK(response.basic->singles == singles);
  CHECK(response.basic->nonce == nonce);
  CHECK(response.basic->produced_at == world.now);
  CHECK(response.basic->responder.key_hash == world.responder_key.public_key().key_id_sha1());
  CHECK(response.basic->certificates == std::vector{world.responder_certificate});
  for (const auto& single : singles) {
    auto question = question_of(world);
    question.id = single.id;
    const auto verdict = verify_response(response, question);
    CHECK(first(verdict).empty());
    CHECK(verdict.single == single);
    CHECK(verdict.notes().empty());
  }
}

TEST_CASE("every type of key signs answers, wherever it is", "[crypto][ocsp]") {
  const auto type = GENERATE(KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521, KeyType::rsa_2048, KeyType::ed25519);
  World world(*parse_rfc3339("2026-06-01T12:00:00Z"), type);
  test::RemoteSigner remote(world.responder_key);
  world.responder.key = &remote;
  CHECK(first(verify_response(make(world, good(world)), question_of(world))).empty());
  remote.broken = true;
  const auto single = good(world);
  CHECK(build_response(world.responder, {&single, 1}, world.now).error().reason == "SIGNER_UNAVAILABLE");
}

TEST_CASE("the CA may answer itself", "[crypto][ocsp]") {
  World world;
  world.responder = {world.ca, world.ca, &world.ca_key};
  REQUIRE(check_responder(world.responder, world.now).has_value());
  const auto response = make(world, good(world));
  CHECK(response.basic->certificates.empty());
  const auto verdict = verify_response(response, question_of(world));
  CHECK(first(verdict).empty());
  CHECK(verdict.notes().empty());
}

TEST_CASE("times of OCSP have four digits in every year", "[crypto][ocsp]") {
  World world(*parse_rfc3339("2049-12-31T23:30:00Z"));
  const auto der = must(build_response(world.responder, std::vector{good(world)}, world.now));
  CHECK(as_text(der).contains("\x18\x0f" "20491231233000Z"));
  CHECK(as_text(der).contains("\x18\x0f" "20500101003000Z"));
  // A UTCTime is refused where a GeneralizedTime has to be.
  auto odd = der;
  const auto at = std::ranges::search(odd, as_bytes("\x18\x0f" "20500101003000Z")).begin();
  const auto utc = must(encode_time(*parse_rfc3339("2040-01-01T00:30:00Z")));
  std::ranges::copy(utc, at);
  CHECK(parse_response(odd).error().reason == "OCSP_RESPONSE_INVALID");
}

TEST_CASE("an answer is believed in its time alone", "[crypto][ocsp]") {
  World world;
  const auto response = make(world, good(world));
  auto question = question_of(world);
  const auto at = [&](Timestamp now) {
    question.now = now;
    return first(verify_response(response, question));
  };
  CHECK(at(world.now - kRevocationLeeway).empty());
  CHECK(at(world.now - kRevocationLeeway - 1s) == "OCSP_NOT_YET_VALID");
  CHECK(at(world.now + 1h + kRevocationLeeway).empty());
  CHECK(at(world.now + 1h + kRevocationLeeway + 1s) == "OCSP_STALE");

  auto single = good(world);
  single.next_update.reset();
  const auto open = make(world, single);
  question.max_age = 10min;
  question.now = world.now + 10min + kRevocationLeeway;
  CHECK(first(verify_response(open, question)).empty());
  question.now += 1s;
  CHECK(first(verify_response(open, question)) == "OCSP_STALE");

  // Made in the future, of facts of today.
  question.now = world.now;
  const auto early = must(parse_response(must(build_response(world.responder, {&single, 1}, world.now + 1h))));
  CHECK(first(verify_response(early, question)) == "OCSP_NOT_YET_VALID");
}

TEST_CASE("an answer to another question is not taken", "[crypto][ocsp]") {
  World world;
  auto question = question_of(world);
  SECTION("another certificate") {
    question.id = CertId::of(world.other_device, world.ca);
    CHECK(first(verify_response(make(world, good(world)), question)) == "OCSP_CERTIFICATE_MISSING");
  }
  SECTION("the certificate under another hash") {
    const auto response = make(world, good(world, CertIdHash::sha256));
    CHECK(first(verify_response(response, question)) == "OCSP_CERTIFICATE_MISSING");
  }
  SECTION("nobody answered") {
    for (const auto status : {ResponseStatus::malformed_request, ResponseStatus::internal_error,
                              ResponseStatus::try_later, ResponseStatus::sig_required, ResponseStatus::unauthorized}) {
      const auto response = must(parse_response(encode_error_response(status)));
      CHECK(response.status == status);
      const auto verdict = verify_response(response, question);
      CHECK(first(verdict) == "OCSP_NOT_ANSWERED");
      CHECK(verdict.first().evidence == Evidence{{"status", std::string(to_string(status))}});
    }
    CHECK(must(parse_response(encode_error_response(ResponseStatus::successful))).status ==
          ResponseStatus::internal_error);
  }
  SECTION("the nonce of another") {
    question.nonce = Bytes(32, 1);
    CHECK(first(verify_response(make(world, good(world), Bytes(32, 1)), question)).empty());
    CHECK(first(verify_response(make(world, good(world), Bytes(32, 2)), question)) == "OCSP_NONCE_MISMATCH");
    const auto ahead = make(world, good(world));
    const auto verdict = verify_response(ahead, question);
    CHECK(first(verdict).empty());
    CHECK(verdict.notes().front().code == "OCSP_NONCE_NOT_ECHOED");
    question.require_nonce = true;
    CHECK(first(verify_response(ahead, question)) == "OCSP_NONCE_MISSING");
  }
  SECTION("a question that is none") {
    question.issuer = world.false_ca;
    const auto verdict = verify_response(make(world, good(world)), question);
    CHECK(first(verdict) == "OCSP_ISSUER_MISMATCH");
    CHECK(verdict.refused_for("OCSP_RESPONDER_NOT_DELEGATED"));
  }
}

TEST_CASE("only whom the issuer appointed answers for it", "[crypto][ocsp]") {
  World world;
  const auto response = make(world, good(world));
  const auto question = question_of(world);
  const auto profile = CertificateProfile::ocsp_responder({.common_name = "Example OCSP"}, world.from, world.until);
  const auto ask = [&](const Impostor& impostor) {
    return first(verify_response(impostor.answer(response), question));
  };
  // The machinery of the test: the very same is accepted of a second responder of the CA.
  CHECK(ask(Impostor(world, profile, world.ca, world.ca_key)).empty());

  SECTION("appointed by a CA of the same name") {
    CHECK(ask(Impostor(world, profile, world.false_ca, world.false_key)) == "OCSP_RESPONDER_NOT_DELEGATED");
  }
  SECTION("appointed by a sub-CA") {
    const auto key = must(SoftwareKey::generate(KeyType::ec_p256));
    const auto sub = must(issue_certificate(
        CertificateProfile::sub_ca({.common_name = "Sub"}, world.from, world.until), key.public_key(), world.ca,
        world.ca_key, world.random));
    CHECK(ask(Impostor(world, profile, sub, key)) == "OCSP_RESPONDER_NOT_DELEGATED");
  }
  SECTION("a certificate of the CA that is not for it") {
    auto other = profile;
    other.ekus = {std::string(oid::kServerAuth), std::string(oid::kAnyExtendedKeyUsage)};
    CHECK(ask(Impostor(world, other, world.ca, world.ca_key)) == "OCSP_RESPONDER_NOT_DELEGATED");
    other.ekus.clear();
    CHECK(ask(Impostor(world, other, world.ca, world.ca_key)) == "OCSP_RESPONDER_NOT_DELEGATED");
    other = profile;
    other.key_usage = key_usage::kKeyAgreement;
    CHECK(ask(Impostor(world, other, world.ca, world.ca_key)) == "OCSP_RESPONDER_NOT_DELEGATED");
  }
  SECTION("no longer, not yet") {
    auto other = profile;
    other.not_after = world.now - 1s;
    CHECK(ask(Impostor(world, other, world.ca, world.ca_key)) == "OCSP_RESPONDER_EXPIRED");
    other = profile;
    other.not_before = world.now + 1s;
    CHECK(ask(Impostor(world, other, world.ca, world.ca_key)) == "OCSP_RESPONDER_EXPIRED");
  }
  SECTION("a certificate that may itself be revoked is noted") {
    auto other = profile;
    other.extra.clear();
    const auto verdict = verify_response(Impostor(world, other, world.ca, world.ca_key).answer(response), question);
    CHECK(verdict.accepted());
    CHECK(verdict.notes().front().code == "OCSP_RESPONDER_REVOCABLE");
  }
  SECTION("the certificate of the one, the signature of another") {
    auto odd = response;
    odd.basic->signature = must(world.false_key.sign(odd.basic->signed_part));
    CHECK(first(verify_response(odd, question)) == "OCSP_SIGNATURE_INVALID");
  }
  SECTION("a changed answer") {
    auto odd = response;
    odd.basic->signed_part.back() ^= 1;
    CHECK(first(verify_response(odd, question)) == "OCSP_SIGNATURE_INVALID");
  }
  SECTION("an algorithm that is not taken") {
    auto odd = response;
    odd.basic->signature_algorithm = must(der::oid("1.2.840.10045.4.1"));  // ECDSA with SHA-1
    CHECK(first(verify_response(odd, question)) == "OCSP_SIGNATURE_REFUSED");
  }
  SECTION("no certificate of the responder") {
    auto odd = response;
    odd.basic->certificates = {world.device};
    CHECK(first(verify_response(odd, question)) == "OCSP_RESPONDER_UNKNOWN");
    odd.basic->certificates.clear();
    CHECK(first(verify_response(odd, question)) == "OCSP_RESPONDER_UNKNOWN");
  }
  SECTION("the responder by its name, among others of that name") {
    auto named = response;
    named.basic->responder = {.name_der = world.responder_certificate.subject_der()};
    const Impostor other(world, profile, world.false_ca, world.false_key);
    named.basic->certificates = {other.certificate, world.device, world.responder_certificate};
    CHECK(first(verify_response(named, question)).empty());
    named.basic->certificates.pop_back();
    CHECK(first(verify_response(named, question)) == "OCSP_SIGNATURE_INVALID");
  }
}

TEST_CASE("an answer that nobody would believe is not given", "[crypto][ocsp]") {
  World world;
  const std::vector singles = {good(world)};
  const auto reason = [&](const Responder& responder, std::span<const SingleResponse> about,
                          std::optional<ByteView> nonce = {}) {
    const auto made = build_response(responder, about, world.now, nonce);
    return made ? "" : made.error().reason;
  };
  CHECK(check_responder(world.responder, world.now).has_value());
  CHECK(reason(world.responder, singles).empty());
  SECTION("another's key") {
    const Responder odd = {world.ca, world.responder_certificate, &world.false_key};
    CHECK(check_responder(odd, world.now).error().reason == "OCSP_SIGNER_MISMATCH");
    CHECK(reason(odd, singles) == "OCSP_SIGNER_MISMATCH");
    CHECK(reason({world.ca, world.responder_certificate, nullptr}, singles) == "OCSP_SIGNER_MISMATCH");
  }
  SECTION("not appointed") {
    const Responder odd = {world.ca, world.device, &world.device_key};
    CHECK(check_responder(odd, world.now).error().reason == "OCSP_RESPONDER_NOT_DELEGATED");
    CHECK(reason(odd, singles) == "OCSP_RESPONDER_NOT_DELEGATED");
    // By a CA of the same name: the names do not tell, the signature does.
    const Impostor other(world, CertificateProfile::ocsp_responder({.common_name = "x"}, world.from, world.until),
                         world.false_ca, world.false_key);
    CHECK(check_responder({world.ca, other.certificate, &other.key}, world.now).error().reason ==
          "OCSP_RESPONDER_NOT_DELEGATED");
  }
  SECTION("no longer appointed") {
    CHECK(check_responder(world.responder, world.until + 1s).error().reason == "OCSP_RESPONDER_EXPIRED");
    CHECK(build_response(world.responder, singles, world.until + 1s).error().reason == "OCSP_RESPONDER_EXPIRED");
  }
  SECTION("about nothing, about too many") {
    CHECK(reason(world.responder, {}) == "OCSP_ANSWER_INVALID");
    CHECK(reason(world.responder, std::vector(kMaxSingleResponses + 1, singles[0])) == "OCSP_ANSWER_INVALID");
  }
  SECTION("about another issuer's certificate") {
    auto odd = singles;
    odd[0].id = CertId::of_serial("0a", world.false_ca);
    CHECK(reason(world.responder, odd) == "OCSP_ISSUER_UNKNOWN");
    CHECK(error_response_for(build_response(world.responder, odd, world.now).error()) == ResponseStatus::unauthorized);
  }
  SECTION("times backwards, times out of range") {
    auto odd = singles;
    odd[0].next_update = odd[0].this_update - 1s;
    CHECK(reason(world.responder, odd) == "OCSP_ANSWER_INVALID");
    odd[0].next_update = kNoExpiry + 1s;
    CHECK(reason(world.responder, odd) == "OCSP_ANSWER_INVALID");
  }
  SECTION("removeFromCRL") {
    auto odd = singles;
    odd[0].state = CertificateState::revoked;
    odd[0].revocation = {world.now, RevocationReason::remove_from_crl};
    CHECK(reason(world.responder, odd) == "OCSP_ANSWER_INVALID");
  }
  SECTION("nonces") {
    CHECK(reason(world.responder, singles, Bytes(32)).empty());
    CHECK(reason(world.responder, singles, Bytes(33)) == "OCSP_NONCE_INVALID");
    CHECK(reason(world.responder, singles, Bytes()) == "OCSP_NONCE_INVALID");
  }
  SECTION("a serial number that is none") {
    auto odd = singles;
    odd[0].id.serial_hex = "x";
    CHECK(reason(world.responder, odd) == "OCSP_ID_INVALID");
  }
}

TEST_CASE("what is no answer is not read", "[crypto][ocsp]") {
  World world;
  const auto der = must(build_response(world.responder, std::vector{good(world)}, world.now, Bytes(16)));
  const auto reason = [](ByteView bytes) {
    const auto read = parse_response(bytes);
    return read ? "" : read.error().reason;
  };
  for (std::size_t size = 0; size < der.size(); ++size)
    CHECK(reason(ByteView(der).first(size)) == "OCSP_RESPONSE_INVALID");
  auto longer = der;
  longer.push_back(0);
  CHECK(reason(longer) == "OCSP_RESPONSE_INVALID");
  CHECK(reason(Bytes(kMaxResponseSize + 1, 0x30)) == "OCSP_RESPONSE_TOO_LARGE");
  for (const int status : {4, 7, 0, 255})  // 0 without an answer
    CHECK(reason(Bytes{0x30, 0x03, 0x0a, 0x01, static_cast<std::uint8_t>(status)}) == "OCSP_RESPONSE_INVALID");
  CHECK(reason(*hex_decode("30050a01060500")) == "OCSP_RESPONSE_INVALID");  // an error with something behind it
  // Every octet of the answer flipped, one at a time: never believed as it was.
  const auto question = question_of(world);
  const auto honest = must(parse_response(der));
  for (std::size_t at = 0; at < der.size(); ++at) {
    auto odd = der;
    odd[at] ^= 0x01;
    const auto read = parse_response(odd);
    if (!read) continue;
    const auto verdict = verify_response(*read, question);
    if (verdict.accepted()) CHECK(*verdict.single == honest.basic->singles.front());
  }
}

TEST_CASE("which unsigned answer says what was wrong", "[crypto][ocsp]") {
  CHECK(error_response_for(parse_request({}).error()) == ResponseStatus::malformed_request);
  CHECK(error_response_for(invalid("OCSP_HASH_UNSUPPORTED", "")) == ResponseStatus::unauthorized);
  CHECK(error_response_for(not_found("CREDENTIAL_UNKNOWN", "")) == ResponseStatus::unauthorized);
  CHECK(error_response_for(unavailable("DATABASE_AWAY", "")) == ResponseStatus::try_later);
  CHECK(error_response_for(invalid("OCSP_ANSWER_INVALID", "")) == ResponseStatus::internal_error);
  CHECK(error_response_for(internal("CRYPTO_FAILED", "")) == ResponseStatus::internal_error);
  CHECK(error_response_for(failed_precondition("OCSP_RESPONDER_EXPIRED", "")) == ResponseStatus::internal_error);
  CHECK(encode_error_response(ResponseStatus::unauthorized) == *hex_decode("30030a0106"));  // RFC 5019's five octets
}
