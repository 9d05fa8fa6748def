// OCSP before the openssl program: as a client that asks and judges, and as a responder that answers.
#include <catch2/catch.hpp>

#include <chrono>

#include "libs/base/hex.h"
#include "libs/crypto/revocation/ocsp_build.h"
#include "libs/crypto/revocation/ocsp_request.h"
#include "libs/crypto/revocation/ocsp_verdict.h"
#include "libs/crypto/revocation/openssl_test.h"
#include "libs/crypto/revocation/revocation_world_test.h"

using namespace pratique;
using namespace pratique::crypto;
using namespace pratique::crypto::ocsp;
using namespace std::chrono_literals;
using test::must;
using test::OpensslFolder;
using test::World;

namespace {

struct Bench : World {
  explicit Bench(KeyType type = KeyType::ec_p256) : World(test::whole_seconds_now(), type) {}

  OpensslFolder files = {};
  std::string ca_file = files.write("ca.pem", ca.pem());
  std::string device_file = files.write("device.pem", device.pem());

  /// What openssl asks about the device.
  Bytes ask(const std::string& hash, bool nonce) {
    const auto seen = OpensslFolder::run({"ocsp", hash, "-issuer", ca_file, "-cert", device_file, "-reqout",
                                          files.path("request.der"), nonce ? "-nonce" : "-no_nonce"});
    INFO(seen.said);
    REQUIRE(seen.exit_code == 0);
    return files.read("request.der");
  }
  /// What openssl thinks of this answer about the device.
  OpensslFolder::Outcome judge(ByteView response, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"ocsp", "-issuer", ca_file, "-cert", device_file, "-CAfile", ca_file,
                                          "-no-CApath", "-no-CAstore", "-no_nonce", "-respin",
                                          files.write("response.der", response)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return OpensslFolder::run(std::move(arguments));
  }
  SingleResponse about_device(CertificateState state, CertIdHash hash = CertIdHash::sha1) const {
    SingleResponse out{CertId::of(device, ca, hash), state, {}, now, now + 1h};
    if (state == CertificateState::revoked) out.revocation = {now - 24h, RevocationReason::key_compromise};
    return out;
  }
  Bytes answer(const SingleResponse& single, std::optional<ByteView> nonce = {}) const {
    return must(build_response(responder, {&single, 1}, now, nonce));
  }
};

}  // namespace

TEST_CASE("requests that openssl ocsp makes are read", "[crypto][ocsp][openssl]") {
  if (!OpensslFolder::is_there()) {
    WARN("skipped: there is no openssl program");
    return;
  }
  Bench bench;
  for (const auto hash : {CertIdHash::sha1, CertIdHash::sha256})
    for (const bool nonce : {false, true}) {
      const auto der = bench.ask(hash == CertIdHash::sha1 ? "-sha1" : "-sha256", nonce);
      const auto request = must(parse_request(der));
      CHECK(request.certificates == std::vector{CertId::of(bench.device, bench.ca, hash)});
      CHECK(request.nonce.has_value() == nonce);
      CHECK_FALSE(request.is_signed);
      // Ours is theirs, octet for octet.
      std::optional<ByteView> same;
      if (nonce) same = *request.nonce;
      CHECK(must(encode_request(request.certificates, same)) == der);
      CHECK(must(parse_request(must(parse_get_path(encode_get_path(der))))).certificates == request.certificates);
    }
  CHECK(parse_request(bench.ask("-sha512", false)).error().reason == "OCSP_HASH_UNSUPPORTED");
  // Several, signed.
  const auto key = bench.files.write("device.key", must(bench.device_key.plaintext_pem()).reveal());
  const auto seen = OpensslFolder::run({"ocsp", "-issuer", bench.ca_file, "-cert", bench.device_file, "-serial", "0x0a",
                                        "-signer", bench.device_file, "-signkey", key, "-reqout",
                                        bench.files.path("signed.der")});
  INFO(seen.said);
  REQUIRE(seen.exit_code == 0);
  const auto request = must(parse_request(bench.files.read("signed.der")));
  CHECK(request.is_signed);
  CHECK(request.certificates ==
        std::vector{CertId::of(bench.device, bench.ca), CertId::of_serial("0a", bench.ca)});
}

TEST_CASE("openssl ocsp believes our answers", "[crypto][ocsp][openssl]") {
  if (!OpensslFolder::is_there()) {
    WARN("skipped: there is no openssl program");
    return;
  }
  const auto type = GENERATE(KeyType::ec_p256, KeyType::ec_p384, KeyType::rsa_2048, KeyType::ed25519);
  Bench bench(type);
  for (const auto state : {CertificateState::good, CertificateState::revoked, CertificateState::unknown}) {
    const auto seen = bench.judge(bench.answer(bench.about_device(state)), {"-resp_text"});
    INFO(seen.said);
    CHECK(seen.exit_code == 0);
    CHECK(seen.says("Response verify OK"));
    CHECK(seen.says("device.pem: " + std::string(to_string(state))));
    CHECK(seen.says("Reason: keyCompromise") == (state == CertificateState::revoked));
    CHECK(seen.says("OCSP No Check"));
    CHECK(seen.says("Responder Id: "));
    CHECK_FALSE(seen.says("WARNING"));
  }
  // The CA itself.
  bench.responder = {bench.ca, bench.ca, &bench.ca_key};
  CHECK(bench.judge(bench.answer(bench.about_device(CertificateState::good))).says("Response verify OK"));
}

TEST_CASE("openssl ocsp takes the responder at our word, and reads times of every year", "[crypto][ocsp][openssl]") {
  if (!OpensslFolder::is_there()) {
    WARN("skipped: there is no openssl program");
    return;
  }
  Bench bench;
  const auto single = bench.about_device(CertificateState::good);
  const auto answer = bench.files.write("answer.der", bench.answer(single));
  const auto ask = [&](const std::string& validator) {
    return OpensslFolder::run({"ocsp", "-issuer", bench.ca_file, "-cert", bench.device_file, "-no_nonce", "-respin",
                               answer, "-VAfile", validator});
  };
  CHECK(ask(bench.files.write("r.pem", bench.responder_certificate.pem())).says("Response verify OK"));
  CHECK(ask(bench.files.write("f.pem", bench.false_ca.pem())).says("Response Verify Failure"));

  World late(*parse_rfc3339("2049-12-31T23:30:00Z"));
  const SingleResponse one{CertId::of(late.device, late.ca), CertificateState::good, {}, late.now, late.now + 1h};
  const auto der = must(build_response(late.responder, {&one, 1}, late.now));
  const auto seen = OpensslFolder::run({"ocsp", "-noverify", "-resp_text", "-respin", bench.files.write("l.der", der)});
  INFO(seen.said);
  CHECK(seen.says("Produced At: Dec 31 23:30:00 2049 GMT"));
  CHECK(seen.says("Next Update: Jan  1 00:30:00 2050 GMT"));
}

TEST_CASE("openssl ocsp finds its own question answered, with its nonce", "[crypto][ocsp][openssl]") {
  if (!OpensslFolder::is_there()) {
    WARN("skipped: there is no openssl program");
    return;
  }
  Bench bench;
  const auto hash = GENERATE(CertIdHash::sha1, CertIdHash::sha256);
  const auto request = must(parse_request(bench.ask(hash == CertIdHash::sha1 ? "-sha1" : "-sha256", true)));
  const auto asked = bench.files.path("request.der");
  auto single = bench.about_device(CertificateState::good, hash);
  single.id = request.certificates.front();
  // Without -no_nonce openssl puts another nonce into the request that it reads; with -cert it does not read it.
  const auto judge = [&](ByteView response) {
    return OpensslFolder::run({"ocsp", "-no_nonce", "-reqin", asked, "-respin",
                               bench.files.write("response.der", response), "-CAfile", bench.ca_file, "-resp_text"});
  };
  const auto seen = judge(bench.answer(single, *request.nonce));
  INFO(seen.said);
  CHECK(seen.says("Response verify OK"));
  CHECK(seen.says("Cert Status: good"));
  CHECK_FALSE(seen.says("WARNING"));
  CHECK(judge(bench.answer(single)).says("WARNING: no nonce in response"));
  CHECK(judge(bench.answer(single, Bytes(16, 1))).says("Nonce Verify error"));
}

TEST_CASE("openssl ocsp refuses what we refuse", "[crypto][ocsp][openssl]") {
  if (!OpensslFolder::is_there()) {
    WARN("skipped: there is no openssl program");
    return;
  }
  Bench bench;
  const auto good = bench.about_device(CertificateState::good);
  const Question question = {.id = good.id, .issuer = bench.ca, .now = bench.now};
  SECTION("unsigned answers") {
    for (const auto status : {ResponseStatus::malformed_request, ResponseStatus::internal_error,
                              ResponseStatus::try_later, ResponseStatus::sig_required, ResponseStatus::unauthorized}) {
      const auto seen = bench.judge(encode_error_response(status));
      auto said = seen.said;
      for (auto& c : said) c = static_cast<char>(std::tolower(c));
      auto word = std::string(to_string(status));
      for (auto& c : word) c = static_cast<char>(std::tolower(c));
      INFO(said);
      CHECK(said.contains(word));
    }
  }
  SECTION("stale") {
    auto old = good;
    old.this_update = bench.now - 48h, old.next_update = bench.now - 24h;
    const auto der = bench.answer(old);
    CHECK(bench.judge(der).says("WARNING: Status times invalid"));
    CHECK(verify_response(must(parse_response(der)), question).refused_for("OCSP_STALE"));
  }
  SECTION("another certificate") {
    auto other = good;
    other.id = CertId::of(bench.other_device, bench.ca);
    const auto der = bench.answer(other);
    CHECK(bench.judge(der).says("ERROR: No Status found"));
    CHECK(verify_response(must(parse_response(der)), question).refused_for("OCSP_CERTIFICATE_MISSING"));
  }
  SECTION("a changed answer") {
    auto der = bench.answer(good);
    const auto at = std::ranges::search(der, *hex_decode(bench.device.serial_hex())).begin();
    REQUIRE(at != der.end());
    *at ^= 1;
    CHECK(bench.judge(der).says("Response Verify Failure"));
    CHECK(verify_response(must(parse_response(der)), question).refused_for("OCSP_SIGNATURE_INVALID"));
  }
}

TEST_CASE("answers of openssl ocsp as a responder are judged as they deserve", "[crypto][ocsp][openssl]") {
  if (!OpensslFolder::is_there()) {
    WARN("skipped: there is no openssl program");
    return;
  }
  Bench bench;
  const bool by_key = GENERATE(false, true);
  const auto upper = [](std::string text) {
    for (auto& c : text) c = static_cast<char>(std::toupper(c));
    return text;
  };
  const auto index = bench.files.write(
      "index.txt", "R\t361124063827Z\t261101000000Z,keyCompromise\t" + upper(bench.device.serial_hex()) +
                       "\tunknown\t/CN=device\nV\t361124063827Z\t\t" + upper(bench.other_device.serial_hex()) +
                       "\tunknown\t/CN=other\n");
  const auto answer = [&](const Certificate& certificate, const Certificate& responder, const SoftwareKey& key) {
    const auto id = CertId::of(certificate, bench.ca, CertIdHash::sha256);
    const Bytes nonce(32, 0x5a);
    std::vector<std::string> arguments = {
        "ocsp", "-index", index, "-CA", bench.ca_file, "-ndays", "1",
        "-rsigner", bench.files.write("r.pem", responder.pem()),
        "-rkey", bench.files.write("r.key", must(key.plaintext_pem()).reveal()),
        "-reqin", bench.files.write("q.der", must(encode_request(std::span(&id, 1), nonce))),
        "-respout", bench.files.path("a.der")};
    if (by_key) arguments.push_back("-resp_key_id");
    const auto seen = OpensslFolder::run(std::move(arguments));
    INFO(seen.said);
    REQUIRE(seen.exit_code == 0);
    return verify_response(must(parse_response(bench.files.read("a.der"))),
                           {.id = id, .issuer = bench.ca, .now = test::whole_seconds_now(), .nonce = nonce,
                            .require_nonce = true});
  };
  const auto good = answer(bench.other_device, bench.responder_certificate, bench.responder_key);
  REQUIRE(good.accepted());
  CHECK(good.single->state == CertificateState::good);
  const auto revoked = answer(bench.device, bench.responder_certificate, bench.responder_key);
  REQUIRE(revoked.accepted());
  CHECK(revoked.single->state == CertificateState::revoked);
  CHECK(revoked.single->revocation ==
        Revocation{*parse_rfc3339("2026-11-01T00:00:00Z"), RevocationReason::key_compromise});
  const auto unknown = answer(bench.ca, bench.responder_certificate, bench.responder_key);
  REQUIRE(unknown.accepted());
  CHECK(unknown.single->state == CertificateState::unknown);
  CHECK(answer(bench.other_device, bench.ca, bench.ca_key).accepted());
  // A device that answers for its CA.
  CHECK(answer(bench.other_device, bench.device, bench.device_key).refused_for("OCSP_RESPONDER_NOT_DELEGATED"));
}
