// One whole session, pledge - registrar - MASA - registrar - pledge, and its bad brothers.
#include <catch2/catch.hpp>

#include "libs/base/base64.h"
#include "libs/protocol/brski/masa.h"
#include "libs/protocol/brski/pledge.h"
#include "libs/protocol/brski/registrar.h"
#include "libs/protocol/brski/status.h"
#include "libs/protocol/voucher/idevid_issuer.h"
#include "tests/support/brski_world.h"

using namespace pratique;
using namespace pratique::brski;
using namespace pratique::voucher;
using pratique::test::brski_world;
using pratique::test::BrskiWorld;
using pratique::test::Identity;
using pratique::test::must;

namespace {

constexpr auto kStrict = WireProfile::strict;
constexpr auto kLenient = WireProfile::lenient;

std::string codes(const Verdict& verdict) {
  std::string out;
  for (const auto& finding : verdict.findings()) out += (out.empty() ? "" : " ") + finding.code;
  return out.empty() ? "accepted" : out;
}

PledgeRequest ask(const Identity& device, const crypto::Certificate& seen, WireProfile profile = kStrict) {
  crypto::SystemRandom random;
  return must(build_pledge_request({device.certificate, device.key}, seen, random, brski_world().now, profile));
}

VoucherRequest pvr_content() {
  auto& world = brski_world();
  VoucherRequest request;
  request.created_on = world.now;
  request.assertion = Assertion::proximity;
  request.serial_number = "00-D0-E5-F2-00-02";
  request.nonce = *Nonce::parse("VOUFT+WwrEv0NuAQEHoV7Q==");
  request.proximity_registrar_cert = world.registrar.certificate.der();
  return request;
}
VoucherRequest rvr_content(const Bytes& prior) {
  auto request = pvr_content();
  request.proximity_registrar_cert.reset();
  request.idevid_issuer = *make_idevid_issuer(brski_world().device.certificate);
  request.prior_signed_voucher_request = prior;
  return request;
}

Bytes sign(const VoucherRequest& request, const Identity& by, const std::vector<crypto::Certificate>& extra = {}) {
  return must(sign_request(request, {by.certificate, by.key}, extra, kStrict, brski_world().now));
}

PledgeRequestJudgement at_registrar(ByteView body, const Identity& client = brski_world().device,
                                    WireProfile profile = kStrict) {
  auto& world = brski_world();
  const std::vector chain = {client.certificate};
  const std::vector ours = {world.registrar.certificate, world.replica.certificate};
  return judge_pledge_request(body, chain, ours, profile, world.now);
}

RegisteredDevice registered() {
  auto& world = brski_world();
  return {.serial_number = "00-D0-E5-F2-00-02",
          .issuers = world.maker_anchors(),
          .idevid_key = world.device.key.public_key()};
}

struct AtMasa {
  Verdict verdict;
  std::optional<RegistrarRequestFacts> facts = {};
  RegistrarRequestJudgement judged = {};
};
AtMasa at_masa(ByteView body, const RegisteredDevice* device, const MasaPolicy& policy = {},
               Timestamp now = brski_world().now) {
  auto opened = open_registrar_request(body, policy.profile);
  if (!opened.facts) return {.verdict = std::move(opened.verdict)};
  auto judged = judge_registrar_request(*opened.facts, device, policy, now);
  return {.verdict = judged.verdict, .facts = std::move(opened.facts), .judged = std::move(judged)};
}
std::string masa_codes(ByteView body, const MasaPolicy& policy = {}) {
  const auto device = registered();
  return codes(at_masa(body, &device, policy).verdict);
}
std::vector<crypto::Certificate> rvr_extra() { return {brski_world().owner_ca.certificate}; }

}  // namespace

TEST_CASE("BRSKI: a whole session", "[protocol][brski]") {
  auto& world = brski_world();
  const auto profile = GENERATE(kStrict, kLenient);
  const auto asked = ask(world.device, world.registrar.certificate, profile);

  const auto judged = at_registrar(asked.body, world.device, profile);
  REQUIRE(codes(judged.verdict) == "accepted");
  CHECK(judged.facts->serial_number == "00-D0-E5-F2-00-02");
  CHECK(judged.facts->bytes == asked.body);
  CHECK(judged.facts->nonce->text() == asked.nonce.text());
  CHECK(judged.facts->masa_url_extension == "masa.example.com:9443");
  CHECK(judge_idevid(std::vector{world.device.certificate}, world.maker_anchors(), world.now).accepted());

  const auto rvr = must(build_registrar_request(*judged.facts, {world.registrar.certificate, world.registrar.key},
                                                rvr_extra(), {}, profile, world.now));
  const auto device = registered();
  const MasaPolicy policy{.profile = profile};
  const auto masa = at_masa(rvr, &device, policy);
  REQUIRE(codes(masa.verdict) == "accepted");
  CHECK(masa.judged.assertion == Assertion::proximity);
  CHECK(masa.facts->request.prior_signed_voucher_request == asked.body);
  CHECK((*masa.facts->request.idevid_issuer)[0] == 0x04);
  CHECK_FALSE(masa.facts->request.proximity_registrar_cert);

  const auto made =
      must(build_voucher(*masa.facts, masa.judged, {world.masa.certificate, world.masa.key}, {}, policy, world.now));
  CHECK(made.pinned == world.owner_ca.certificate);
  CHECK_FALSE(made.content.expires_on);
  CHECK(made.audit.domain_id == domain_id(world.owner_ca.certificate));

  const auto expected = expectation_of(*judged.facts, world.owner_chain(), profile, world.now);
  const auto forwarded = judge_masa_voucher(made.body, world.maker_anchors(), expected, Assertion::proximity);
  CHECK(codes(forwarded.verdict) == "accepted");
  CHECK(codes(judge_masa_voucher(made.body, world.maker_anchors(), expected, Assertion::verified).verdict) ==
        "VOUCHER_ASSERTION_TOO_WEAK");

  const auto at_pledge = [&](const crypto::Certificate& idevid, const Nonce& nonce,
                             const std::vector<crypto::Certificate>& server) {
    return judge_voucher_as_pledge(made.body, world.maker_anchors(), idevid, nonce, server, std::nullopt,
                                   {.profile = profile});
  };
  const auto believed = at_pledge(world.device.certificate, asked.nonce, world.owner_chain());
  CHECK(codes(believed.verdict) == "accepted");
  CHECK(report_voucher_status(believed.verdict).status);
  // The same voucher at another network, for another request, in another device.
  const auto elsewhere =
      at_pledge(world.device.certificate, asked.nonce, {world.stranger.certificate, world.stranger_ca.certificate});
  CHECK(codes(elsewhere.verdict) == "VOUCHER_PINNED_CERT_MISMATCH");
  const auto report = report_voucher_status(elsewhere.verdict);
  CHECK_FALSE(report.status);
  CHECK_THAT(report.reason, Catch::StartsWith("VOUCHER_PINNED_CERT_MISMATCH"));
  crypto::SystemRandom random;
  CHECK(codes(at_pledge(world.device.certificate, Nonce::make(random), world.owner_chain()).verdict) ==
        "VOUCHER_NONCE_MISMATCH");
  CHECK(codes(at_pledge(world.other_device.certificate, asked.nonce, world.owner_chain()).verdict) ==
        "VOUCHER_SERIAL_MISMATCH");

  const auto log = parse_audit_log(as_bytes(encode_audit_log({.events = {made.audit}})));
  REQUIRE(log);
  CHECK(judge_audit_log(*log, std::vector{domain_id(world.owner_ca.certificate)}, asked.nonce, {}).accepted());
}

TEST_CASE("pledge: a certificate without a serial number asks for nothing", "[protocol][brski]") {
  auto& world = brski_world();
  crypto::SystemRandom random;
  const auto asked = build_pledge_request({world.web_server.certificate, world.web_server.key},
                                          world.registrar.certificate, random, std::nullopt);
  REQUIRE_FALSE(asked);
  CHECK(asked.error().reason == "IDEVID_SERIAL_MISSING");
}

TEST_CASE("registrar: a good request, and brothers that differ in one thing", "[protocol][brski]") {
  auto& world = brski_world();
  auto request = pvr_content();
  CHECK(codes(at_registrar(sign(request, world.device)).verdict) == "accepted");

  const auto refused = [&](const std::string& code, int status) {
    const auto judged = at_registrar(sign(request, world.device));
    CHECK(codes(judged.verdict) == code);
    CHECK(judged.facts);
    CHECK(registrar_status(judged.verdict.first().code) == status);
  };
  SECTION("seen by a replica") {
    request.proximity_registrar_cert = world.replica.certificate.der();
    CHECK(codes(at_registrar(sign(request, world.device)).verdict) == "accepted");
  }
  SECTION("another serial number") {
    request.serial_number = "00-D0-E5-F2-00-03";
    refused("PVR_SERIAL_MISMATCH", 401);
  }
  SECTION("no serial number") {
    request.serial_number.clear();
    refused("PVR_SERIAL_MISSING", 404);
  }
  SECTION("no nonce") {
    request.nonce.reset();
    refused("PVR_NONCE_MISSING", 404);
  }
  SECTION("a short nonce") {
    request.nonce = *Nonce::parse("abcd1234");
    refused("PVR_NONCE_LENGTH", 404);
    CHECK(codes(at_registrar(sign(request, world.device), world.device, kLenient).verdict) == "accepted");
  }
  SECTION("no assertion") {
    request.assertion.reset();
    refused("PVR_ASSERTION_NOT_PROXIMITY", 401);
    const auto lenient = at_registrar(sign(request, world.device), world.device, kLenient);
    CHECK(codes(lenient.verdict) == "accepted");
    CHECK(lenient.verdict.notes().size() == 1);
  }
  SECTION("another assertion") {
    request.assertion = Assertion::logged;
    refused("PVR_ASSERTION_NOT_PROXIMITY", 401);
    CHECK_FALSE(at_registrar(sign(request, world.device), world.device, kLenient).verdict.accepted());
  }
  SECTION("another registrar") {
    request.proximity_registrar_cert = world.stranger.certificate.der();
    refused("PVR_PROXIMITY_MISMATCH", 401);
  }
  SECTION("no registrar") {
    request.proximity_registrar_cert.reset();
    refused("PVR_PROXIMITY_MISSING", 401);
  }
  SECTION("a registrar that is no certificate") {
    request.proximity_registrar_cert = Bytes{1, 2, 3};
    refused("PVR_PROXIMITY_MISMATCH", 401);
  }
  SECTION("a clock that is wrong is noted alone") {
    request.created_on = *parse_rfc3339("1970-01-01T00:00:00Z");
    const auto judged = at_registrar(sign(request, world.device));
    CHECK(judged.verdict.accepted());
    CHECK(judged.verdict.notes().at(0).code == "PVR_CLOCK_SKEW");
  }
  SECTION("signed by another device") {
    CHECK(codes(at_registrar(sign(request, world.other_device)).verdict) == "PVR_SIGNER_NOT_IDEVID");
    CHECK(codes(at_registrar(sign(request, world.device), world.other_device).verdict) ==
          "PVR_SIGNER_NOT_IDEVID PVR_SERIAL_MISMATCH");
  }
  SECTION("signed under another certificate of the same key") {
    const Identity again{
        world.certify(BrskiWorld::Profile::idevid({.serial_number = "00-D0-E5-F2-00-02"}, world.from, ""),
                      world.device.key, world.maker_ca),
        world.device.key};
    CHECK(codes(at_registrar(sign(request, again)).verdict) == "accepted");
  }
  SECTION("no client certificate") {
    const auto judged = judge_pledge_request(sign(request, world.device), {}, {}, kStrict, world.now);
    CHECK(codes(judged.verdict) == "IDEVID_MISSING");
  }
  SECTION("a client certificate without a serial number") {
    CHECK(codes(at_registrar(sign(request, world.web_server), world.web_server).verdict) == "IDEVID_SERIAL_MISSING");
  }
  SECTION("no signature, another format, not a request") {
    CHECK(codes(at_registrar(as_bytes(encode_voucher_request(request))).verdict) == "PVR_UNSIGNED");
    CHECK(codes(at_registrar(Bytes{0xD2, 0x84}).verdict) == "PVR_FORMAT_UNSUPPORTED");
    CHECK(codes(at_registrar(as_bytes("hello")).verdict) == "PVR_MALFORMED");
    const Voucher voucher{.created_on = world.now, .serial_number = "x"};
    const auto other =
        must(sign_voucher(voucher, {world.device.certificate, world.device.key}, {}, kStrict, world.now));
    CHECK(codes(at_registrar(other).verdict) == "PVR_MALFORMED");
  }
}

TEST_CASE("registrar: what is let pass for a lenient manufacturer is noted", "[protocol][brski]") {
  const auto text = to_bytes(base64_encode(ask(brski_world().device, brski_world().registrar.certificate).body));
  CHECK(codes(at_registrar(text).verdict) == "PVR_MALFORMED");
  const auto judged = at_registrar(text, brski_world().device, kLenient);
  REQUIRE(judged.verdict.accepted());
  REQUIRE_FALSE(judged.verdict.notes().empty());
  CHECK(judged.verdict.notes().front().code == "WIRE_LENIENCY");
}

TEST_CASE("registrar: whose device is it", "[protocol][brski]") {
  auto& world = brski_world();
  const auto judged = [&](const crypto::Certificate& leaf, Timestamp now) {
    return codes(judge_idevid(std::vector{leaf}, world.maker_anchors(), now));
  };
  CHECK(judged(world.device.certificate, world.now) == "accepted");
  CHECK(judged(world.impostor.certificate, world.now) == "IDEVID_UNTRUSTED");
  CHECK(judged(world.registrar.certificate, world.now) == "IDEVID_UNTRUSTED");
  CHECK(codes(judge_idevid({}, world.maker_anchors(), world.now)) == "IDEVID_MISSING");
  auto profile = BrskiWorld::Profile::idevid({.serial_number = "1"}, world.from, "");
  profile.not_after = world.now - std::chrono::hours(1);
  const auto expired = world.issue(profile, world.maker_ca).certificate;
  CHECK(judged(expired, world.now) == "accepted");
  CHECK(codes(judge_idevid(std::vector{expired}, world.maker_anchors(), world.now, false)) == "IDEVID_UNTRUSTED");
}

TEST_CASE("MASA: a good request, and brothers that differ in one thing", "[protocol][brski]") {
  auto& world = brski_world();
  const auto device = registered();
  const auto prior = sign(pvr_content(), world.device);
  auto request = rvr_content(prior);
  const auto signed_rvr = [&] { return sign(request, world.registrar, rvr_extra()); };
  CHECK(masa_codes(signed_rvr()) == "accepted");
  const MasaPolicy lenient{.profile = kLenient};

  SECTION("unknown device") {
    const auto judged = at_masa(signed_rvr(), nullptr);
    CHECK(codes(judged.verdict) == "RVR_DEVICE_UNKNOWN");
    CHECK(masa_status(judged.verdict.first().code) == 404);
  }
  SECTION("a device that the caller looked up wrongly") {
    auto other = device;
    other.serial_number = "00-D0-E5-F2-00-03";
    CHECK(codes(at_masa(signed_rvr(), &other).verdict) == "RVR_DEVICE_UNKNOWN");
  }
  SECTION("blocked device") {
    auto blocked = device;
    blocked.blocked = true;
    CHECK(codes(at_masa(signed_rvr(), &blocked).verdict) == "RVR_DEVICE_BLOCKED");
  }
  SECTION("signer without cmcRA") {
    auto content = pvr_content();
    content.proximity_registrar_cert = world.web_server.certificate.der();
    request.prior_signed_voucher_request = sign(content, world.device);
    CHECK(masa_codes(sign(request, world.web_server, rvr_extra())) == "RVR_SIGNER_NOT_RA");
  }
  SECTION("no chain, or another's") {
    CHECK(masa_codes(sign(request, world.registrar)) == "RVR_CHAIN_INCOMPLETE");
    CHECK(masa_codes(sign(request, world.registrar), lenient) == "accepted");
    CHECK(masa_codes(sign(request, world.registrar, {world.stranger_ca.certificate})) == "RVR_CHAIN_INVALID");
    CHECK(masa_codes(sign(request, world.registrar, {world.stranger_ca.certificate}), lenient) == "RVR_CHAIN_INVALID");
  }
  SECTION("registrar expired") {
    const auto late = at_masa(signed_rvr(), &device, {.max_request_age = std::chrono::hours(24 * 999)},
                              world.until + std::chrono::hours(1));
    CHECK(codes(late.verdict).starts_with("RVR_CHAIN_INVALID"));
  }
  SECTION("another nonce") {
    request.nonce = *Nonce::parse("f4G6Vi1t8nKo/FieCVgpBg==");
    CHECK(masa_codes(signed_rvr()) == "RVR_NONCE_MISMATCH");
    CHECK(masa_codes(signed_rvr(), lenient) == "RVR_NONCE_MISMATCH");
  }
  SECTION("a nonce that the device never sent") {
    auto content = pvr_content();
    content.nonce.reset();
    request.prior_signed_voucher_request = sign(content, world.device);
    CHECK(masa_codes(signed_rvr()) == "RVR_NONCE_MISMATCH");
  }
  SECTION("another serial number") {
    const RegisteredDevice other{.serial_number = "00-D0-E5-F2-00-03", .issuers = world.maker_anchors()};
    request.serial_number = "00-D0-E5-F2-00-03";
    CHECK(codes(at_masa(signed_rvr(), &other).verdict) == "RVR_SERIAL_MISMATCH");
    auto content = pvr_content();
    content.serial_number = "00-D0-E5-F2-00-03";
    request = rvr_content(sign(content, world.device));
    CHECK(masa_codes(signed_rvr()) == "RVR_SERIAL_MISMATCH");
  }
  SECTION("no serial number") {
    request.serial_number.clear();
    CHECK(masa_codes(signed_rvr()) == "RVR_SERIAL_MISSING");
  }
  SECTION("signed by another device of ours") {
    request.prior_signed_voucher_request = sign(pvr_content(), world.other_device);
    CHECK(masa_codes(signed_rvr()) == "IDEVID_KEY_UNREGISTERED RVR_SERIAL_MISMATCH");
  }
  SECTION("signed by a device of an impostor") {
    request.prior_signed_voucher_request = sign(pvr_content(), world.impostor);
    CHECK(masa_codes(signed_rvr()) == "IDEVID_UNTRUSTED IDEVID_KEY_UNREGISTERED RVR_IDEVID_ISSUER_MISMATCH");
  }
  SECTION("an identity that outlived its dates") {
    auto profile = BrskiWorld::Profile::idevid({.serial_number = "00-D0-E5-F2-00-02"}, world.from, "");
    profile.not_after = world.now - std::chrono::hours(1);
    const Identity old{world.certify(profile, world.device.key, world.maker_ca), world.device.key};
    request.prior_signed_voucher_request = sign(pvr_content(), old);
    CHECK(masa_codes(signed_rvr()) == "accepted");
  }
  SECTION("the device's request was changed on the way") {
    request.prior_signed_voucher_request->back() ^= 1;
    CHECK_THAT(masa_codes(signed_rvr()), Catch::StartsWith("PVR_SIGNATURE_INVALID"));
  }
  SECTION("the device's request is not signed") {
    request.prior_signed_voucher_request = to_bytes(encode_voucher_request(pvr_content()));
    CHECK(masa_codes(signed_rvr()) == "PVR_UNSIGNED");
    CHECK(masa_codes(signed_rvr(), lenient) == "PVR_UNSIGNED");
  }
  SECTION("without the device's request") {
    request.prior_signed_voucher_request.reset();
    CHECK(masa_codes(signed_rvr()) == "RVR_PRIOR_MISSING");
    const auto logged = at_masa(signed_rvr(), &device, lenient);
    CHECK(codes(logged.verdict) == "accepted");
    CHECK(logged.judged.assertion == Assertion::logged);
  }
  SECTION("another registrar than the one seen") {
    const auto stolen = sign(request, world.stranger, {world.stranger_ca.certificate});
    CHECK(masa_codes(stolen) == "RVR_PROXIMITY_MISMATCH");
    CHECK(masa_codes(stolen, lenient) == "RVR_PROXIMITY_MISMATCH");
    // Nor does it help to put the victim's certificates inside.
    CHECK(masa_codes(sign(request, world.stranger,
                          {world.stranger_ca.certificate, world.registrar.certificate, world.owner_ca.certificate})) ==
          "RVR_PROXIMITY_MISMATCH");
  }
  SECTION("a replica asks") {
    CHECK(masa_codes(sign(request, world.replica, {world.registrar.certificate, world.owner_ca.certificate})) ==
          "accepted");
    CHECK(masa_codes(sign(request, world.replica, rvr_extra())) == "RVR_PROXIMITY_MISMATCH");
    auto content = pvr_content();
    content.proximity_registrar_cert = world.web_server.certificate.der();
    request.prior_signed_voucher_request = sign(content, world.device);
    CHECK(masa_codes(sign(request, world.replica, {world.web_server.certificate, world.owner_ca.certificate})) ==
          "RVR_PROXIMITY_MISMATCH");
  }
  SECTION("the device named no registrar") {
    auto content = pvr_content();
    content.proximity_registrar_cert.reset();
    request.prior_signed_voucher_request = sign(content, world.device);
    CHECK(masa_codes(signed_rvr()) == "PVR_PROXIMITY_MISSING");
    const auto logged = at_masa(signed_rvr(), &device, lenient);
    CHECK(codes(logged.verdict) == "accepted");
    CHECK(logged.judged.assertion == Assertion::logged);
  }
  SECTION("a member that only a pledge may send") {
    request.proximity_registrar_cert = world.registrar.certificate.der();
    CHECK(masa_codes(signed_rvr()) == "RVR_PROXIMITY_FORBIDDEN");
    CHECK(masa_codes(signed_rvr(), lenient) == "accepted");
  }
  SECTION("idevid-issuer absent or wrong") {
    request.idevid_issuer.reset();
    CHECK(masa_codes(signed_rvr()) == "RVR_IDEVID_ISSUER_MISSING");
    CHECK(masa_codes(signed_rvr(), lenient) == "accepted");
    request.idevid_issuer = *make_idevid_issuer(world.registrar.certificate);
    CHECK(masa_codes(signed_rvr()) == "RVR_IDEVID_ISSUER_MISMATCH");
  }
  SECTION("too old, from the future, undated") {
    request.created_on = world.now - std::chrono::hours(25);
    CHECK(masa_codes(signed_rvr()) == "RVR_STALE");
    request.created_on = world.now + std::chrono::minutes(11);
    CHECK(masa_codes(signed_rvr()) == "RVR_STALE");
    request.created_on.reset();
    CHECK(masa_codes(signed_rvr()) == "RVR_STALE");
    CHECK(masa_codes(signed_rvr(), lenient) == "accepted");
  }
  SECTION("a short nonce") {
    auto content = pvr_content();
    content.nonce = *Nonce::parse("abcd1234");
    request = rvr_content(sign(content, world.device));
    request.nonce = content.nonce;
    CHECK(masa_codes(signed_rvr()) == "RVR_NONCE_LENGTH");
    CHECK(masa_codes(signed_rvr(), lenient) == "accepted");
  }
  SECTION("no signature, another format, broken") {
    const std::pair<Bytes, std::string> bodies[] = {
        {to_bytes(encode_voucher_request(request)), "RVR_UNSIGNED"},
        {Bytes{0xD2, 0x84}, "RVR_FORMAT_UNSUPPORTED"},
        {to_bytes(ByteView(signed_rvr()).first(100)), "RVR_MALFORMED"},
    };
    for (const auto& [body, code] : bodies) {
      const auto judged = at_masa(body, &device);
      CHECK(codes(judged.verdict) == code);
      CHECK(masa_status(judged.verdict.first().code) == 406);
    }
  }
}

TEST_CASE("MASA: vouchers without a nonce are for known owners, and end", "[protocol][brski]") {
  auto& world = brski_world();
  const auto device = registered();
  const auto body = must(build_nonceless_request("00-D0-E5-F2-00-02", *make_idevid_issuer(world.device.certificate),
                                                 {world.registrar.certificate, world.registrar.key}, rvr_extra(),
                                                 kStrict, world.now));
  CHECK(masa_codes(body) == "RVR_OWNER_UNAUTHENTICATED RVR_PRIOR_MISSING");
  MasaPolicy policy;
  policy.owner_authenticated = true;
  const auto judged = at_masa(body, &device, policy);
  REQUIRE(codes(judged.verdict) == "accepted");
  CHECK(judged.judged.assertion == Assertion::logged);

  const SigningKey masa{world.masa.certificate, world.masa.key};
  auto made = must(build_voucher(*judged.facts, judged.judged, masa, {}, policy, world.now));
  CHECK(made.content.expires_on == world.now + policy.nonceless_lifetime);
  CHECK_FALSE(made.audit.nonce);
  policy.nonceless_lifetime = std::chrono::hours(24 * 9999);
  made = must(build_voucher(*judged.facts, judged.judged, masa, {}, policy, world.now));
  CHECK(made.content.expires_on == world.registrar.certificate.not_after());

  VoucherExpectation expected{
      .serial_number = "00-D0-E5-F2-00-02", .server_chain = world.owner_chain(), .now = world.now};
  CHECK(codes(judge_voucher(made.body, world.maker_anchors(), expected).verdict) == "accepted");
  CHECK_FALSE(build_voucher(*judged.facts, {}, masa, {}, policy, world.now));
}
