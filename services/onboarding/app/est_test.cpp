#include "services/onboarding/app/est.h"

#include <catch2/catch.hpp>

#include "libs/protocol/est/body.h"
#include "libs/protocol/est/cacerts.h"
#include "libs/protocol/est/enroll_client.h"
#include "services/onboarding/app/door_world_test.h"

using namespace pratique;
using namespace pratique::onboarding;
using Kind = Answer::Kind;

namespace {

void take_voucher(DoorWorld& door) {
  REQUIRE(test::must(door.brski.request_voucher(door.caller(), door.request().body)).kind == Kind::granted);
  REQUIRE(test::must(door.brski.voucher_status(door.caller(), report(true))).kind == Kind::granted);
}

est::CsrAttrs attributes(DoorWorld& door, const DeviceCaller& caller) {
  const auto answer = test::must(door.est.csrattrs(caller));
  REQUIRE(answer.kind == Kind::granted);
  return test::must(est::parse_csrattrs(test::must(est::decode_body(as_text(answer.body), est::kMaxCsrAttrsDer))));
}

std::string request_of(const est::CsrAttrs& attrs, const crypto::SoftwareKey& key, std::string_view binding = "binding") {
  const est::ChannelBinding channel{est::BindingKind::tls_exporter, to_bytes(binding)};
  return est::encode_body(test::must(est::build_request({.subject = {.common_name = "anything"}}, attrs, channel, key)).der());
}

crypto::SoftwareKey fresh_key() { return test::must(crypto::SoftwareKey::generate(crypto::KeyType::ec_p256)); }

}  // namespace

TEST_CASE("a device that took its voucher enrols, and comes back with its certificate") {
  DoorWorld door;
  take_voucher(door);
  const auto attrs = attributes(door, door.caller());
  CHECK(attrs.challenge_password);
  CHECK(attrs.extensions.size() == 1);
  const auto key = fresh_key();
  const auto answer = test::must(door.est.simpleenroll(door.caller(), request_of(attrs, key)));
  REQUIRE(answer.kind == Kind::granted);
  const auto enrolled = test::must(est::read_enrolled(as_text(answer.body), key.public_key()));
  CHECK(door.state() == "enrolled");

  SECTION("the report over the new certificate completes it") {
    CHECK(test::must(door.brski.enroll_status(door.caller(enrolled.certificate), report(true))).kind == Kind::granted);
    CHECK(door.state() == "completed");
    CHECK(door.registrar.telemetry.back().certificate_matched);
  }
  SECTION("a success over the old certificate is recorded as what it is") {
    CHECK(test::must(door.brski.enroll_status(door.caller(), report(true))).kind == Kind::granted);
    CHECK(door.state() == "enrolled");
    CHECK_FALSE(door.registrar.telemetry.back().certificate_matched);
  }
  SECTION("an answer that was lost can be asked for again") {
    CHECK(test::must(door.est.simpleenroll(door.caller(), request_of(attrs, key))).kind == Kind::granted);
  }
  SECTION("renewal with the certificate in use") {
    const auto caller = door.caller(enrolled.certificate);
    const auto next = fresh_key();
    const est::ChannelBinding channel{est::BindingKind::tls_exporter, caller.channel_binding};
    const auto wish = est::renew_wish(enrolled.certificate);
    const auto body = est::encode_body(test::must(est::build_request(wish, attributes(door, caller), channel, next)).der());
    CHECK(test::must(door.est.simplereenroll(caller, body)).kind == Kind::granted);
  }
  SECTION("no renewal with a certificate that was revoked, and the operator sees the try") {
    door.registrar.revoked = true;
    const auto answer_now = test::must(door.est.simplereenroll(door.caller(enrolled.certificate), request_of(attrs, fresh_key())));
    REQUIRE(answer_now.kind == Kind::refused);
    CHECK(answer_now.refusals.at(0).finding.code == "CREDENTIAL_REVOKED");
    REQUIRE(door.registrar.refusals.size() == 1);
    CHECK(door.registrar.refusals[0].device == "devices/1");
  }
  SECTION("an answer that was lost can be asked for by a client that renews whatever it has") {
    CHECK(test::must(door.est.simplereenroll(door.caller(), request_of(attrs, key))).kind == Kind::granted);
    CHECK(door.state() == "enrolled");
  }
}

TEST_CASE("no certificate for who skips a step") {
  DoorWorld door;
  const auto body = request_of({}, fresh_key());
  const auto refused = [&](const DeviceCaller& caller) {
    const auto answer = test::must(door.est.simpleenroll(caller, body));
    REQUIRE(answer.kind == Kind::refused);
    CHECK_FALSE(door.registrar.issued);
    return answer.refusals.at(0).finding.code;
  };
  SECTION("no certificate shown") { CHECK(refused({{}, "192.0.2.7", {}, true}) == "IDEVID_MISSING"); }
  SECTION("no voucher") { CHECK(refused(door.caller()) == "CREDENTIAL_UNKNOWN"); }
  SECTION("a voucher that the device did not accept yet") {
    test::must(door.brski.request_voucher(door.caller(), door.request().body));
    CHECK(refused(door.caller()) == "SESSION_MISSING");
  }
  SECTION("somebody else's session") {
    take_voucher(door);
    CHECK(refused(door.caller(door.world.other_device.certificate)) == "CREDENTIAL_UNKNOWN");
  }
}

TEST_CASE("the MASA's audit log stands before the certificate") {
  DoorWorld door;
  take_voucher(door);
  const auto attrs = attributes(door, door.caller());
  const auto key = fresh_key();
  const auto enrol = [&] { return test::must(door.est.simpleenroll(door.caller(), request_of(attrs, key))); };

  SECTION("it cannot be read now: the device comes again, and goes through") {
    door.masa.failure = unavailable("CONNECT_TIMEOUT", "no answer");
    CHECK(enrol().kind == Kind::wait);
    CHECK_FALSE(door.registrar.issued);
    door.masa.failure.reset();
    CHECK(enrol().kind == Kind::granted);
  }
  SECTION("we are not in it") {
    door.masa.log_instead = MasaAnswer{404, "text/plain", {}, {}};
    CHECK(enrol().refusals.at(0).finding.code == "AUDIT_LOG_OURS_MISSING");
    CHECK(door.state() == "refused");
    CHECK(door.registrar.refusals.back().findings.at(0).code == "AUDIT_LOG_OURS_MISSING");
  }
  SECTION("it is no log") {
    door.masa.log_instead = MasaAnswer{200, "application/json", to_bytes("[]"), {}};
    CHECK(enrol().refusals.at(0).finding.code == "AUDIT_LOG_MALFORMED");
  }
  CHECK((door.registrar.issued.has_value() == (door.state() == "enrolled")));
}

TEST_CASE("requests for a certificate that do not hold") {
  DoorWorld door;
  take_voucher(door);
  const auto attrs = attributes(door, door.caller());
  const auto code = [&](std::string_view body) {
    const auto answer = test::must(door.est.simpleenroll(door.caller(), body));
    REQUIRE(answer.kind == Kind::refused);
    CHECK_FALSE(door.registrar.issued);
    CHECK(door.state() == "voucher_accepted");  // the device may try again
    return answer.refusals.at(0).finding.code;
  };
  CHECK(code("") == "EST_BODY_EMPTY");
  CHECK(code("!!!") == "EST_BODY_NOT_BASE64");
  CHECK(code("AAAA") == "EST_CSR_UNDECODABLE");
  CHECK(code(request_of(attrs, fresh_key(), "another connection")) == "EST_CHANNEL_BINDING_MISMATCH");
  CHECK(code(request_of(attrs, door.world.device.key)) == "EST_KEY_REUSED");
  CHECK(code(request_of({}, fresh_key())) == "EST_EXTENSION_MISSING");
}
