#include "tools/factory/masa.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>

#include "libs/protocol/voucher/idevid_issuer.h"
#include "tools/factory/maker_test.h"

using namespace pratique;
using namespace pratique::factory;
using namespace pratique::factory::testing;
using namespace std::chrono_literals;

namespace {

std::string judge_log(const net::http::Response& response, const Maker::Asked& asked) {
  REQUIRE(response.status == 200);
  const auto log = must(brski::parse_audit_log(response.body));
  const std::vector ours = {brski::domain_id(world().owner_ca.certificate)};
  const auto verdict = brski::judge_audit_log(log, ours, asked.pledge.nonce, {});
  return verdict.accepted() ? "accepted" : verdict.first().code;
}

}  // namespace

TEST_CASE("MASA: gives a voucher that the device believes, and shows whom it gave it", "[tool][factory]") {
  Maker maker;
  const auto asked = maker.ask();
  {
    Running masa(maker);
    const auto voucher = masa.voucher(asked.body);
    REQUIRE(voucher.status == 200);
    CHECK(voucher.content_type() == brski::kVoucherCmsJson);
    CHECK(maker.opinion(asked, voucher.body) == "accepted");
    CHECK(judge_log(masa.audit_log(asked.body), asked) == "accepted");
    CHECK(masa.audit_log(maker.ask(world().stranger).body).status == 404);
    REQUIRE(masa.lines.size() == 3);
    CHECK_THAT(masa.lines[0], Catch::Contains("200 serial=00-D0-E5-F2-00-02 voucher given: proximity"));
  }
  Running restarted(maker);  // the log is on the disk
  CHECK(judge_log(restarted.audit_log(asked.body), asked) == "accepted");
}

TEST_CASE("MASA: refuses what is no good request", "[tool][factory]") {
  Maker maker;
  Running masa(maker);
  SECTION("a device that was not made here") {
    const auto identity = world().idevid("00-D0-E5-F2-00-99", world().maker_ca);
    const device::Manufactured stranger{{identity.certificate}, identity.key, {}};
    CHECK(masa.refusal(maker.ask(stranger).body) == "404 RVR_DEVICE_UNKNOWN");
  }
  SECTION("a serial number of ours under another maker's CA") {
    const device::Manufactured impostor{{world().impostor.certificate}, world().impostor.key, {}};
    CHECK(masa.refusal(maker.ask(impostor).body) == "403 IDEVID_UNTRUSTED");
  }
  SECTION("a clone: another key with the same serial number") {
    auto device = *must(maker.factory.devices().find(kSerial));
    device.key = world().device.key.public_key();
    REQUIRE(maker.factory.devices().put(device));
    CHECK(masa.refusal(maker.ask().body) == "403 IDEVID_KEY_UNREGISTERED");
  }
  SECTION("a blocked device") {
    auto device = *must(maker.factory.devices().find(kSerial));
    device.blocked = true;
    REQUIRE(maker.factory.devices().put(device));
    CHECK(masa.refusal(maker.ask().body) == "403 RVR_DEVICE_BLOCKED");
  }
  SECTION("a signer that is no registration authority") {
    CHECK(masa.refusal(maker.ask(world().web_server).body) == "403 RVR_SIGNER_NOT_RA");
  }
  SECTION("a request of the day before yesterday") {
    const auto old = maker.ask();
    maker.clock.advance(48h);
    CHECK(masa.refusal(old.body) == "403 RVR_STALE");
  }
  SECTION("no signed request at all") {
    CHECK(masa.refusal(as_bytes("{}")).starts_with("406 "));
    CHECK(masa.refusal(maker.ask().pledge.body) == "403 RVR_SIGNER_NOT_RA");
  }
  CHECK(must(AuditBook(maker.factory.audit_folder()).get(kSerial)).events.empty());
}

TEST_CASE("MASA: keeps to the forms of HTTP", "[tool][factory]") {
  Maker maker;
  Running masa(maker);
  const auto body = maker.ask().body;
  net::HttpCall call;
  call.target = brski::kRequestVoucherPath;
  const auto got = must(masa.send(call));
  CHECK(got.status == 405);
  CHECK(got.headers.get("Allow") == "POST");
  call.method = "POST";
  call.headers = {{"Content-Type", "application/json"}};
  call.body = body;
  CHECK(must(masa.send(call)).status == 415);
  CHECK(masa.post(brski::kRequestVoucherPath, body, "application/voucher-jws+json").status == 406);
  CHECK(masa.post(brski::kRequestAuditLogPath, body, "text/html").status == 406);
  CHECK(masa.post("/.well-known/brski/other", body, "*/*").status == 404);
  CHECK(masa.post(brski::kOldRequestVoucherPath, body, "*/*").status == 404);
  Running lenient(maker, {.profile = voucher::WireProfile::lenient});
  CHECK(lenient.post(brski::kOldRequestVoucherPath, body, "*/*").status == 200);
}

TEST_CASE("MASA: each misdeed is noticed, and touches the chosen device alone", "[tool][factory]") {
  const auto [word, code] = GENERATE(table<std::string, std::string>({
      {"forged", "VOUCHER_SIGNER_UNKNOWN"},
      {"other-owner", "VOUCHER_PINNED_CERT_MISMATCH"},
      {"wrong-serial", "VOUCHER_SERIAL_MISMATCH"},
      {"replay-nonce", "VOUCHER_NONCE_MISMATCH"},
  }));
  Maker maker;
  const auto honest = must(maker.factory.manufacture({.serial = "00-D0-E5-F2-00-03", .model = "Sensor 7"}));
  Running masa(maker, {}, word + "=" + kSerial);
  const auto asked = maker.ask();
  const auto voucher = masa.voucher(asked.body);
  REQUIRE(voucher.status == 200);
  CHECK(maker.opinion(asked, voucher.body) == code);
  const auto other = maker.ask(honest);
  CHECK(maker.opinion(honest, other, masa.voucher(other.body).body) == "accepted");
}

TEST_CASE("MASA: an audit log with a later owner is noticed", "[tool][factory]") {
  Maker maker;
  Running masa(maker, {}, "audit-other-owner");
  const auto asked = maker.ask();
  CHECK(maker.opinion(asked, masa.voucher(asked.body).body) == "accepted");
  CHECK(judge_log(masa.audit_log(asked.body), asked) == "AUDIT_LOG_TAKEN_SINCE");
}

TEST_CASE("MASA: a silent one answers nothing, and still stops", "[tool][factory]") {
  Maker maker;
  Running masa(maker, {}, "silent");
  net::HttpCall call;
  call.method = "POST";
  call.target = brski::kRequestVoucherPath;
  call.headers = {{"Content-Type", std::string(brski::kVoucherCmsJson)}};
  call.body = maker.ask().body;
  call.timeout = 50ms;
  CHECK(masa.send(call).error().reason == "EXCHANGE_TIMEOUT");
}

TEST_CASE("MASA: lets a registrar wait", "[tool][factory]") {
  Maker maker;
  Running masa(maker, {.answer_after = 2, .retry_after = 7s});
  const auto asked = maker.ask();
  for (int i = 0; i < 2; ++i) {
    const auto response = masa.voucher(asked.body);
    CHECK(response.status == 202);
    CHECK(response.retry_after_seconds() == 7);
  }
  CHECK(maker.opinion(asked, masa.voucher(asked.body).body) == "accepted");
  CHECK(masa.voucher(maker.ask().body).status == 202);  // another request
}

TEST_CASE("MASA: misdeeds are ordered by name", "[tool][factory]") {
  const auto some = must(parse_misdeeds("forged,silent=00-D0-E5-F2-00-03"));
  REQUIRE(some.size() == 2);
  CHECK(some[0].serial.empty());
  CHECK(some[1].misdeed == Misdeed::silent);
  CHECK(some[1].serial == "00-D0-E5-F2-00-03");
  CHECK(must(parse_misdeeds("")).empty());
  CHECK(parse_misdeeds("kind").error().reason == "MISDEED_UNKNOWN");
  CHECK(parse_misdeeds("forged,=x").error().reason == "MISDEED_UNKNOWN");
}

TEST_CASE("MASA: takes requests that another implementation signed", "[tool][factory]") {
  Maker maker;
  const auto folder = maker.scratch.path();
  const auto write = [&](const char* name, std::string_view content) { std::ofstream(folder / name) << content; };
  const auto key_pem = [](const crypto::SoftwareKey& key) {
    return to_string(ByteView(must(key.plaintext_pem()).reveal()));
  };
  // `openssl cms -sign` over the content, with certificates inside.
  const auto sign = [&](std::string_view content, const crypto::Certificate& certificate,
                        const crypto::SoftwareKey& key, const crypto::Certificate& extra,
                        std::string_view content_type) {
    write("content", content);
    write("signer.pem", certificate.pem());
    write("key.pem", key_pem(key));
    write("extra.pem", extra.pem());
    const auto command = "cd " + folder.string() + " && openssl cms -sign -binary -nodetach -md sha256 -in content " +
                         "-econtent_type " + std::string(content_type) +
                         " -signer signer.pem -inkey key.pem -certfile extra.pem -outform DER -out signed 2>&1";
    REQUIRE(std::system(command.c_str()) == 0);
    std::ifstream in(folder / "signed", std::ios::binary);
    return Bytes(std::istreambuf_iterator<char>(in), {});
  };
  const auto nonce = voucher::Nonce::make(maker.random);
  const voucher::VoucherRequest from_pledge{.created_on = world().now,
                                            .assertion = voucher::Assertion::proximity,
                                            .serial_number = kSerial,
                                            .nonce = nonce,
                                            .proximity_registrar_cert = world().registrar.certificate.der()};
  const auto signed_with = [&](std::string_view type) {
    auto request = from_pledge;
    request.prior_signed_voucher_request = sign(voucher::encode_voucher_request(from_pledge), maker.made.idevid(),
                                                maker.made.key, maker.made.chain[1], type);
    request.proximity_registrar_cert.reset();
    request.idevid_issuer = voucher::make_idevid_issuer(maker.made.idevid());
    return sign(voucher::encode_voucher_request(request), world().registrar.certificate, world().registrar.key,
                world().owner_ca.certificate, type);
  };
  constexpr std::string_view kAnima = "1.2.840.113549.1.9.16.1.40", kData = "1.2.840.113549.1.7.1";
  Running strict(maker);
  const auto good = strict.voucher(signed_with(kAnima));
  REQUIRE(good.status == 200);
  CHECK(maker.opinion({{.body = {}, .nonce = nonce}, {}}, good.body) == "accepted");
  const auto old = signed_with(kData);
  CHECK(strict.refusal(old) == "403 RVR_PROFILE_VIOLATION");
  Running lenient(maker, {.profile = voucher::WireProfile::lenient});
  CHECK(lenient.voucher(old).status == 200);
}
