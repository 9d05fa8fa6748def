// CRLs before the openssl program, and CRLs that it made.
#include <catch2/catch.hpp>

#include <chrono>

#include "libs/base/hex.h"
#include "libs/crypto/revocation/crl_build.h"
#include "libs/crypto/revocation/crl_verdict.h"
#include "libs/crypto/revocation/openssl_test.h"
#include "libs/crypto/revocation/revocation_world_test.h"

using namespace pratique;
using namespace pratique::crypto;
using namespace std::chrono_literals;
using test::must;
using test::OpensslFolder;
using test::World;

namespace {

std::string epoch(Timestamp time) {
  return std::to_string(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
}

}  // namespace

TEST_CASE("openssl crl reads our lists", "[crypto][crl][openssl]") {
  if (!OpensslFolder::is_there()) {
    WARN("skipped: there is no openssl program");
    return;
  }
  const auto type = GENERATE(KeyType::ec_p256, KeyType::ec_p384, KeyType::rsa_2048, KeyType::ed25519);
  World world(test::whole_seconds_now(), type);
  OpensslFolder files;
  const std::vector<CrlEntry> entries = {{world.device.serial_hex(), {world.now - 1h, RevocationReason::superseded}},
                                         {"ff", {world.now - 2h, {}}}};
  const auto der = must(build_crl({.number = 4711, .this_update = world.now, .next_update = world.now + 24h,
                                   .distribution_point = "http://pki.example.com/ca.crl",
                                   .only_user_certificates = true},
                                  entries, world.ca, world.ca_key));
  const auto list = files.write("list.der", der);
  const auto ca = files.write("ca.pem", world.ca.pem());
  const auto seen = OpensslFolder::run({"crl", "-inform", "DER", "-in", list, "-CAfile", ca, "-noout", "-text"});
  INFO(seen.said);
  CHECK(seen.exit_code == 0);
  for (const auto* part :
       {"verify OK", "Version 2", "X509v3 CRL Number: \n                4711", "Issuing Distribution Point: critical",
        "URI:http://pki.example.com/ca.crl", "Only User Certificates", "X509v3 Authority Key Identifier", "Superseded",
        "Serial Number: FF\n"})
    CHECK(seen.says(part));
  CHECK_FALSE(seen.says("Unspecified"));

  const auto stranger = files.write("false.pem", world.false_ca.pem());
  const auto refused = OpensslFolder::run({"crl", "-inform", "DER", "-in", list, "-CAfile", stranger, "-noout"});
  CHECK_FALSE(refused.says("verify OK"));

  // Its PEM and its DER are the same to it.
  const auto text = files.write("list.pem", must(Crl::parse_der(der)).pem());
  CHECK(OpensslFolder::run({"crl", "-in", text, "-outform", "DER", "-out", files.path("again.der")}).exit_code == 0);
  CHECK(files.read("again.der") == der);
}

TEST_CASE("openssl verify refuses whom our list revokes, and nobody else", "[crypto][crl][openssl]") {
  if (!OpensslFolder::is_there()) {
    WARN("skipped: there is no openssl program");
    return;
  }
  // Today, and around the change from two to four digits of the year.
  const auto now = GENERATE(test::whole_seconds_now(), *parse_rfc3339("2049-12-31T18:00:00Z"),
                            *parse_rfc3339("2050-01-01T00:00:00Z"), *parse_rfc3339("2055-03-01T00:00:00Z"));
  World world(now);
  OpensslFolder files;
  const auto ca = files.write("ca.pem", world.ca.pem());
  const auto device = files.write("device.pem", world.device.pem());
  const auto other = files.write("other.pem", world.other_device.pem());
  const auto list_of = [&](const std::string& name, Timestamp from, Timestamp until, const Certificate& issuer,
                           const SoftwareKey& key) {
    const std::vector<CrlEntry> entries = {{world.device.serial_hex(), {from, RevocationReason::key_compromise}}};
    const CrlProfile profile{.number = 1, .this_update = from, .next_update = until};
    return files.write(name, must(Crl::parse_der(must(build_crl(profile, entries, issuer, key)))).pem());
  };
  const auto good = list_of("good.pem", world.now - 1h, world.now + 24h, world.ca, world.ca_key);
  const auto verify = [&](const std::string& list, const std::string& certificate) {
    return OpensslFolder::run({"verify", "-crl_check", "-attime", epoch(world.now), "-CAfile", ca, "-CRLfile", list,
                               certificate});
  };
  const auto seen = verify(good, other);
  INFO(seen.said);
  CHECK(seen.exit_code == 0);
  CHECK(verify(good, device).says("certificate revoked"));
  const auto old = list_of("old.pem", world.now - 48h, world.now - 24h, world.ca, world.ca_key);
  CHECK(verify(old, other).says("CRL has expired"));
  const auto early = list_of("early.pem", world.now + 1h, world.now + 24h, world.ca, world.ca_key);
  CHECK(verify(early, other).says("CRL is not yet valid"));
  const auto forged = list_of("forged.pem", world.now - 1h, world.now + 24h, world.false_ca, world.false_key);
  CHECK(verify(forged, other).exit_code != 0);
}

TEST_CASE("openssl crl reads fifty thousand revocations", "[crypto][crl][openssl]") {
  if (!OpensslFolder::is_there()) {
    WARN("skipped: there is no openssl program");
    return;
  }
  World world(test::whole_seconds_now());
  OpensslFolder files;
  std::vector<CrlEntry> entries;
  for (int i = 0; i < 50'000; ++i)
    entries.push_back({hex_encode(make_serial(world.random)), {world.now, RevocationReason::superseded}});
  const auto list = files.write("list.der", must(build_crl({.this_update = world.now, .next_update = world.now + 24h},
                                                           entries, world.ca, world.ca_key)));
  const auto ca = files.write("ca.pem", world.ca.pem());
  CHECK(OpensslFolder::run({"crl", "-inform", "DER", "-in", list, "-CAfile", ca, "-noout"}).says("verify OK"));
}

TEST_CASE("lists that openssl ca makes are read", "[crypto][crl][openssl]") {
  if (!OpensslFolder::is_there()) {
    WARN("skipped: there is no openssl program");
    return;
  }
  World world(test::whole_seconds_now());
  OpensslFolder files;
  const auto ca = files.write("ca.pem", world.ca.pem());
  const auto key = files.write("ca.key", must(world.ca_key.plaintext_pem()).reveal());
  std::string upper = world.device.serial_hex();
  for (auto& c : upper) c = static_cast<char>(std::toupper(c));
  files.write("index.txt", "R\t361124063827Z\t261101000000Z,keyCompromise\t" + upper + "\tunknown\t/CN=device\n" +
                               "R\t361124063827Z\t251101000000Z\t0A\tunknown\t/CN=x\n" +
                               "V\t361124063827Z\t\t0B\tunknown\t/CN=y\n");
  files.write("number", std::string_view("1000\n"));
  const auto config = files.write(
      "ca.cnf", "[ca]\ndefault_ca=a\n[a]\ndatabase=" + files.path("index.txt") + "\ncrlnumber=" + files.path("number") +
                    "\ndefault_md=sha256\ndefault_crl_days=1\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n");
  const auto made = OpensslFolder::run({"ca", "-gencrl", "-config", config, "-cert", ca, "-keyfile", key, "-out",
                                        files.path("list.pem")});
  INFO(made.said);
  REQUIRE(made.exit_code == 0);
  REQUIRE(OpensslFolder::run({"crl", "-in", files.path("list.pem"), "-outform", "DER", "-out", files.path("list.der")})
              .exit_code == 0);
  const auto crl = must(Crl::parse_der(files.read("list.der")));
  CHECK(verify_crl(crl, world.ca, world.now).accepted());
  CHECK(crl.number_hex() == "1000");
  CHECK(crl.authority_key_id() == world.ca.subject_key_id());
  CHECK(crl.size() == 2);
  CHECK(crl.find("0a")->reason == RevocationReason::unspecified);
  CHECK_FALSE(crl.find("0b").has_value());
  CHECK(judge_by_crl(world.device, crl, world.ca, world.now).first().code == "CERTIFICATE_REVOKED");
  CHECK(crl.find(world.device.serial_hex()) ==
        Revocation{*parse_rfc3339("2026-11-01T00:00:00Z"), RevocationReason::key_compromise});
  CHECK(judge_by_crl(world.other_device, crl, world.ca, world.now).accepted());
}
