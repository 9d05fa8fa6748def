#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "libs/base/hex.h"
#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/crypto/x509/certificate.h"
#include "libs/crypto/x509/issue.h"
#include "libs/crypto/x509/oids.h"

using namespace pratique;
using namespace pratique::crypto;

namespace {

const Timestamp kFrom = *parse_rfc3339("2026-01-01T00:00:00Z");
const Timestamp kUntil = *parse_rfc3339("2036-01-01T00:00:00Z");

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

struct Ca {
  SoftwareKey key = *SoftwareKey::generate(KeyType::ec_p256);
  SystemRandom random;
  Certificate root =
      *issue_self_signed(CertificateProfile::root_ca({.organization = "Example", .common_name = "Root"}, kFrom, kUntil),
                         key, random);
};

}  // namespace

TEST_CASE("an IDevID says who the device is and where its maker's services are", "[crypto][x509]") {
  Ca ca;
  const auto key = *SoftwareKey::generate(KeyType::ec_p256);
  auto profile = CertificateProfile::idevid({.organization = "Example", .serial_number = "00-D0-E5-F2-00-02"}, kFrom,
                                            "masa.example.com:9443", "https://mud.example.com/bulb.json");
  profile.serial = *hex_decode("0a1b");
  const auto made = issue_certificate(profile, key.public_key(), ca.root, ca.key, ca.random);
  REQUIRE(made.has_value());
  CHECK(made->subject() == "serialNumber=00-D0-E5-F2-00-02,O=Example");
  CHECK(made->issuer() == "CN=Root,O=Example");
  CHECK(made->issuer_der() == ca.root.subject_der());
  CHECK(made->subject_serial_number() == "00-D0-E5-F2-00-02");
  CHECK_FALSE(made->common_name().has_value());
  CHECK(made->serial_hex() == "0a1b");
  CHECK(format_rfc3339(made->not_before()) == "2026-01-01T00:00:00Z");
  CHECK(format_rfc3339(made->not_after()) == "9999-12-31T23:59:59Z");
  CHECK(made->not_after() == kNoExpiry);
  CHECK(made->masa_url() == "masa.example.com:9443");
  CHECK(made->mud_url() == "https://mud.example.com/bulb.json");
  CHECK(made->key_usage() == key_usage::kDigitalSignature);
  CHECK(made->ekus().empty());
  CHECK_FALSE(made->is_ca());
  CHECK(made->public_key() == key.public_key());
  CHECK(made->subject_key_id() == key.public_key().key_id_sha1());
  CHECK(made->authority_key_id() == ca.root.subject_key_id());
  const auto whole = made->authority_key_id_extension();
  REQUIRE(whole.has_value());
  CHECK(hex_encode(*whole) == "041830168014" + hex_encode(*ca.root.subject_key_id()));

  CHECK(*Certificate::parse_der(made->der()) == *made);
  CHECK(*Certificate::parse_pem("words before\n" + made->pem() + "and after\n") == *made);
  CHECK(made->fingerprint_sha256() == sha256(made->der()));
}

TEST_CASE("every extension of a profile comes back", "[crypto][x509]") {
  Ca ca;
  auto profile = CertificateProfile::tls({.common_name = "registrar"},
                                         {.dns = {"registrar.example.com", "r.example.com"},
                                          .uri = {"spiffe://example.com/registrar"},
                                          .email = {"ops@example.com"},
                                          .ip = {"192.0.2.1", "2001:db8::1"}},
                                         kFrom, kUntil);
  profile.ekus.push_back(std::string(oid::kCmcRa));
  profile.critical_eku = true;
  profile.crl_url = "http://pki.example.com/ca.crl";
  profile.ocsp_url = "http://ocsp.example.com/";
  profile.extra = {{"1.3.6.1.4.1.32473.1", false, {0x05, 0x00}}};
  const auto made = issue_certificate(profile, ca.key.public_key(), ca.root, ca.key, ca.random);
  REQUIRE(made.has_value());
  CHECK(made->subject_alt_names() == profile.alt_names);
  CHECK(made->ekus() == profile.ekus);
  CHECK(made->has_eku(oid::kCmcRa));
  CHECK_FALSE(made->has_eku(oid::kOcspSigning));
  CHECK(made->extension(oid::kExtendedKeyUsage)->critical);
  CHECK(made->extension("1.3.6.1.4.1.32473.1") == profile.extra.front());
  CHECK_FALSE(made->extension("1.3.6.1.4.1.32473.2").has_value());
  CHECK_FALSE(made->extension("not an oid").has_value());
  CHECK(made->crl_urls() == std::vector{profile.crl_url});
  CHECK(made->ocsp_urls() == std::vector{profile.ocsp_url});
  CHECK(ca.root.crl_urls().empty());
  CHECK(ca.root.ocsp_urls().empty());
  CHECK(made->serial_hex().size() == 32);
  CHECK_FALSE(made->masa_url().has_value());

  CHECK(ca.root.is_ca());
  CHECK(ca.root.is_self_issued());
  CHECK_FALSE(ca.root.path_len().has_value());
  CHECK_FALSE(ca.root.authority_key_id().has_value());
  CHECK_FALSE(ca.root.authority_key_id_extension().has_value());
  const auto sub = issue_certificate(CertificateProfile::sub_ca({.common_name = "Sub"}, kFrom, kUntil, 0),
                                     SoftwareKey::generate(KeyType::ed25519)->public_key(), ca.root, ca.key, ca.random);
  REQUIRE(sub.has_value());
  CHECK(sub->path_len() == 0);
  CHECK(sub->key_usage() == (key_usage::kKeyCertSign | key_usage::kCrlSign | key_usage::kDigitalSignature));
}

TEST_CASE("an OCSP responder may sign answers and nothing else, and needs no check of its own", "[crypto][x509]") {
  Ca ca;
  const auto profile = CertificateProfile::ocsp_responder({.common_name = "OCSP"}, kFrom, kUntil);
  const auto made = issue_certificate(profile, ca.key.public_key(), ca.root, ca.key, ca.random);
  REQUIRE(made.has_value());
  CHECK(made->ekus() == std::vector{std::string(oid::kOcspSigning)});
  CHECK(made->key_usage() == key_usage::kDigitalSignature);
  CHECK_FALSE(made->is_ca());
  CHECK(made->extension(oid::kOcspNoCheck) == Extension{std::string(oid::kOcspNoCheck), false, {0x05, 0x00}});
}

TEST_CASE("every type of key signs certificates", "[crypto][x509]") {
  const auto type = GENERATE(KeyType::ec_p384, KeyType::ec_p521, KeyType::rsa_2048, KeyType::ed25519);
  SystemRandom random;
  const auto key = *SoftwareKey::generate(type);
  CHECK(issue_self_signed(CertificateProfile::root_ca({.common_name = "R"}, kFrom, kUntil), key, random).has_value());
}

TEST_CASE("a profile that cannot be kept is refused by field", "[crypto][x509]") {
  Ca ca;
  auto profile = CertificateProfile::tls({.common_name = "x"}, {}, kFrom, kUntil);
  std::string field;
  SECTION("validity backwards") { profile.not_after = kFrom - std::chrono::seconds(1), field = "not_after"; }
  SECTION("after the year 9999") { profile.not_after = kNoExpiry + std::chrono::seconds(1), field = "not_after"; }
  SECTION("negative serial") { profile.serial = Bytes(16, 0x80), field = "serial"; }
  SECTION("serial zero") { profile.serial = Bytes(4, 0), field = "serial"; }
  SECTION("long serial") { profile.serial = Bytes(21, 1), field = "serial"; }
  SECTION("path length without CA") { profile.path_len = 1, field = "path_len"; }
  SECTION("address") { profile.alt_names.ip = {"192.0.2.300"}, field = "alt_names"; }
  SECTION("name with a space") { profile.alt_names.dns = {"a b"}, field = "alt_names"; }
  SECTION("name with a line end") { profile.alt_names.uri = {"https://a\n"}, field = "alt_names"; }
  SECTION("EKU") { profile.ekus = {"serverAuth"}, field = "ekus"; }
  SECTION("URL") { profile.masa_url = "masa.example.com/\xc3\xa9", field = "masa_url"; }
  SECTION("country of three letters") { profile.subject.country = "XYZ", field = "subject"; }
  SECTION("long serialNumber") { profile.subject.serial_number = std::string(65, '1'), field = "subject"; }
  SECTION("subject that is no name") { profile.subject_der = {0x30, 0x05}, field = "subject_der"; }
  SECTION("extension twice") { profile.extra = {{std::string(oid::kKeyUsage), true, {}}}, field = "extension"; }
  const auto made = issue_certificate(profile, ca.key.public_key(), ca.root, ca.key, ca.random);
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().reason == "PROFILE_INVALID");
  CHECK(made.error().message.contains(field));
}

TEST_CASE("only the key of a CA certificate issues under it", "[crypto][x509]") {
  Ca ca;
  const auto other = *SoftwareKey::generate(KeyType::ec_p256);
  const auto profile = CertificateProfile::tls({.common_name = "x"}, {}, kFrom, kUntil);
  CHECK(issue_certificate(profile, other.public_key(), ca.root, other, ca.random).error().reason ==
        "ISSUER_KEY_MISMATCH");
  const auto leaf = *issue_certificate(profile, other.public_key(), ca.root, ca.key, ca.random);
  CHECK(issue_certificate(profile, other.public_key(), leaf, other, ca.random).error().reason == "ISSUER_NOT_CA");
}

TEST_CASE("a certificate is read whole and within limits", "[crypto][x509]") {
  Ca ca;
  const auto reason = [](ByteView der) { return Certificate::parse_der(der).error().reason; };
  Bytes trailing = ca.root.der();
  trailing.push_back(0);
  CHECK(reason(trailing) == "CERTIFICATE_INVALID");
  for (std::size_t size = 0; size < ca.root.der().size(); ++size)
    REQUIRE(reason(ByteView(ca.root.der()).first(size)) == "CERTIFICATE_INVALID");
  CHECK(reason(Bytes(kMaxCertificateSize + 1)) == "CERTIFICATE_TOO_LARGE");
  CHECK(Certificate::parse_pem("").error().reason == "CERTIFICATE_INVALID");
  CHECK(Certificate::parse_pem(ca.root.pem() + ca.root.pem()).error().message.contains("found 2"));
  CHECK(Certificate::parse_pem_bundle(ca.root.pem() + ca.root.pem())->size() == 2);
  const auto pem = ca.root.pem();
  CHECK(Certificate::parse_pem_bundle(pem + pem.substr(0, 200)).error().reason == "CERTIFICATE_INVALID");
  const std::string broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  CHECK(Certificate::parse_pem_bundle(pem + broken).error().message.contains("certificate 2"));
  // Any flipped bit still reads or is refused; it never crashes.
  for (std::size_t bit = 0; bit < ca.root.der().size() * 8; ++bit) {
    Bytes bad = ca.root.der();
    bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1U << (bit % 8)));
    if (const auto read = Certificate::parse_der(bad); read.has_value()) {
      read->subject();
      read->subject_alt_names();
      read->authority_key_id_extension();
    }
  }
}

TEST_CASE("the published BRSKI certificates are read", "[crypto][x509]") {
  const char* vectors = std::getenv("PRATIQUE_VECTORS");
  if (vectors == nullptr) {
    WARN("skipped: PRATIQUE_VECTORS not set");
    return;
  }
  const auto load = [&](const std::string& name) {
    INFO(name);
    auto read = Certificate::parse_pem(read_file(std::string(vectors) + "/brski/" + name));
    REQUIRE(read.has_value());
    return *read;
  };
  const auto idevid = load("rfc8995-appc/idevid_00-D0-E5-F2-00-02.crt");
  CHECK(idevid.subject_serial_number() == "00-D0-E5-F2-00-02");
  CHECK(idevid.masa_url() == "highway-test.example.com:9443");
  CHECK(idevid.serial_hex() == "1f18fee7");
  CHECK(format_rfc3339(idevid.not_after()).starts_with("2999-12-31"));
  CHECK_FALSE(idevid.authority_key_id_extension().has_value());
  const auto vendor = load("rfc8995-appc/vendor.crt");
  CHECK(hex_encode(*idevid.authority_key_id_extension(&vendor)) ==
        "041830168014" + hex_encode(vendor.public_key().key_id_sha1()));

  const auto embedded = load("rfc8995-appc/idevid-embedded-in-vr.crt");
  CHECK_FALSE(embedded == idevid);
  CHECK(embedded.public_key() == idevid.public_key());
  CHECK(embedded.subject_key_id() == idevid.subject_key_id());

  const auto registrar = load("rfc8995-appc/jrc_prime256v1.crt");
  CHECK(registrar.has_eku(oid::kCmcRa));
  CHECK_FALSE(registrar.has_eku(oid::kServerAuth));
  CHECK_FALSE(registrar.subject_key_id().has_value());
  CHECK(hex_encode(registrar.public_key().fingerprint_sha256()) ==
        "3b2eb0daf4bc6abf26fc5b441eececeec97b2d20f7a56f724c280279ca082f73");

  const auto constrained = load("cbrski-31/registrar.pem");
  CHECK(constrained.ekus().size() == 3);
  CHECK(constrained.extension(oid::kExtendedKeyUsage)->critical);
}
