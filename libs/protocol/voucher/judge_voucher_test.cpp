#include "libs/protocol/voucher/judge_voucher.h"

#include <catch2/catch.hpp>

#include "libs/base/base64.h"
#include "libs/crypto/cms/signed_data.h"
#include "libs/protocol/voucher/idevid_issuer.h"
#include "libs/protocol/voucher/proximity.h"
#include "libs/protocol/voucher/reasons.h"
#include "tests/support/brski_world.h"

using namespace pratique;
using namespace pratique::voucher;
using pratique::test::brski_world;
using pratique::test::must;

namespace {

constexpr auto kStrict = WireProfile::strict;
constexpr auto kLenient = WireProfile::lenient;
const Nonce kNonce = *Nonce::parse("VOUFT+WwrEv0NuAQEHoV7Q==");

Voucher good_voucher() {
  auto& world = brski_world();
  Voucher voucher;
  voucher.created_on = world.now;
  voucher.assertion = Assertion::proximity;
  voucher.serial_number = "00-D0-E5-F2-00-02";
  voucher.nonce = kNonce;
  voucher.pinned_domain_cert = world.owner_ca.certificate.der();
  return voucher;
}

VoucherExpectation expectation() {
  auto& world = brski_world();
  VoucherExpectation expected;
  expected.serial_number = "00-D0-E5-F2-00-02";
  expected.nonce = kNonce;
  expected.server_chain = world.owner_chain();
  expected.idevid = world.device.certificate;
  expected.now = world.now;
  return expected;
}

Bytes sign(const Voucher& voucher, const test::Identity& signer, WireProfile profile = kStrict) {
  return must(sign_voucher(voucher, {signer.certificate, signer.key}, {}, profile, brski_world().now));
}

VoucherJudgement judge(const Voucher& voucher, const VoucherExpectation& expected = expectation()) {
  const auto anchors = brski_world().maker_anchors();
  return judge_voucher(sign(voucher, brski_world().masa), anchors, expected);
}

/// The codes of all findings.
std::string codes(const Verdict& verdict) {
  std::string out;
  for (const auto& finding : verdict.findings()) out += (out.empty() ? "" : " ") + finding.code;
  return out.empty() ? "accepted" : out;
}

}  // namespace

TEST_CASE("voucher judgement: a good voucher, and brothers that differ in one thing", "[protocol][voucher]") {
  auto& world = brski_world();
  const auto good = judge(good_voucher());
  CHECK(codes(good.verdict) == "accepted");
  CHECK(good.pin == PinMatch::issuing_ca);
  REQUIRE(good.pinned);
  CHECK(*good.pinned == world.owner_ca.certificate);
  CHECK(good.signer == world.masa.certificate);
  CHECK(good.verdict.notes().empty());

  auto voucher = good_voucher();
  SECTION("pins the registrar itself") {
    voucher.pinned_domain_cert = world.registrar.certificate.der();
    const auto judged = judge(voucher);
    CHECK(codes(judged.verdict) == "accepted");
    CHECK(judged.pin == PinMatch::server_key);
  }
  SECTION("pins the registrar's key after renewal of its certificate") {
    voucher.pinned_domain_cert =
        world.certify(world.ra_profile("renewed.example.com"), world.registrar.key, world.owner_ca).der();
    CHECK(judge(voucher).pin == PinMatch::server_key);
  }
  SECTION("pins a bare key, or its hash") {
    voucher.pinned_domain_cert.reset();
    voucher.pinned_domain_pubk = world.registrar.key.public_key().spki();
    CHECK(codes(judge(voucher).verdict) == "accepted");
    voucher.pinned_domain_pubk.reset();
    voucher.pinned_domain_pubk_sha256 = world.owner_ca.key.public_key().fingerprint_sha256();
    CHECK(codes(judge(voucher).verdict) == "accepted");
    voucher.pinned_domain_pubk_sha256 = world.stranger_ca.key.public_key().fingerprint_sha256();
    CHECK(codes(judge(voucher).verdict) == "VOUCHER_PINNED_CERT_MISMATCH");
  }
  SECTION("another serial number") {
    voucher.serial_number = "00-D0-E5-F2-00-03";
    CHECK(codes(judge(voucher).verdict) == "VOUCHER_SERIAL_MISMATCH");
  }
  SECTION("another nonce") {
    voucher.nonce = *Nonce::parse("f4G6Vi1t8nKo/FieCVgpBg==");
    CHECK(codes(judge(voucher).verdict) == "VOUCHER_NONCE_MISMATCH");
  }
  SECTION("another owner") {
    voucher.pinned_domain_cert = world.stranger_ca.certificate.der();
    CHECK(codes(judge(voucher).verdict) == "VOUCHER_PINNED_CERT_MISMATCH");
  }
  SECTION("no owner") {
    voucher.pinned_domain_cert.reset();
    CHECK(codes(judge(voucher).verdict) == "VOUCHER_PINNED_CERT_MISSING");
  }
  SECTION("an owner that is no certificate") {
    voucher.pinned_domain_cert = Bytes{1, 2, 3};
    CHECK(codes(judge(voucher).verdict) == "VOUCHER_PINNED_CERT_INVALID");
  }
  SECTION("expired") {
    voucher.expires_on = world.now;
    CHECK(codes(judge(voucher).verdict) == "VOUCHER_EXPIRED");
    voucher.expires_on = world.now + std::chrono::seconds(1);
    CHECK(codes(judge(voucher).verdict) == "accepted");
  }
  SECTION("expired, for a device without a clock") {
    voucher.expires_on = world.now - std::chrono::hours(1);
    auto expected = expectation();
    expected.now.reset();
    CHECK(codes(judge(voucher, expected).verdict) == "accepted");
  }
  SECTION("another issuer's device of that serial number") {
    voucher.idevid_issuer = *make_idevid_issuer(world.impostor.certificate);
    CHECK(codes(judge(voucher).verdict) == "VOUCHER_IDEVID_ISSUER_MISMATCH");
    voucher.idevid_issuer = *make_idevid_issuer(world.device.certificate);
    CHECK(codes(judge(voucher).verdict) == "accepted");
  }
  SECTION("everything wrong is listed") {
    voucher.serial_number = "x";
    voucher.nonce = *Nonce::parse("f4G6Vi1t8nKo/FieCVgpBg==");
    voucher.pinned_domain_cert.reset();
    CHECK(codes(judge(voucher).verdict) ==
          "VOUCHER_SERIAL_MISMATCH VOUCHER_NONCE_MISMATCH VOUCHER_PINNED_CERT_MISSING");
  }
}

TEST_CASE("voucher judgement: who signed", "[protocol][voucher]") {
  auto& world = brski_world();
  const auto anchors = world.maker_anchors();
  const auto judged = [&](const test::Identity& signer) {
    return codes(judge_voucher(sign(good_voucher(), signer), anchors, expectation()).verdict);
  };
  CHECK(judged(world.masa) == "accepted");
  CHECK(judged(world.maker_ca) == "accepted");
  CHECK(judged(world.registrar) == "VOUCHER_SIGNER_UNKNOWN");
  CHECK(judged(world.impostor_ca) == "VOUCHER_SIGNER_UNKNOWN");  // the same name, another key
  CHECK(codes(judge_voucher(sign(good_voucher(), world.masa), {}, expectation()).verdict) == "VOUCHER_SIGNER_UNKNOWN");

  SECTION("the MASA's certificate is the anchor itself") {
    const std::vector only = {world.masa.certificate};
    CHECK(codes(judge_voucher(sign(good_voucher(), world.masa), only, expectation()).verdict) == "accepted");
  }
  SECTION("the MASA's certificate has expired") {
    auto expected = expectation();
    expected.now = world.until + std::chrono::hours(1);
    expected.server_chain = {world.owner_ca.certificate};
    const auto late = judge_voucher(sign(good_voucher(), world.masa), anchors, expected);
    CHECK(codes(late.verdict) == "VOUCHER_SIGNER_UNKNOWN");
    CHECK(late.verdict.first().evidence.at(2).first == "CERTIFICATE_EXPIRED");
  }
}

TEST_CASE("voucher judgement: nonceless vouchers", "[protocol][voucher]") {
  auto& world = brski_world();
  auto voucher = good_voucher();
  voucher.nonce.reset();
  voucher.expires_on = world.now + std::chrono::hours(1);
  auto expected = expectation();
  CHECK(codes(judge(voucher, expected).verdict) == "VOUCHER_NONCE_MISSING");
  expected.accept_nonceless = true;
  CHECK(codes(judge(voucher, expected).verdict) == "accepted");
  SECTION("without an expiry") {
    voucher.expires_on.reset();
    CHECK(codes(judge(voucher, expected).verdict) == "VOUCHER_EXPIRY_MISSING");
  }
  SECTION("without a clock") {
    expected.now.reset();
    CHECK(codes(judge(voucher, expected).verdict) == "VOUCHER_CLOCK_NEEDED");
  }
  SECTION("asked for without a nonce") {
    expected.accept_nonceless = false;
    expected.nonce.reset();
    CHECK(codes(judge(voucher, expected).verdict) == "accepted");
    CHECK(codes(judge(good_voucher(), expected).verdict) == "VOUCHER_NONCE_UNASKED");
  }
}

TEST_CASE("voucher pinning: a CA that merely lies in the list proves nothing", "[protocol][voucher]") {
  auto& world = brski_world();
  auto expected = expectation();
  // A stranger shows its own certificate and the victim's CA.
  expected.server_chain = {world.stranger.certificate, world.owner_ca.certificate};
  CHECK(codes(judge(good_voucher(), expected).verdict) == "VOUCHER_PINNED_CERT_MISMATCH");
  // The owner's server leaves its root out: the pinned certificate completes the chain.
  expected.server_chain = {world.registrar.certificate};
  CHECK(codes(judge(good_voucher(), expected).verdict) == "accepted");
  // A pinned end entity does not vouch for others of its CA.
  auto voucher = good_voucher();
  voucher.pinned_domain_cert = world.web_server.certificate.der();
  CHECK(codes(judge(voucher).verdict) == "VOUCHER_PINNED_CERT_MISMATCH");
  expected.server_chain = {};
  CHECK(codes(judge(good_voucher(), expected).verdict) == "VOUCHER_PINNED_CERT_MISMATCH");
}

TEST_CASE("signed voucher: the envelope's form", "[protocol][voucher]") {
  auto& world = brski_world();
  const auto opened = [](ByteView bytes, WireProfile profile) {
    return codes(open_signed(bytes, Artifact::voucher, profile).verdict);
  };
  const auto strict = sign(good_voucher(), world.masa, kStrict);
  const auto lenient = sign(good_voucher(), world.masa, kLenient);

  SECTION("strict and lenient forms under both profiles") {
    const auto artifact = open_signed(strict, Artifact::voucher, kStrict).artifact;
    REQUIRE(artifact);
    CHECK(artifact->bytes == strict);
    CHECK(artifact->content == to_bytes(encode_voucher(good_voucher())));
    CHECK(artifact->version == 3);
    CHECK(artifact->content_type == crypto::cms::kIdAnimaJsonVoucher);
    CHECK(artifact->signed_attributes);
    CHECK(artifact->signing_time == world.now);
    CHECK(opened(strict, kLenient) == "accepted");
    const auto noted = open_signed(lenient, Artifact::voucher, kLenient);
    REQUIRE(noted.artifact);
    CHECK(noted.artifact->version == 1);
    CHECK(noted.verdict.notes().size() == 1);
    CHECK(opened(lenient, kStrict) == "VOUCHER_PROFILE_VIOLATION VOUCHER_PROFILE_VIOLATION");
  }
  SECTION("another content type") {
    const auto other =
        must(crypto::cms::sign(as_bytes("{}"), "1.2.840.113549.1.9.16.1.4", world.masa.certificate, world.masa.key));
    CHECK(opened(other, kStrict) == "VOUCHER_PROFILE_VIOLATION");
    CHECK(opened(other, kLenient) == "VOUCHER_PROFILE_VIOLATION");
  }
  SECTION("base64 text") {
    const auto text = to_bytes(base64_encode(strict));
    CHECK(opened(text, kStrict) == "VOUCHER_MALFORMED");
    const auto taken = open_signed(text, Artifact::voucher, kLenient);
    REQUIRE(taken.artifact);
    CHECK(taken.artifact->bytes == strict);
  }
  SECTION("a changed content") {
    auto changed = strict;
    const auto at = as_text(changed).find("00-D0");
    REQUIRE(at != std::string_view::npos);
    changed[at] = '9';
    CHECK_THAT(opened(changed, kStrict), Catch::StartsWith("VOUCHER_SIGNATURE_INVALID"));
  }
  SECTION("a changed signature") {
    auto changed = strict;
    changed.back() ^= 1;
    CHECK_THAT(opened(changed, kStrict), Catch::StartsWith("VOUCHER_SIGNATURE_INVALID"));
  }
  SECTION("what is no CMS") {
    auto trailing = strict;
    trailing.push_back(0);
    CHECK(opened(trailing, kStrict) == "VOUCHER_MALFORMED");
    CHECK(opened(ByteView(strict).first(strict.size() / 2), kStrict) == "VOUCHER_MALFORMED");
    CHECK(opened({}, kStrict) == "VOUCHER_MALFORMED");
    CHECK(opened(as_bytes("0"), kStrict) == "VOUCHER_MALFORMED");
    CHECK(opened(Bytes(kMaxSignedBytes + 1, 0x30), kStrict) == "VOUCHER_MALFORMED");
    CHECK(opened(as_bytes(encode_voucher(good_voucher())), kStrict) == "VOUCHER_UNSIGNED");
    CHECK(opened(as_bytes(R"( {"payload":"","signatures":[]})"), kLenient) == "VOUCHER_FORMAT_UNSUPPORTED");
    CHECK(opened(Bytes{0xD2, 0x84, 0x43}, kLenient) == "VOUCHER_FORMAT_UNSUPPORTED");
    CHECK(opened(as_bytes("hello"), kLenient) == "VOUCHER_MALFORMED");
  }
  SECTION("a signed text that is no voucher") {
    const auto anchors = world.maker_anchors();
    const auto text = must(crypto::cms::sign(as_bytes("{\"a\":1,\"a\":2}"), crypto::cms::kIdAnimaJsonVoucher,
                                             world.masa.certificate, world.masa.key));
    CHECK(codes(judge_voucher(text, anchors, expectation()).verdict) == "VOUCHER_MALFORMED");
  }
}

TEST_CASE("idevid-issuer: the forms that are met", "[protocol][voucher]") {
  auto& world = brski_world();
  const auto& idevid = world.device.certificate;
  const auto full = *make_idevid_issuer(idevid);
  REQUIRE(full.size() > 6);
  CHECK(full[0] == 0x04);
  CHECK(full[2] == 0x30);
  CHECK(match_idevid_issuer(full, idevid) == IssuerMatch::same);
  CHECK(match_idevid_issuer(ByteView(full).subspan(2), idevid) == IssuerMatch::same);
  CHECK(match_idevid_issuer(*idevid.authority_key_id(), idevid) == IssuerMatch::same);
  CHECK(match_idevid_issuer(idevid.issuer_der(), idevid) == IssuerMatch::same);
  CHECK(match_idevid_issuer(*make_idevid_issuer(world.impostor.certificate), idevid) == IssuerMatch::different);
  CHECK(match_idevid_issuer(world.owner_ca.certificate.subject_der(), idevid) == IssuerMatch::different);
  CHECK(match_idevid_issuer({}, idevid) == IssuerMatch::different);
}

TEST_CASE("proximity: the registrar is compared by key", "[protocol][voucher]") {
  auto& world = brski_world();
  VoucherRequest request;
  CHECK_FALSE(names_registrar(request));
  CHECK_FALSE(names_registrar(request, world.registrar.certificate));
  request.proximity_registrar_cert = world.registrar.certificate.der();
  CHECK(names_registrar(request, world.registrar.certificate));
  CHECK(names_registrar(request,
                        world.certify(world.ra_profile("renewed.example.com"), world.registrar.key, world.owner_ca)));
  CHECK_FALSE(names_registrar(request, world.replica.certificate));
  request.proximity_registrar_pubk = world.replica.key.public_key().spki();  // contradicts the certificate
  CHECK_FALSE(names_registrar(request, world.registrar.certificate));
  CHECK_FALSE(names_registrar(request, world.replica.certificate));
  request.proximity_registrar_cert = Bytes{1};
  CHECK_FALSE(names_registrar(request, world.replica.certificate));
  request = {};
  request.proximity_registrar_pubk_sha256 = world.registrar.key.public_key().fingerprint_sha256();
  CHECK(names_registrar(request, world.registrar.certificate));
  CHECK_FALSE(names_registrar(request, world.replica.certificate));
}
