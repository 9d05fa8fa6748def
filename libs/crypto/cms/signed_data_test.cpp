#include <catch2/catch.hpp>

#include "libs/base/hex.h"
#include "libs/crypto/cms/der_elements.h"
#include "libs/crypto/cms/signed_data.h"
#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/crypto/x509/chain.h"
#include "libs/crypto/x509/issue.h"
#include "libs/crypto/x509/oids.h"

using namespace pratique;
using namespace pratique::crypto;

namespace {

const Timestamp kFrom = *parse_rfc3339("2026-01-01T00:00:00Z");
const Timestamp kSigned = *parse_rfc3339("2026-06-01T12:00:00Z");
const std::string_view kVoucher = R"({"ietf-voucher:voucher":{"assertion":"logged"}})";

struct Masa {
  SystemRandom random;
  SoftwareKey root_key = *SoftwareKey::generate(KeyType::ec_p384), key = *SoftwareKey::generate(KeyType::ec_p256);
  Certificate root = *issue_self_signed(CertificateProfile::root_ca({.common_name = "Vendor"}, kFrom, kNoExpiry),
                                        root_key, random);
  Certificate certificate = issue(key);

  Certificate issue(const SoftwareKey& subject, Bytes serial = {}) {
    auto profile = CertificateProfile::tls({.common_name = "masa"}, {}, kFrom, kNoExpiry);
    profile.ekus = {std::string(oid::kCmcRa)};
    profile.serial = std::move(serial);
    return *issue_certificate(profile, subject.public_key(), root, root_key, random);
  }
  Bytes sign(cms::SignOptions options = {.signing_time = kSigned}, std::string_view type = cms::kIdAnimaJsonVoucher) {
    auto out = cms::sign(as_bytes(kVoucher), type, certificate, key, {{root}}, options);
    REQUIRE(out.has_value());
    return *out;
  }
};

void replace(Bytes& in, ByteView from, ByteView to) {
  const auto found = std::search(in.begin(), in.end(), from.begin(), from.end());
  REQUIRE(found != in.end());
  std::copy(to.begin(), to.end(), found);
}

std::string codes(const cms::SignatureVerdict& verdict) {
  std::string out;
  for (const auto& finding : verdict.findings()) out += finding.code + " ";
  return out;
}

}  // namespace

TEST_CASE("a voucher is signed as RFC 8366bis asks, and its signer found", "[crypto][cms]") {
  Masa masa;
  const auto der = masa.sign();
  const auto data = cms::SignedData::parse(der);
  REQUIRE(data.has_value());
  CHECK(as_text(data->content()) == kVoucher);
  CHECK(data->content_type() == cms::kIdAnimaJsonVoucher);
  CHECK(data->version() == 3);
  CHECK(data->signer_version() == 1);
  CHECK(data->has_signed_attributes());
  CHECK(data->signing_time() == kSigned);
  CHECK(data->digest_algorithm() == Hash::sha256);
  CHECK(data->certificates().size() == 2);
  CHECK(data->signer().issuer_der == masa.root.subject_der());
  CHECK(data->signer().serial_hex == masa.certificate.serial_hex());
  CHECK(data->find_signer() == masa.certificate);
  const auto verdict = data->verify_signature();
  CHECK(codes(verdict).empty());
  CHECK(verdict.signer == masa.certificate);
  CHECK(verify_chain(*verdict.signer, data->certificates(), {{masa.root}}, ChainOptions(kSigned)).accepted());
  CHECK(data->der() == der);
}

TEST_CASE("the other shapes of SignedData are reported as they are", "[crypto][cms]") {
  Masa masa;
  SECTION("id-data is version 1") {
    const auto data = *cms::SignedData::parse(masa.sign({}, cms::kIdData));
    CHECK(data.version() == 1);
    CHECK(data.content_type() == cms::kIdData);
    CHECK(data.signing_time().has_value());
    CHECK(data.verify_signature().accepted());
  }
  SECTION("named by key identifier") {
    const auto data = *cms::SignedData::parse(masa.sign({.signing_time = kSigned, .by_subject_key_id = true}));
    CHECK(data.signer_version() == 3);
    CHECK(data.signer().subject_key_id == *masa.certificate.subject_key_id());
    CHECK(data.signer().issuer_der.empty());
    CHECK(data.verify_signature().signer == masa.certificate);
  }
  SECTION("without the signer's certificate") {
    const auto data = *cms::SignedData::parse(masa.sign({.include_signer_certificate = false}));
    CHECK(data.certificates() == std::vector{masa.root});
    CHECK_FALSE(data.find_signer().has_value());
    CHECK(codes(data.verify_signature()) == "CMS_SIGNER_UNKNOWN ");
    CHECK(data.verify_signature({{masa.root, masa.certificate}}).signer == masa.certificate);
  }
  SECTION("other keys and digests") {
    masa.key = *SoftwareKey::generate(GENERATE(KeyType::ec_p384, KeyType::ec_p521, KeyType::rsa_2048));
    masa.certificate = masa.issue(masa.key);
    CHECK(cms::SignedData::parse(masa.sign())->verify_signature().accepted());
    CHECK(cms::SignedData::parse(masa.sign({.hash = Hash::sha512}))->digest_algorithm() == Hash::sha512);
  }
  SECTION("empty content") {
    const auto der = cms::sign({}, cms::kIdAnimaJsonVoucher, masa.certificate, masa.key);
    REQUIRE(der.has_value());
    CHECK(cms::SignedData::parse(*der)->verify_signature().accepted());
  }
}

TEST_CASE("what was altered after signing does not verify, and is named", "[crypto][cms]") {
  Masa masa;
  Bytes der = masa.sign();
  const auto verdict_of = [](const Bytes& bytes) { return codes(cms::SignedData::parse(bytes)->verify_signature()); };
  SECTION("content") {
    replace(der, as_bytes("logged"), as_bytes("Logged"));
    CHECK(verdict_of(der) == "CMS_DIGEST_MISMATCH ");
  }
  SECTION("content type") {
    // …1.9.16.1.40 becomes …1.9.16.1.41 outside the signed attributes.
    replace(der, *hex_decode("060b2a864886f70d0109100128a0"), *hex_decode("060b2a864886f70d0109100129a0"));
    CHECK(verdict_of(der) == "CMS_CONTENT_TYPE_MISMATCH ");
  }
  SECTION("signing time") {
    replace(der, as_bytes("260601120000Z"), as_bytes("270601120000Z"));
    CHECK(verdict_of(der) == "CMS_SIGNATURE_INVALID ");
  }
  SECTION("signature") {
    der.back() ^= 1;
    CHECK(verdict_of(der) == "CMS_SIGNATURE_INVALID ");
  }
  SECTION("any flipped bit never crashes, and never gives other content") {
    for (std::size_t bit = 0; bit < der.size() * 8; bit += 13) {
      Bytes bad = der;
      bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1U << (bit % 8)));
      const auto data = cms::SignedData::parse(bad);
      if (data.has_value() && data->verify_signature().accepted()) REQUIRE(as_text(data->content()) == kVoucher);
    }
  }
}

TEST_CASE("a signer is who signed, not who is named alike", "[crypto][cms]") {
  Masa masa;
  masa.certificate = masa.issue(masa.key, {0x11});
  const auto der = masa.sign({.include_signer_certificate = false});
  const auto data = *cms::SignedData::parse(der);
  // Issuer and serial of the signer, another key.
  const auto impostor = masa.issue(*SoftwareKey::generate(KeyType::ec_p256), {0x11});
  CHECK(codes(data.verify_signature({{impostor}})) == "CMS_SIGNATURE_INVALID ");
  CHECK(data.verify_signature({{impostor, masa.certificate}}).signer == masa.certificate);

  SECTION("the wrong certificate for a key cannot be signed with") {
    const auto made = cms::sign(as_bytes("x"), cms::kIdData, masa.root, masa.key);
    CHECK(made.error().reason == "CMS_SIGNER_MISMATCH");
  }
  SECTION("Ed25519 is left out in words") {
    const auto key = *SoftwareKey::generate(KeyType::ed25519);
    CHECK(cms::sign(as_bytes("x"), cms::kIdData, masa.issue(key), key).error().reason == "CMS_KEY_UNSUPPORTED");
    CHECK(cms::sign(as_bytes("x"), "id-data", masa.certificate, masa.key).error().reason == "CMS_INVALID");
  }
}

TEST_CASE("CMS is read whole, as DER, within limits", "[crypto][cms]") {
  Masa masa;
  const Bytes der = masa.sign();
  const auto reason = [](ByteView bytes) { return cms::SignedData::parse(bytes).error().reason; };
  SECTION("bytes after it") {
    Bytes trailing = der;
    trailing.push_back(0);
    CHECK(reason(trailing) == "CMS_INVALID");
  }
  SECTION("truncated anywhere") {
    for (std::size_t size = 0; size < der.size(); ++size)
      REQUIRE(reason(ByteView(der).first(size)) == "CMS_INVALID");
  }
  SECTION("too large") { CHECK(reason(Bytes(cms::kMaxSignedDataSize + 1)) == "CMS_TOO_LARGE"); }
  SECTION("an outer length of the indefinite form") {
    REQUIRE(der[1] == 0x82);
    Bytes ber = {0x30, 0x80};
    ber.insert(ber.end(), der.begin() + 4, der.end());
    ber.insert(ber.end(), {0, 0});
    CHECK(reason(ber) == "CMS_NOT_DER");
  }
  SECTION("other content") {
    CHECK(reason(*hex_decode("300f06092a864886f70d010701a0020400")) == "CMS_NOT_SIGNED_DATA");
  }
  SECTION("no signer") {
    CHECK(reason(*hex_decode("302806092a864886f70d010702a01b3019020101310030"
                             "1006092a864886f70d010701a00304016100"
                             "00")) == "CMS_INVALID");
    CHECK(reason(*hex_decode("302a06092a864886f70d010702a01d301b0201013100301206092a864886f70d010701a0050403616263"
                             "3100")) == "CMS_INVALID");
  }
}

TEST_CASE("the outline of DER", "[crypto][cms]") {
  CHECK(cms::is_der(*hex_decode("3003020105")));
  CHECK(cms::is_der(*hex_decode("3000")));
  CHECK(cms::is_der(*hex_decode("3006bf8701020500")));
  for (const auto* bad : {"", "30", "300302010500", "30040201", "3080020105" "0000", "308103020105", "30820003020105",
                          "3003028105", "308500000000030201", "1f", "bf87"}) {
    INFO(bad);
    CHECK_FALSE(cms::is_der(*hex_decode(bad)));
  }
  Bytes deep;
  for (int i = 0; i < 40; ++i) deep.insert(deep.begin(), {0x30, static_cast<std::uint8_t>(deep.size())});
  CHECK_FALSE(cms::is_der(deep));
  CHECK(cms::der_elements(*hex_decode("0201050500"))->size() == 2);
}
