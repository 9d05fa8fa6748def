#include <catch2/catch.hpp>

#include <algorithm>

#include "libs/base/hex.h"
#include "libs/codec/tlv/der.h"
#include "libs/crypto/revocation/crl_build.h"
#include "libs/crypto/revocation/crl_verdict.h"
#include "libs/crypto/revocation/der_values.h"
#include "libs/crypto/revocation/revocation_world_test.h"
#include "libs/crypto/revocation/signed_form.h"
#include "libs/crypto/x509/oids.h"

using namespace pratique;
using namespace pratique::crypto;
using namespace std::chrono_literals;
using test::must;
using test::World;

namespace {

CrlProfile profile_of(const World& world) {
  return {.number = 7, .this_update = world.now, .next_update = world.now + 24h};
}

CrlEntry revoked(const Certificate& certificate, Timestamp at, RevocationReason reason = {}) {
  return {certificate.serial_hex(), {at, reason}};
}

Crl make(const World& world, const CrlProfile& profile, const std::vector<CrlEntry>& entries) {
  return must(Crl::parse_der(must(build_crl(profile, entries, world.ca, world.ca_key))));
}

/// A list with these parts, signed by the CA: for what build_crl does not write.
Bytes hand_made(const World& world, const std::vector<Bytes>& behind_next_update, int version = 1,
                Bytes algorithm = *hex_decode("300a06082a8648ce3d040302")) {
  std::vector<Bytes> parts;
  if (version >= 0) parts.push_back(der::integer(version));
  parts.insert(parts.end(), {std::move(algorithm), world.ca.subject_der(), must(encode_time(world.now)),
                             must(encode_time(world.now + 24h))});
  parts.insert(parts.end(), behind_next_update.begin(), behind_next_update.end());
  return must(encode_signed_form(der::element_of(der::kSequence, parts), world.ca_key));
}

Bytes extensions(std::vector<Extension> list) { return der::element(der::context(0), must(encode_extensions(list))); }

}  // namespace

TEST_CASE("a CRL says what it was made of", "[crypto][crl]") {
  World world;
  const auto at = world.now - 48h;
  const std::vector<CrlEntry> entries = {{"7f", {at, RevocationReason::key_compromise}},
                                         {"ff01", {at + 1s, RevocationReason::unspecified}},
                                         {"0a", {at + 2s, RevocationReason::certificate_hold}}};
  const auto crl = make(world, profile_of(world), entries);
  CHECK(equal(crl.issuer_der(), world.ca.subject_der()));
  CHECK(crl.this_update() == world.now);
  CHECK(crl.next_update() == world.now + 24h);
  CHECK(crl.number_hex() == "07");
  CHECK(crl.authority_key_id() == world.ca.subject_key_id());
  CHECK(crl.scope() == CrlScope{});
  CHECK(crl.unknown_critical_extensions().empty());
  CHECK(crl.entries() == std::vector{entries[2], entries[0], entries[1]});
  CHECK(crl.size() == 3);
  for (const auto& entry : entries) CHECK(crl.find(entry.serial_hex) == entry.revocation);
  CHECK(crl.find("00FF01") == entries[1].revocation);
  CHECK_FALSE(crl.find("0b").has_value());
  CHECK_FALSE(crl.find("").has_value());
  CHECK_FALSE(crl.find("no hex").has_value());
  CHECK(verify_crl(crl, world.ca, world.now).accepted());
  CHECK(crl.pem().starts_with("-----BEGIN X509 CRL-----\nM"));
  CHECK(Crl::parse_pem("Issuer: somebody\n" + crl.pem())->der() == crl.der());
  for (const std::string& text : {std::string(), std::string("-----BEGIN X509 CRL-----\n-----END X509 CRL-----\n"),
                                  crl.pem().substr(0, crl.pem().size() - 26), world.ca.pem()})
    CHECK(Crl::parse_pem(text).error().reason == "CRL_INVALID");

  // The same facts in another order give the same signed part.
  const auto again = make(world, profile_of(world), {entries[1], entries[0], entries[2]});
  CHECK(equal(again.signed_part(), crl.signed_part()));
}

TEST_CASE("a CRL without entries is one", "[crypto][crl]") {
  World world;
  const auto crl = make(world, profile_of(world), {});
  CHECK(crl.size() == 0);
  CHECK(crl.entries().empty());
  CHECK_FALSE(crl.find("01").has_value());
  CHECK(verify_crl(crl, world.ca, world.now).accepted());
}

TEST_CASE("every type of key signs CRLs, wherever it is", "[crypto][crl]") {
  const auto type = GENERATE(KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521, KeyType::rsa_2048, KeyType::ed25519);
  World world(*parse_rfc3339("2026-06-01T12:00:00Z"), type);
  test::RemoteSigner remote(world.ca_key);
  const std::vector entries = {revoked(world.device, world.now)};
  const auto made = build_crl(profile_of(world), entries, world.ca, remote);
  REQUIRE(made.has_value());
  CHECK(verify_crl(must(Crl::parse_der(*made)), world.ca, world.now).accepted());

  remote.broken = true;
  CHECK(build_crl(profile_of(world), entries, world.ca, remote).error().reason == "SIGNER_UNAVAILABLE");
}

TEST_CASE("a year before 2050 has two digits in a CRL, later ones four", "[crypto][crl]") {
  World world(*parse_rfc3339("2049-12-31T12:00:00Z"));
  const auto crl = make(world, profile_of(world),
                        {{"01", {*parse_rfc3339("2049-12-31T23:59:59.9Z"), {}}},
                         {"02", {*parse_rfc3339("2050-01-01T00:00:00Z"), {}}},
                         {"03", {*parse_rfc3339("1950-01-01T00:00:00Z"), {}}}});
  const auto text = as_text(crl.der());
  CHECK(text.contains("\x17\x0d" "491231120000Z"));
  CHECK(text.contains("\x18\x0f" "20500101120000Z"));
  CHECK(text.contains("\x17\x0d" "491231235959Z"));
  CHECK(text.contains("\x18\x0f" "20500101000000Z"));
  CHECK(text.contains("\x17\x0d" "500101000000Z"));
  CHECK(crl.next_update() == *parse_rfc3339("2050-01-01T12:00:00Z"));
  CHECK(format_rfc3339(crl.find("01")->at) == "2049-12-31T23:59:59Z");
  CHECK(format_rfc3339(crl.find("02")->at) == "2050-01-01T00:00:00Z");
  CHECK(format_rfc3339(crl.find("03")->at) == "1950-01-01T00:00:00Z");
}

TEST_CASE("a CRL that cannot be made is refused by field", "[crypto][crl]") {
  World world;
  auto profile = profile_of(world);
  std::vector<CrlEntry> entries = {{"0a1b", {world.now, {}}}};
  std::string field;
  SECTION("times backwards") { profile.next_update = profile.this_update + 999ms, field = "next_update"; }
  SECTION("year 10000") { profile.next_update = kNoExpiry + 1s, field = "after 9999"; }
  SECTION("revoked before 1950") { entries[0].revocation.at = *parse_rfc3339("1949-12-31T23:59:59Z"), field = "0a1b"; }
  SECTION("URL with a line end") { profile.distribution_point = "http://a\n", field = "distribution_point"; }
  SECTION("removeFromCRL") {
    entries[0].revocation.reason = RevocationReason::remove_from_crl, field = "removeFromCRL";
  }
  SECTION("no hex") { entries[0].serial_hex = "xyz", field = "xyz"; }
  SECTION("empty") { entries[0].serial_hex = "", field = "1 to 20"; }
  SECTION("zero") { entries[0].serial_hex = "0000", field = "positive"; }
  SECTION("21 octets") { entries[0].serial_hex = std::string(42, '7'), field = "1 to 20"; }
  SECTION("twice, written otherwise") { entries.push_back({"000A1B", {world.now, {}}}), field = "twice"; }
  const auto made = build_crl(profile, entries, world.ca, world.ca_key);
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().reason == "CRL_PROFILE_INVALID");
  CHECK(made.error().message.contains(field));
}

TEST_CASE("only the key of a CA that may sign CRLs makes one", "[crypto][crl]") {
  World world;
  CHECK(build_crl(profile_of(world), {}, world.ca, world.false_key).error().reason == "CRL_SIGNER_MISMATCH");
  CHECK(build_crl(profile_of(world), {}, world.device, world.device_key).error().reason == "CRL_ISSUER_MAY_NOT_SIGN");
  auto profile = CertificateProfile::root_ca({.common_name = "Example CA"}, world.from, world.until);
  profile.key_usage = key_usage::kKeyCertSign;
  const auto mute = must(issue_self_signed(profile, world.ca_key, world.random));
  CHECK(build_crl(profile_of(world), {}, mute, world.ca_key).error().reason == "CRL_ISSUER_MAY_NOT_SIGN");
  // A list that was made with the right to is not taken from an issuer without it.
  const auto verdict = verify_crl(make(world, profile_of(world), {}), mute, world.now);
  CHECK(verdict.refused_for("CRL_ISSUER_MAY_NOT_SIGN"));
}

TEST_CASE("a CRL is believed of its issuer alone, in its time", "[crypto][crl]") {
  World world;
  const auto crl = make(world, profile_of(world), {revoked(world.device, world.now)});
  CHECK(verify_crl(crl, world.ca, world.now - kRevocationLeeway).accepted());
  CHECK(verify_crl(crl, world.ca, world.now + 24h + kRevocationLeeway).accepted());
  const auto first = [&](const Verdict& verdict) { return verdict.accepted() ? "" : verdict.first().code; };
  CHECK(first(verify_crl(crl, world.ca, world.now - kRevocationLeeway - 1s)) == "CRL_NOT_YET_VALID");
  CHECK(first(verify_crl(crl, world.ca, world.now + 24h + kRevocationLeeway + 1s)) == "CRL_STALE");
  CHECK(first(verify_crl(crl, world.ca, world.now + 24h + 1s, 0s)) == "CRL_STALE");
  CHECK(first(verify_crl(crl, world.responder_certificate, world.now)) == "CRL_ISSUER_MISMATCH");
  CHECK(first(verify_crl(crl, world.false_ca, world.now)) == "CRL_ISSUER_MISMATCH");  // by its key identifier

  SECTION("without a key identifier, the signature tells") {
    const auto plain = must(Crl::parse_der(hand_made(world, {})));
    CHECK(verify_crl(plain, world.ca, world.now).accepted());
    CHECK(first(verify_crl(plain, world.false_ca, world.now)) == "CRL_SIGNATURE_INVALID");
  }
  SECTION("an entry taken away") {
    auto der = crl.der();
    const auto serial = *hex_decode(world.device.serial_hex());
    const auto at = std::ranges::search(der, serial).begin();
    REQUIRE(at != der.end());
    *at ^= 1;
    CHECK(first(verify_crl(must(Crl::parse_der(der)), world.ca, world.now)) == "CRL_SIGNATURE_INVALID");
  }
  SECTION("a signature of another algorithm than the key's") {
    auto der = crl.der();
    const auto ecdsa_sha256 = *hex_decode("2a8648ce3d040302");
    for (auto rest = std::ranges::search(der, ecdsa_sha256); !rest.empty();
         rest = std::ranges::search(std::ranges::subrange(rest.end(), der.end()), ecdsa_sha256))
      rest.front() = 0x2b;
    CHECK(first(verify_crl(must(Crl::parse_der(der)), world.ca, world.now)) == "CRL_SIGNATURE_REFUSED");
  }
  SECTION("no next update") {
    std::vector<Bytes> parts = {*hex_decode("300a06082a8648ce3d040302"), world.ca.subject_der(),
                                must(encode_time(world.now))};
    const auto der = must(encode_signed_form(der::element_of(der::kSequence, parts), world.ca_key));
    CHECK(first(verify_crl(must(Crl::parse_der(der)), world.ca, world.now)) == "CRL_NEXT_UPDATE_MISSING");
  }
}

TEST_CASE("a CRL with a critical extension that is not known is not believed", "[crypto][crl]") {
  World world;
  const Bytes null = {0x05, 0x00};
  const auto entry = [&](const Extension& extension) {
    const auto one = der::element_of(der::kSequence, {must(encode_serial("0a")), must(encode_time(world.now)),
                                                      must(encode_extensions({extension}))});
    return der::element(der::kSequence, one);
  };
  const std::string odd = "1.3.6.1.4.1.32473.1";
  for (const auto& part : {extensions({{odd, true, null}}), entry({odd, true, null})}) {
    const auto crl = must(Crl::parse_der(hand_made(world, {part})));
    CHECK(crl.unknown_critical_extensions() == std::vector{odd});
    const auto verdict = verify_crl(crl, world.ca, world.now);
    CHECK(verdict.refused_for("CRL_EXTENSION_UNKNOWN"));
    CHECK(verdict.first().evidence == Evidence{{"oid", odd}});
  }
  for (const auto& part : {extensions({{odd, false, null}}), entry({odd, false, null})})
    CHECK(verify_crl(must(Crl::parse_der(hand_made(world, {part}))), world.ca, world.now).accepted());
  // A delta CRL (RFC 5280 section 5.2.4), which lists less than all.
  const auto delta = must(Crl::parse_der(hand_made(world, {extensions({{"2.5.29.27", true, der::integer(1)}})})));
  CHECK(verify_crl(delta, world.ca, world.now).refused_for("CRL_EXTENSION_UNKNOWN"));
}

TEST_CASE("a CRL speaks of the certificates in its scope", "[crypto][crl]") {
  World world;
  const auto judge = [&](const Certificate& certificate, const Crl& crl) {
    const auto verdict = judge_by_crl(certificate, crl, world.ca, world.now);
    return verdict.accepted() ? "" : verdict.first().code;
  };
  SECTION("all of its issuer's") {
    const auto crl = make(world, profile_of(world), {revoked(world.device, world.now, RevocationReason::superseded)});
    CHECK(judge(world.device, crl) == "CERTIFICATE_REVOKED");
    CHECK(judge(world.other_device, crl).empty());
    const auto verdict = judge_by_crl(world.device, crl, world.ca, world.now + 48h);
    CHECK(verdict.first().code == "CERTIFICATE_REVOKED");  // even where the list is old
    CHECK(verdict.refused_for("CRL_STALE"));
    CHECK(verdict.first().evidence.back() == std::pair<std::string, std::string>("reason", "superseded"));
  }
  SECTION("not those of another issuer, whatever their number") {
    auto profile = CertificateProfile::tls({.common_name = "x"}, {}, world.from, world.until);
    profile.serial = *hex_decode(world.device.serial_hex());
    auto root = CertificateProfile::root_ca({.common_name = "Other CA"}, world.from, world.until);
    const auto other_ca = must(issue_self_signed(root, world.false_key, world.random));
    const auto theirs = must(issue_certificate(profile, world.device_key.public_key(), other_ca, world.false_key,
                                               world.random));
    const auto crl = make(world, profile_of(world), {revoked(world.device, world.now)});
    CHECK(judge(theirs, crl) == "CRL_CERTIFICATE_NOT_COVERED");
  }
  SECTION("a forged list revokes nobody, and is refused") {
    const std::vector entries = {revoked(world.device, world.now)};
    const auto forged = must(Crl::parse_der(must(build_crl(profile_of(world), entries, world.false_ca,
                                                           world.false_key))));
    const auto verdict = judge_by_crl(world.device, forged, world.ca, world.now);
    CHECK(verdict.first().code == "CRL_ISSUER_MISMATCH");
    CHECK_FALSE(verdict.refused_for("CERTIFICATE_REVOKED"));
  }
  SECTION("those that name its distribution point") {
    auto profile = profile_of(world);
    profile.distribution_point = "http://pki.example.com/ca.crl";
    const auto crl = make(world, profile, {});
    CHECK(crl.scope().urls == std::vector{profile.distribution_point});
    CHECK(crl.scope().names_distribution_point);
    CHECK(judge(world.device, crl).empty());
    CHECK(judge(world.other_device, crl) == "CRL_CERTIFICATE_NOT_COVERED");
  }
  SECTION("end entities") {
    auto profile = profile_of(world);
    profile.only_user_certificates = true;
    const auto crl = make(world, profile, {});
    CHECK(crl.scope().only_user_certificates);
    CHECK(judge(world.device, crl).empty());
    CHECK(judge(world.ca, crl) == "CRL_CERTIFICATE_NOT_COVERED");
  }
  SECTION("less than what we ask") {
    for (const auto& [flag, expected] : std::vector<std::pair<std::string, std::string>>{
             {"8201ff", "CRL_CERTIFICATE_NOT_COVERED"},  // CAs alone
             {"83020640", "CRL_SCOPE_REFUSED"},          // some reasons
             {"8401ff", "CRL_SCOPE_REFUSED"},            // indirect
             {"8501ff", "CRL_SCOPE_REFUSED"},            // attribute certificates
             {"a004a1023100", "CRL_CERTIFICATE_NOT_COVERED"}}) {  // a point relative to the issuer's name
      const auto value = der::element(der::kSequence, *hex_decode(flag));
      const auto crl = must(Crl::parse_der(hand_made(world, {extensions({{"2.5.29.28", true, value}})})));
      CAPTURE(flag);
      CHECK(judge_by_crl(world.device, crl, world.ca, world.now).refused_for(expected));
    }
  }
}

TEST_CASE("what is no CRL is not read", "[crypto][crl]") {
  World world;
  const auto good = make(world, profile_of(world), {revoked(world.device, world.now, RevocationReason::superseded)});
  const auto reason = [](ByteView der) {
    const auto read = Crl::parse_der(der);
    return read ? "" : read.error().reason;
  };
  const auto entry = [&](std::vector<Bytes> parts) {
    return der::element(der::kSequence, der::element_of(der::kSequence, parts));
  };
  const auto time = must(encode_time(world.now));
  const Bytes ten = der::integer(10);
  CHECK(reason(hand_made(world, {entry({ten, time})})).empty());
  CHECK(reason(hand_made(world, {entry({ten, time})}, -1)).empty());  // version 1
  SECTION("cut anywhere") {
    for (std::size_t size = 0; size < good.der().size(); ++size)
      CHECK(reason(ByteView(good.der()).first(size)) == "CRL_INVALID");
  }
  SECTION("bytes after it") {
    auto der = good.der();
    der.push_back(0);
    CHECK(reason(der) == "CRL_INVALID");
  }
  SECTION("too large") { CHECK(reason(Bytes(kMaxCrlSize + 1, 0x30)) == "CRL_TOO_LARGE"); }
  SECTION("version 3") { CHECK(reason(hand_made(world, {}, 2)) == "CRL_INVALID"); }
  SECTION("extensions in version 1") {
    CHECK(reason(hand_made(world, {extensions({})}, -1)) == "CRL_INVALID");
    CHECK(reason(hand_made(world, {entry({ten, time, must(encode_extensions({}))})}, -1)) == "CRL_INVALID");
  }
  SECTION("two algorithms") {
    CHECK(reason(hand_made(world, {}, 1, *hex_decode("300a06082a8648ce3d040303"))) == "CRL_INVALID");
  }
  SECTION("negative serial number") {
    CHECK(reason(hand_made(world, {entry({der::integer(-1), time})})) == "CRL_INVALID");
  }
  SECTION("serial number that is not minimal") {
    CHECK(reason(hand_made(world, {entry({*hex_decode("0202000a"), time})})) == "CRL_INVALID");
  }
  SECTION("a reason that stands for nothing") {
    const auto odd = must(encode_extensions({{"2.5.29.21", false, {0x0a, 0x01, 0x07}}}));
    CHECK(reason(hand_made(world, {entry({ten, time, odd})})) == "CRL_INVALID");
  }
  SECTION("a reason twice") {
    const Extension one = {"2.5.29.21", false, {0x0a, 0x01, 0x01}};
    CHECK(reason(hand_made(world, {entry({ten, time, must(encode_extensions({one, one}))})})) == "CRL_INVALID");
  }
  SECTION("times that are none") {
    for (const auto* text : {"491332120000Z", "490230120000Z", "490101240000Z", "490101126000Z", "490101120060Z",
                             "4901011200Z", "490101120000+0000", "4901011200.5Z", "49010112000aZ"})
      CHECK(reason(hand_made(world, {entry({ten, der::element(kUtcTime, as_bytes(text))})})) == "CRL_INVALID");
  }
}

TEST_CASE("fifty thousand revocations", "[crypto][crl]") {
  World world;
  std::vector<CrlEntry> entries;
  for (int i = 0; i < 50'000; ++i)
    entries.push_back({hex_encode(make_serial(world.random)),
                       {world.now - std::chrono::seconds(i), static_cast<RevocationReason>(i % 6)}});
  const auto crl = make(world, profile_of(world), entries);
  CHECK(crl.size() == entries.size());
  CHECK(verify_crl(crl, world.ca, world.now).accepted());
  CHECK(std::ranges::all_of(entries, [&](const auto& one) { return crl.find(one.serial_hex) == one.revocation; }));
  CHECK_FALSE(crl.find(world.device.serial_hex()).has_value());
}
