#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/crypto/x509/chain.h"
#include "libs/crypto/x509/issue.h"
#include "libs/crypto/x509/oids.h"

using namespace pratique;
using namespace pratique::crypto;

namespace {

Timestamp at(std::string_view text) { return *parse_rfc3339(text); }
const Timestamp kFrom = at("2026-01-01T00:00:00Z");
const Timestamp kNow = at("2026-06-01T00:00:00Z");
const Timestamp kUntil = at("2027-01-01T00:00:00Z");

SystemRandom random_source;
SoftwareKey new_key() { return *SoftwareKey::generate(KeyType::ec_p256); }

// A root, a sub-CA and what they issue.
struct Pki {
  SoftwareKey root_key = new_key(), sub_key = new_key(), leaf_key = new_key();
  Certificate root = self_signed(CertificateProfile::root_ca({.common_name = "Root"}, kFrom, kNoExpiry), root_key);
  Certificate sub = under_root(CertificateProfile::sub_ca({.common_name = "Sub"}, kFrom, kNoExpiry));

  static Certificate self_signed(const CertificateProfile& profile, const SoftwareKey& key) {
    return *issue_self_signed(profile, key, random_source);
  }
  Certificate under_root(const CertificateProfile& profile) const {
    return *issue_certificate(profile, sub_key.public_key(), root, root_key, random_source);
  }
  Certificate leaf(const CertificateProfile& profile) const {
    return *issue_certificate(profile, leaf_key.public_key(), sub, sub_key, random_source);
  }
  Certificate server() const {
    return leaf(CertificateProfile::tls({.common_name = "leaf"}, {.dns = {"a.example.com"}, .ip = {"192.0.2.1"}}, kFrom,
                                        kUntil));
  }
};

std::string codes(const ChainVerdict& verdict) {
  std::string out;
  for (const auto& finding : verdict.findings())
    out += finding.code + "@" + finding.evidence.front().second + " ";
  return out;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace

TEST_CASE("a chain leads to its anchor", "[crypto][x509]") {
  const Pki pki;
  const auto leaf = pki.server();
  ChainOptions options(kNow);
  options.purpose = Purpose::tls_server;
  options.host = "a.example.com";
  const auto good = verify_chain(leaf, {{pki.sub}}, {{pki.root}}, options);
  CHECK(codes(good).empty());
  CHECK(good.accepted());
  CHECK(good.chain == std::vector{leaf, pki.sub, pki.root});
  options.host = "192.0.2.1";
  CHECK(verify_chain(leaf, {{pki.sub}}, {{pki.root}}, options).accepted());

  SECTION("another host") {
    options.host = "b.example.com";
    CHECK(codes(verify_chain(leaf, {{pki.sub}}, {{pki.root}}, options)) == "CERTIFICATE_HOST_MISMATCH@0 ");
    options.host = "192.0.2.2";
    CHECK(codes(verify_chain(leaf, {{pki.sub}}, {{pki.root}}, options)) == "CERTIFICATE_HOST_MISMATCH@0 ");
  }
  SECTION("a missing sub-CA") {
    const auto verdict = verify_chain(leaf, {}, {{pki.root}}, options);
    CHECK(codes(verdict) == "CHAIN_ISSUER_UNKNOWN@0 ");
    CHECK(verdict.first().evidence.at(1).second == "CN=leaf");
    CHECK(verdict.first().message.contains("issuer"));
  }
  SECTION("no anchors at all") {
    CHECK(codes(verify_chain(leaf, {{pki.sub}}, {}, options)) == "CHAIN_ISSUER_UNKNOWN@1 ");
  }
  SECTION("a root that the peer brought itself") {
    const Pki other;
    CHECK(codes(verify_chain(leaf, {{pki.sub, pki.root}}, {{other.root}}, options)) == "CHAIN_ANCHOR_UNKNOWN@2 ");
  }
  SECTION("an anchor of the same name and another key") {
    const Pki other;
    const auto verdict = verify_chain(leaf, {{pki.sub}}, {{other.root}}, options);
    CHECK_FALSE(verdict.accepted());
  }
  SECTION("a signature that another key made") {
    Bytes der = leaf.der();
    der.back() ^= 1;
    const auto forged = *Certificate::parse_der(der);
    CHECK(codes(verify_chain(forged, {{pki.sub}}, {{pki.root}}, options)) == "CERTIFICATE_SIGNATURE_INVALID@0 ");
  }
  SECTION("an anchor that its own key did not sign") {
    Bytes der = pki.root.der();
    der.back() ^= 1;
    const auto forged = *Certificate::parse_der(der);
    for (int i = 0; i < 2; ++i)
      CHECK(codes(verify_chain(leaf, {{pki.sub}}, {{forged}}, options)) == "CERTIFICATE_SIGNATURE_INVALID@2 ");
    CHECK(verify_chain(leaf, {{pki.sub}}, {{pki.root}}, options).accepted());
  }
  SECTION("too many certificates") {
    const std::vector<Certificate> many(kMaxIntermediates + 1, pki.sub);
    CHECK(codes(verify_chain(leaf, many, {{pki.root}}, options)) == "CHAIN_TOO_MANY_CERTIFICATES@0 ");
  }
  SECTION("a longer chain than was allowed") {
    options.max_intermediates = 0;
    CHECK(verify_chain(leaf, {{pki.sub}}, {{pki.root}}, options).refused_for("CHAIN_TOO_LONG"));
  }
}

TEST_CASE("time is judged for each certificate, and each finding is named", "[crypto][x509]") {
  Pki pki;
  const auto leaf = pki.server();
  const auto judge = [&](const ChainOptions& options) {
    return codes(verify_chain(leaf, {{pki.sub}}, {{pki.root}}, options));
  };
  CHECK(judge(ChainOptions(kUntil - std::chrono::seconds(1))).empty());
  CHECK(judge(ChainOptions(kUntil + std::chrono::seconds(1))) == "CERTIFICATE_EXPIRED@0 ");
  CHECK(judge(ChainOptions(kFrom - std::chrono::seconds(1))) ==
        "CERTIFICATE_NOT_YET_VALID@2 CERTIFICATE_NOT_YET_VALID@1 CERTIFICATE_NOT_YET_VALID@0 ");
  CHECK(judge(ChainOptions::ignoring_time()).empty());

  auto lenient = ChainOptions(at("2040-01-01T00:00:00Z"));
  lenient.ignore_leaf_not_after = true;
  CHECK(judge(lenient).empty());
  SECTION("an expired CA stays expired") {
    pki.sub = pki.under_root(CertificateProfile::sub_ca({.common_name = "Sub"}, kFrom, kUntil));
    CHECK(judge(lenient) == "CERTIFICATE_EXPIRED@1 ");
  }
  SECTION("a leaf of the future stays so") {
    auto early = ChainOptions(kFrom - std::chrono::hours(1));
    early.ignore_leaf_not_after = true;
    CHECK(judge(early).contains("CERTIFICATE_NOT_YET_VALID@0"));
  }
}

TEST_CASE("an end entity or a sub-CA is an anchor only where that was asked for", "[crypto][x509]") {
  const Pki pki;
  const auto leaf = pki.server();
  ChainOptions options(kNow);
  CHECK_FALSE(verify_chain(leaf, {}, {{pki.sub}}, options).accepted());
  CHECK_FALSE(verify_chain(leaf, {}, {{leaf}}, options).accepted());
  options.partial_chain = true;
  CHECK(verify_chain(leaf, {}, {{pki.sub}}, options).chain == std::vector{leaf, pki.sub});
  CHECK(verify_chain(leaf, {}, {{leaf}}, options).chain == std::vector{leaf});
  const auto other = pki.server();
  CHECK_FALSE(verify_chain(leaf, {}, {{other}}, options).accepted());
}

TEST_CASE("the purpose is asked of the leaf, and CAs must be CAs", "[crypto][x509]") {
  const Pki pki;
  const auto judge = [&](const Certificate& leaf, Purpose purpose, const Certificate& sub) {
    ChainOptions options(kNow);
    options.purpose = purpose;
    return codes(verify_chain(leaf, {{sub}}, {{pki.root}}, options));
  };
  auto profile = CertificateProfile::tls({.common_name = "registrar"}, {}, kFrom, kUntil);
  profile.ekus = {std::string(oid::kCmcRa)};
  profile.critical_eku = true;
  const auto registrar = pki.leaf(profile);
  CHECK(judge(registrar, Purpose::any, pki.sub).empty());
  CHECK(judge(registrar, Purpose::tls_server, pki.sub) == "CERTIFICATE_PURPOSE_REFUSED@0 ");
  CHECK(judge(registrar, Purpose::tls_client, pki.sub) == "CERTIFICATE_PURPOSE_REFUSED@0 ");
  CHECK(judge(pki.server(), Purpose::tls_client, pki.sub).empty());

  // The name and key of the sub-CA, without the right to issue.
  auto no_ca = CertificateProfile::tls({.common_name = "Sub"}, {}, kFrom, kUntil);
  CHECK(judge(registrar, Purpose::any, pki.under_root(no_ca)).contains("CERTIFICATE_NOT_CA@1"));
  // keyCertSign and no basicConstraints.
  no_ca.ekus.clear();
  no_ca.key_usage = key_usage::kKeyCertSign;
  CHECK(judge(registrar, Purpose::any, pki.under_root(no_ca)) == "CERTIFICATE_NOT_CA@1 ");
  // basicConstraints and no keyCertSign.
  auto no_sign = CertificateProfile::sub_ca({.common_name = "Sub"}, kFrom, kUntil);
  no_sign.key_usage = key_usage::kDigitalSignature;
  CHECK_FALSE(judge(registrar, Purpose::any, pki.under_root(no_sign)).empty());
}

TEST_CASE("path length, unknown critical extensions and weak keys are refused", "[crypto][x509]") {
  const Pki pki;
  const auto below_key = new_key();
  const auto below = *issue_certificate(CertificateProfile::sub_ca({.common_name = "Below"}, kFrom, kUntil),
                                        below_key.public_key(), pki.sub, pki.sub_key, random_source);
  const auto leaf = *issue_certificate(CertificateProfile::tls({.common_name = "x"}, {}, kFrom, kUntil),
                                       pki.leaf_key.public_key(), below, below_key, random_source);
  const ChainOptions options(kNow);
  CHECK(verify_chain(leaf, {{pki.sub, below}}, {{pki.root}}, options).refused_for("CHAIN_PATH_LENGTH"));

  auto profile = CertificateProfile::tls({.common_name = "x"}, {}, kFrom, kUntil);
  profile.extra = {{"1.3.6.1.4.1.32473.1", true, {0x05, 0x00}}};
  CHECK(codes(verify_chain(pki.leaf(profile), {{pki.sub}}, {{pki.root}}, options)) ==
        "CERTIFICATE_EXTENSION_UNKNOWN@0 ");
}

TEST_CASE("the published BRSKI certificates lead to their anchors", "[crypto][x509]") {
  const char* vectors = std::getenv("PRATIQUE_VECTORS");
  if (vectors == nullptr) {
    WARN("skipped: PRATIQUE_VECTORS not set");
    return;
  }
  const auto load = [&](const std::string& name) {
    return *Certificate::parse_pem(read_file(std::string(vectors) + "/brski/" + name));
  };
  const auto vendor = load("rfc8995-appc/vendor.crt"), idevid = load("rfc8995-appc/idevid_00-D0-E5-F2-00-02.crt"),
             owner = load("rfc8995-appc/ownerca_secp384r1.crt"), jrc = load("rfc8995-appc/jrc_prime256v1.crt");
  auto options = ChainOptions::ignoring_time();
  CHECK(codes(verify_chain(idevid, {}, {{vendor}}, options)).empty());
  CHECK(codes(verify_chain(jrc, {}, {{owner}}, options)).empty());
  // Same name, another key.
  CHECK_FALSE(verify_chain(idevid, {}, {{load("rfc8366bis/wrong-vendor.crt")}}, options).accepted());
  CHECK_FALSE(verify_chain(idevid, {}, {{owner}}, options).accepted());
  CHECK(verify_chain(jrc, {}, {{owner}}, ChainOptions(kNow)).refused_for("CERTIFICATE_EXPIRED"));
  options.purpose = Purpose::tls_server;
  CHECK(verify_chain(jrc, {}, {{owner}}, options).refused_for("CERTIFICATE_PURPOSE_REFUSED"));
}
