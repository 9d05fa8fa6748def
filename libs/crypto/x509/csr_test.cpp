#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "libs/codec/tlv/der.h"
#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/x509/csr.h"
#include "libs/crypto/x509/oids.h"

using namespace pratique;
using namespace pratique::crypto;

namespace {

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

SoftwareKey new_key() { return *SoftwareKey::generate(KeyType::ec_p256); }

}  // namespace

TEST_CASE("a request says what its maker asked for", "[crypto][x509]") {
  const auto key = new_key();
  CsrProfile profile;
  profile.subject = {.common_name = "bulb", .serial_number = "00-D0-E5-F2-00-02"};
  profile.alt_names = {.dns = {"bulb.example.com"}, .ip = {"192.0.2.7"}};
  profile.challenge_password = "c2FtcGxlK2JpbmRpbmcv==";
  profile.extra = {{std::string(oid::kMudUrl), false, {0x16, 0x01, 0x78}}};
  profile.attributes = {{"1.3.6.1.4.1.32473.7", {{0x0c, 0x02, 0x68, 0x69}, {0x02, 0x01, 0x05}}},
                        {"1.3.6.1.4.1.32473.8", {{0x30, 0x03, 0x02, 0x01, 0x01}}}};
  const auto csr = make_csr(profile, key);
  REQUIRE(csr.has_value());
  CHECK(csr->verify().has_value());
  CHECK(csr->subject() == "serialNumber=00-D0-E5-F2-00-02,CN=bulb");
  CHECK(csr->common_name() == "bulb");
  CHECK(csr->subject_serial_number() == "00-D0-E5-F2-00-02");
  CHECK(csr->public_key() == key.public_key());
  CHECK(csr->challenge_password() == profile.challenge_password);
  CHECK(csr->requested_alt_names() == profile.alt_names);
  REQUIRE(csr->requested_extensions().size() == 2);
  CHECK(csr->requested_extensions()[1] == profile.extra[0]);
  REQUIRE(csr->find_attribute("1.3.6.1.4.1.32473.8") != nullptr);
  CHECK(csr->find_attribute("1.3.6.1.4.1.32473.8")->values == profile.attributes[1].values);
  CHECK(csr->find_attribute("1.3.6.1.4.1.32473.7")->values.size() == 2);
  CHECK(csr->find_attribute("1.3.6.1.4.1.32473.9") == nullptr);
  CHECK(Csr::parse_pem(csr->pem())->der() == csr->der());

  SECTION("its subject can be asked for again") {
    const auto again = make_csr({.subject_der = csr->subject_der()}, new_key());
    CHECK(again->subject_der() == csr->subject_der());
    CHECK_FALSE(again->challenge_password().has_value());
    CHECK(again->requested_extensions().empty());
  }
  SECTION("another key's request in its name") {
    // The public key is exchanged and the signature is not.
    Bytes forged = csr->der();
    const auto other = new_key();
    const auto& mine = key.public_key().spki();
    const auto found = std::search(forged.begin(), forged.end(), mine.begin(), mine.end());
    REQUIRE(found != forged.end());
    std::copy(other.public_key().spki().begin(), other.public_key().spki().end(), found);
    const auto read = Csr::parse_der(forged);
    REQUIRE(read.has_value());
    CHECK(read->verify().error().reason == "CSR_SIGNATURE_INVALID");
  }
  SECTION("altered content") {
    Bytes altered = csr->der();
    const std::string_view name = "bulb.example";
    const auto found = std::search(altered.begin(), altered.end(), name.begin(), name.end());
    REQUIRE(found != altered.end());
    *found = 'B';
    CHECK(Csr::parse_der(altered)->verify().error().code == ErrorCode::unauthenticated);
  }
  SECTION("read whole, within limits, and never a crash") {
    Bytes trailing = csr->der();
    trailing.push_back(0);
    CHECK(Csr::parse_der(trailing).error().reason == "CSR_INVALID");
    for (std::size_t size = 0; size < csr->der().size(); ++size)
      REQUIRE(Csr::parse_der(ByteView(csr->der()).first(size)).error().reason == "CSR_INVALID");
    CHECK(Csr::parse_der(Bytes(kMaxCsrSize + 1)).error().reason == "CSR_TOO_LARGE");
    CHECK(Csr::parse_pem("").error().reason == "CSR_INVALID");
    // A signature whose last byte is said to have unused bits: read, kept as it is in either form, and never right.
    Bytes odd = csr->der();
    std::size_t bits = odd.size() - 3;
    while (odd[bits] != 0x03 || bits + 2 + odd[bits + 1] != odd.size()) --bits;
    odd[bits + 2] = 0x02;
    odd.back() |= 0x03;
    const auto kept = Csr::parse_der(odd);
    REQUIRE(kept.has_value());
    CHECK(Csr::parse_pem(kept->pem())->der() == odd);
    CHECK_FALSE(kept->verify().has_value());
    for (std::size_t bit = 0; bit < csr->der().size() * 8; bit += 5) {
      Bytes bad = csr->der();
      bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1U << (bit % 8)));
      if (const auto read = Csr::parse_der(bad); read.has_value()) REQUIRE_FALSE(read->verify().has_value());
    }
  }
}

TEST_CASE("a request of every kind of key proves possession, a bent one does not", "[crypto][x509]") {
  for (const auto type : {KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521, KeyType::rsa_2048, KeyType::ed25519}) {
    const auto key = *SoftwareKey::generate(type);
    CAPTURE(key.description());
    const auto csr = *make_csr({.subject = {.common_name = "bulb"}}, key);
    CHECK(csr.verify().has_value());
    // Every bit of the end, which is the signature.
    for (std::size_t back = 1; back <= 32; ++back) {
      Bytes bent = csr.der();
      bent[bent.size() - back] ^= 0x10;
      const auto read = Csr::parse_der(bent);
      REQUIRE_FALSE((read.has_value() && read->verify().has_value()));
    }
  }
  // The outline is DER: a length in more bytes than it needs, and members that follow.
  const auto der = make_csr({.subject = {.common_name = "bulb"}}, new_key())->der();
  REQUIRE(der[1] == 0x81);
  Bytes longer = der;
  longer[1] = 0x82;
  longer.insert(longer.begin() + 2, 0x00);
  CHECK(Csr::parse_der(longer).error().reason == "CSR_INVALID");
  Bytes followed = der;
  followed.insert(followed.end(), {0x05, 0x00});
  followed[2] = static_cast<std::uint8_t>(followed[2] + 2);
  CHECK(Csr::parse_der(followed).error().reason == "CSR_INVALID");
}

TEST_CASE("a request's key has one spelling", "[crypto][x509]") {
  const auto reason = [](const Csr& csr, const Bytes& spki) -> std::string {
    der::Reader outer(csr.der());
    der::Reader parts(outer.next()->content);
    der::Reader info(parts.next()->content);
    std::vector<Bytes> members;
    while (!info.at_end()) members.push_back(to_bytes(info.next()->whole));
    members[2] = spki;
    const auto again = Csr::parse_der(der::element_of(
        der::kSequence, {der::element_of(der::kSequence, members), to_bytes(parts.next()->whole),
                         to_bytes(parts.next()->whole)}));
    return again ? "read" : again.error().reason;
  };
  SECTION("a compressed point is the same key, and is refused") {
    const auto csr = make_csr({.subject = {.common_name = "d"}}, new_key());
    const auto spki = csr->public_key().spki();
    CHECK(reason(*csr, spki) == "read");
    Bytes compressed(spki.begin(), spki.begin() + 26 + 33);
    compressed[1] = 0x39;
    compressed[24] = 0x22;
    compressed[26] = spki.back() % 2 == 0 ? 0x02 : 0x03;
    const auto key = PublicKey::parse_spki(compressed);
    REQUIRE(key.has_value());
    CHECK(*key->ec_point() == *csr->public_key().ec_point());
    CHECK(reason(*csr, compressed) == "CSR_INVALID");
  }
  SECTION("RSA with parameters other than NULL") {
    const auto csr = make_csr({.subject = {.common_name = "d"}}, *SoftwareKey::generate(KeyType::rsa_2048));
    auto spki = csr->public_key().spki();
    CHECK(reason(*csr, spki) == "read");
    REQUIRE(spki[17] == 0x05);
    spki[17] = 0x7e;
    CHECK(reason(*csr, spki) == "CSR_INVALID");
  }
}

TEST_CASE("a request that cannot be made is refused by field", "[crypto][x509]") {
  const auto key = new_key();
  const auto reason = [&](CsrProfile profile) { return make_csr(profile, key).error().reason; };
  CHECK(reason({.alt_names = {.ip = {"nowhere"}}}) == "PROFILE_INVALID");
  CHECK(reason({.extra = {{"1.2.3", false, {}}, {"1.2.3", true, {}}}}) == "PROFILE_INVALID");
  CHECK(reason({.attributes = {{"1.2.3", {}}}}) == "PROFILE_INVALID");
  CHECK(reason({.attributes = {{"1.2.3", {{0x30, 0x05}}}}}) == "PROFILE_INVALID");
  CHECK(reason({.attributes = {{"x", {{0x02, 0x01, 0x05}}}}}) == "PROFILE_INVALID");
  // Two extension requests leave open which one holds.
  const std::string request(oid::kExtensionRequest);
  CHECK(reason({.alt_names = {.dns = {"a"}}, .attributes = {{request, {{0x30, 0x00}}}}}) == "PROFILE_INVALID");
  CHECK(reason({.attributes = {{request, {{0x30, 0x00}, {0x30, 0x00}}}}}) == "CSR_INVALID");
  CHECK(reason({.attributes = {{request, {{0x05, 0x00}}}}}) == "PROFILE_INVALID");
  CHECK(reason({.attributes = {{request, {{0x04, 0x00}}}}}) == "CSR_INVALID");
  // A subjectAltName that is none.
  CHECK(reason({.extra = {{std::string(oid::kSubjectAltName), false, {0x05, 0x00}}}}) == "CSR_INVALID");
}

TEST_CASE("a published request is read", "[crypto][x509]") {
  const char* vectors = std::getenv("PRATIQUE_VECTORS");
  if (vectors == nullptr) {
    WARN("skipped: PRATIQUE_VECTORS not set");
    return;
  }
  const std::string folder = std::string(vectors) + "/brski/est-csrattrs/";
  const auto bulb = Csr::parse_der(as_bytes(read_file(folder + "csr_bulb1.der")));
  REQUIRE(bulb.has_value());
  CHECK(bulb->verify().has_value());
  CHECK(bulb->subject_serial_number() == "00-D0-E5-F2-00-01");
}
