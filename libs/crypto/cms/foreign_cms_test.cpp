// CMS that others made: the published BRSKI sessions, and the openssl command line both ways.
#include <catch2/catch.hpp>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "libs/base/base64.h"
#include "libs/crypto/cms/certs_only.h"
#include "libs/crypto/cms/signed_data.h"
#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/crypto/x509/chain.h"
#include "libs/crypto/x509/issue.h"

using namespace pratique;
using namespace pratique::crypto;

namespace {

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}
void write_file(const std::string& path, std::string_view content) { std::ofstream(path, std::ios::binary) << content; }

std::string folder;  // of the vectors
bool have_vectors() {
  const char* vectors = std::getenv("PRATIQUE_VECTORS");
  if (vectors == nullptr) {
    WARN("skipped: PRATIQUE_VECTORS not set");
    return false;
  }
  folder = std::string(vectors) + "/brski/";
  return true;
}
Bytes message(const std::string& name) { return *base64_decode_lenient(read_file(folder + name)); }
cms::SignedData load(const std::string& name) {
  INFO(name);
  auto data = cms::SignedData::parse(message(name));
  if (!data.has_value()) FAIL(name << ": " << data.error().message);
  return *data;
}
Certificate certificate(const std::string& name) { return *Certificate::parse_pem(read_file(folder + name)); }

std::string judge(const cms::SignedData& data, const Certificate& anchor, std::span<const Certificate> also = {}) {
  const auto verdict = data.verify_signature(also);
  if (!verdict.accepted()) return verdict.first().code;
  const auto chain =
      verify_chain(*verdict.signer, data.certificates(), {{anchor}}, ChainOptions::ignoring_time());
  return chain.accepted() ? "" : chain.first().code;
}

// A folder that goes with the test.
struct Scratch {
  std::string path = std::filesystem::temp_directory_path() / ("pratique-cms-" + std::to_string(::getpid()));
  Scratch() { std::filesystem::create_directories(path); }
  ~Scratch() { std::filesystem::remove_all(path); }
  bool run(const std::string& command) const {
    return std::system(("cd " + path + " && " + command + " >out 2>err").c_str()) == 0;
  }
};

}  // namespace

TEST_CASE("RFC 8995's session verifies in every step", "[crypto][cms]") {
  if (!have_vectors()) return;
  const auto vendor = certificate("rfc8995-appc/vendor.crt");
  const auto request = load("rfc8995-appc/vr_00-D0-E5-F2-00-02.b64");
  CHECK(request.version() == 1);
  CHECK(request.content_type() == cms::kIdData);
  CHECK(request.has_signed_attributes());
  CHECK(judge(request, vendor) == "");
  CHECK(*request.verify_signature().signer == certificate("rfc8995-appc/idevid-embedded-in-vr.crt"));
  CHECK(as_text(request.content()) == read_file(folder + "rfc8995-appc/vr.payload.json"));

  const auto registrar = load("rfc8995-appc/parboiled_vr_00-D0-E5-F2-00-02.b64");
  CHECK(judge(registrar, certificate("rfc8995-appc/ownerca_secp384r1.crt")) == "");
  CHECK(registrar.verify_signature().signer->public_key() ==
        certificate("rfc8995-appc/jrc_prime256v1.crt").public_key());
  CHECK(judge(registrar, vendor) == "CHAIN_ANCHOR_UNKNOWN");

  const auto voucher = load("rfc8995-appc/voucher_00-D0-E5-F2-00-02.b64");
  CHECK(judge(voucher, vendor, {{certificate("rfc8995-appc/masa.crt")}}) == "");
  CHECK(as_text(voucher.content()) == read_file(folder + "rfc8995-appc/voucher.payload.json"));
}

TEST_CASE("a second session verifies, and not with a vendor of the same name", "[crypto][cms]") {
  if (!have_vectors()) return;
  for (const auto* name : {"rfc8366bis/vr_00-D0-E5-F2-00-02.b64", "rfc8366bis/voucher_00-D0-E5-F2-00-02.b64"}) {
    INFO(name);
    const std::vector also = {certificate("rfc8366bis/masa.crt")};
    CHECK(judge(load(name), certificate("rfc8995-appc/vendor.crt"), also) == "");
    CHECK(judge(load(name), certificate("rfc8366bis/wrong-vendor.crt"), also).starts_with("C"));
  }
}

TEST_CASE("the signer is found behind its CA, and NULL digest parameters are taken", "[crypto][cms]") {
  if (!have_vectors()) return;
  const auto siemens = load("minerva-masa/parboiled_vr-9730-siemens-bt.pkcs");
  REQUIRE(siemens.certificates().size() >= 2);
  const auto verdict = siemens.verify_signature();
  CHECK(verdict.accepted());
  CHECK(verdict.signer != siemens.certificates().front());
  CHECK(as_text(siemens.content()).contains("9730977110184206"));
  CHECK(load("minerva-masa/vr_JADA123456789.pkcs").verify_signature().accepted());
  CHECK(load("minerva-masa/parboiled_vr-00-D0-E5-F2-00-02.b64").verify_signature().accepted());
  CHECK(load("minerva-masa/parboiled_vr_00-12-34-56-78-9A.vrq").verify_signature().accepted());
}

TEST_CASE("broken and foreign messages are refused", "[crypto][cms]") {
  if (!have_vectors()) return;
  CHECK_FALSE(cms::SignedData::parse(message("minerva-masa/parboiled_vr_broken-00-D0-E5-F2-00-02.b64")).has_value());
  const auto json = read_file(folder + "minerva-masa/raw_unsigned_vr-00-12-34-56-78-9A.json");
  CHECK(cms::SignedData::parse(as_bytes(json)).error().reason == "CMS_INVALID");
}

TEST_CASE("the openssl command agrees with us both ways", "[crypto][cms]") {
  const Scratch scratch;
  if (!scratch.run("openssl version")) {
    WARN("skipped: no openssl command");
    return;
  }
  SystemRandom random;
  const auto from = *parse_rfc3339("2026-01-01T00:00:00Z");
  const auto root_key = *SoftwareKey::generate(KeyType::ec_p256), key = *SoftwareKey::generate(KeyType::ec_p256);
  const auto root = *issue_self_signed(CertificateProfile::root_ca({.common_name = "R"}, from, kNoExpiry), root_key,
                                       random);
  const auto leaf = *issue_certificate(CertificateProfile::idevid({.serial_number = "1"}, from, "masa.example.com"),
                                       key.public_key(), root, root_key, random);
  write_file(scratch.path + "/root.pem", root.pem());
  write_file(scratch.path + "/leaf.pem", leaf.pem());
  write_file(scratch.path + "/key.pem", as_text(key.plaintext_pem()->reveal()));
  write_file(scratch.path + "/content", "content");

  const auto ours = *cms::sign(as_bytes("content"), cms::kIdAnimaJsonVoucher, leaf, key, {{root}});
  write_file(scratch.path + "/ours.der", as_text(ours));
  CHECK(scratch.run("openssl cms -verify -inform DER -in ours.der -CAfile root.pem -purpose any -binary"));
  CHECK(read_file(scratch.path + "/out") == "content");
  write_file(scratch.path + "/certs.der", as_text(*cms::encode_certs_only({{leaf, root}})));
  CHECK(scratch.run("openssl pkcs7 -inform DER -in certs.der -print_certs"));
  CHECK(read_file(scratch.path + "/out").contains("serialNumber = 1"));
  CHECK(scratch.run("openssl verify -x509_strict -CAfile root.pem leaf.pem"));

  REQUIRE(scratch.run("openssl cms -sign -binary -nodetach -econtent_type 1.2.840.113549.1.9.16.1.40 -outform DER "
                      "-in content -signer leaf.pem -inkey key.pem -certfile root.pem -out theirs.der"));
  const auto theirs = cms::SignedData::parse(as_bytes(read_file(scratch.path + "/theirs.der")));
  REQUIRE(theirs.has_value());
  CHECK(theirs->version() == 3);
  CHECK(judge(*theirs, root) == "");
  REQUIRE(scratch.run("openssl cms -sign -binary -nodetach -noattr -outform DER -in content -signer leaf.pem "
                      "-inkey key.pem -out noattr.der"));
  const auto bare = cms::SignedData::parse(as_bytes(read_file(scratch.path + "/noattr.der")));
  REQUIRE(bare.has_value());
  CHECK_FALSE(bare->has_signed_attributes());
  CHECK(bare->version() == 1);
  CHECK(judge(*bare, root) == "");
  REQUIRE(scratch.run("openssl cms -sign -binary -outform DER -in content -signer leaf.pem -inkey key.pem "
                      "-out detached.der"));
  CHECK(cms::SignedData::parse(as_bytes(read_file(scratch.path + "/detached.der"))).error().message.contains(
      "no content"));
  REQUIRE(scratch.run("openssl cms -sign -binary -nodetach -md sha1 -outform DER -in content -signer leaf.pem "
                      "-inkey key.pem -out sha1.der"));
  const auto sha1 = cms::SignedData::parse(as_bytes(read_file(scratch.path + "/sha1.der")));
  REQUIRE(sha1.has_value());
  CHECK(sha1->verify_signature().first().code == "CMS_DIGEST_REFUSED");
  REQUIRE(scratch.run("openssl crl2pkcs7 -nocrl -certfile leaf.pem -certfile root.pem -outform DER -out certs2.der"));
  CHECK(*cms::parse_certs_only(as_bytes(read_file(scratch.path + "/certs2.der"))) == std::vector{leaf, root});
}
