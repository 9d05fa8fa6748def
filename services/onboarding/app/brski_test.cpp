#include "services/onboarding/app/brski.h"

#include <catch2/catch.hpp>

#include "services/onboarding/app/door_world_test.h"

using namespace pratique;
using namespace pratique::onboarding;
using Kind = Answer::Kind;

TEST_CASE("a voucher is asked for, recorded, and handed on byte for byte") {
  DoorWorld door;
  const auto request = door.request();
  const auto answer = test::must(door.brski.request_voucher(door.caller(), request.body));
  REQUIRE(answer.kind == Kind::granted);
  REQUIRE(door.registrar.vouchers.size() == 1);
  CHECK(answer.body == door.registrar.vouchers[0].voucher);
  CHECK(door.registrar.vouchers[0].nonce == request.nonce.text());
  CHECK(door.registrar.vouchers[0].assertion == "proximity");
  CHECK(door.registrar.refusals.empty());
  const auto judged = brski::judge_voucher_as_pledge(answer.body, door.registrar.judgement.manufacturer.voucher_anchors,
                                                     door.world.device.certificate, request.nonce,
                                                     door.world.owner_chain(), door.world.now);
  CHECK(judged.verdict.accepted());

  SECTION("an answer that was lost is given again, and the MASA is not asked twice") {
    const auto again = test::must(door.brski.request_voucher(door.caller(), request.body));
    CHECK(again.kind == Kind::granted);
    CHECK(again.body == answer.body);
    CHECK(door.masa.asked == 1);
    CHECK(door.sessions() == "1");
  }
  SECTION("the voucher is sealed in the database") {
    CHECK(door.database.query("SELECT position($$ietf-voucher$$::bytea in voucher) FROM onboarding.session") == "0");
  }
  SECTION("once the device took it, the same request is used up") {
    CHECK(test::must(door.brski.voucher_status(door.caller(), report(true))).kind == Kind::granted);
    CHECK(door.state() == "voucher_accepted");
    const auto late = test::must(door.brski.request_voucher(door.caller(), request.body));
    REQUIRE(late.kind == Kind::refused);
    CHECK(late.refusals[0].finding.code == "SESSION_OVER");
  }
}

TEST_CASE("of two vouchers for one request that came twice, one is kept, recorded and given") {
  DoorWorld door;
  const auto request = door.request();
  Bytes faster;
  door.masa.meanwhile = [&] {
    faster = test::must(door.brski.request_voucher(door.caller(), request.body)).body;
  };
  const auto answer = test::must(door.brski.request_voucher(door.caller(), request.body));
  REQUIRE(answer.kind == Kind::granted);
  CHECK(door.masa.asked == 2);
  CHECK(answer.body == faster);
  CHECK(door.sessions() == "1");
  for (const auto& record : door.registrar.vouchers) {
    CHECK(record.voucher == faster);
    CHECK(record.nonce == request.nonce.text());
  }
}

TEST_CASE("a voucher that could not be recorded is not given, until it is") {
  DoorWorld door;
  const auto request = door.request();
  door.registrar.failure_to_record = unavailable("PEER_UNREACHABLE", "the registrar is away");
  CHECK_FALSE(door.brski.request_voucher(door.caller(), request.body));
  CHECK(door.registrar.vouchers.empty());
  door.registrar.failure_to_record.reset();
  const auto answer = test::must(door.brski.request_voucher(door.caller(), request.body));
  REQUIRE(answer.kind == Kind::granted);
  CHECK(door.masa.asked == 1);
  REQUIRE(door.registrar.vouchers.size() == 1);
  CHECK(door.registrar.vouchers[0].voucher == answer.body);
  CHECK(door.registrar.vouchers[0].assertion == "proximity");
  CHECK_FALSE(door.registrar.vouchers[0].pinned_fingerprint.empty());
  CHECK_FALSE(door.registrar.vouchers[0].signer.empty());
}

TEST_CASE("a device waits for people with the same request, whoever serves it") {
  DoorWorld door;
  door.registrar.judgement.outcome = Judgement::Outcome::wait;
  door.registrar.judgement.retry_after = std::chrono::seconds(7);
  const auto request = door.request();
  for (int poll = 1; poll <= 3; ++poll) {
    const auto answer = test::must(door.brski.request_voucher(door.caller(), request.body));
    REQUIRE(answer.kind == Kind::wait);
    CHECK(answer.retry_after == std::chrono::seconds(7));
  }
  CHECK(door.masa.asked == 0);
  CHECK(door.database.query("SELECT state || poll_count FROM onboarding.session") == "awaiting_approval3");

  door.registrar.judgement.outcome = Judgement::Outcome::allow;
  CHECK(test::must(door.brski.request_voucher(door.caller(), request.body)).kind == Kind::granted);
  CHECK(door.sessions() == "1");
}

TEST_CASE("who is refused gets no voucher, and may ask again once it was mended") {
  DoorWorld door;
  door.registrar.judgement.outcome = Judgement::Outcome::deny;
  door.registrar.judgement.refusals = {{{"POLICY_DENIED", "a rule says no"}, "not allowed here"}};
  const auto request = door.request();
  const auto answer = test::must(door.brski.request_voucher(door.caller(), request.body));
  REQUIRE(answer.kind == Kind::refused);
  CHECK(answer.refusals[0].finding.code == "POLICY_DENIED");
  CHECK(door.state() == "refused");
  CHECK(door.masa.asked == 0);
  CHECK(door.registrar.refusals.empty());  // the registrar's own decision is not reported back to it
  door.registrar.judgement.outcome = Judgement::Outcome::allow;
  CHECK(test::must(door.brski.request_voucher(door.caller(), request.body)).kind == Kind::granted);
}

TEST_CASE("requests that do not hold are refused before anybody is asked, and recorded") {
  DoorWorld door;
  const auto refused = [&](const DeviceCaller& caller, ByteView body) {
    const auto answer = test::must(door.brski.request_voucher(caller, body));
    REQUIRE(answer.kind == Kind::refused);
    CHECK(door.registrar.judged == 0);
    CHECK(door.sessions() == "0");
    REQUIRE(door.registrar.refusals.size() == 1);
    return answer.refusals[0].finding.code;
  };
  const auto request = door.request();
  SECTION("no certificate") { CHECK(refused({{}, "192.0.2.7", {}, true}, request.body) == "IDEVID_MISSING"); }
  SECTION("another device's connection") {
    CHECK(refused(door.caller(door.world.other_device.certificate), request.body) == "PVR_SIGNER_NOT_IDEVID");
  }
  SECTION("another registrar was seen") {
    const auto other = door.request(door.world.stranger.certificate);
    CHECK(refused(door.caller(), other.body) == "PVR_PROXIMITY_MISMATCH");
  }
  SECTION("altered") {
    auto body = request.body;
    body[body.size() / 2] ^= 1;
    CHECK_FALSE(refused(door.caller(), body).empty());
  }
  SECTION("truncated") { CHECK(refused(door.caller(), ByteView(request.body).subspan(0, 100)) == "PVR_MALFORMED"); }
  SECTION("empty") { CHECK(refused(door.caller(), {}) == "PVR_MALFORMED"); }
}

TEST_CASE("a device that met another replica is served, also one that came up just now") {
  DoorWorld door;
  CurrentIdentity theirs{{{door.world.replica.certificate, door.world.owner_ca.certificate}, door.world.replica.key}};
  Replicas other(*door.pool, door.clock, theirs, "two");
  test::must(other.announce().and_then([] { return Result<int>(0); }));
  const auto request = door.request(door.world.replica.certificate);
  CHECK(test::must(door.brski.request_voucher(door.caller(), request.body)).kind == Kind::granted);
}

TEST_CASE("what a MASA does wrong has its reason") {
  DoorWorld door;
  const auto request = door.request();
  const auto ask = [&] { return test::must(door.brski.request_voucher(door.caller(), request.body)); };

  SECTION("it does not answer: the device waits, and goes through once it does") {
    door.masa.failure = unavailable("CONNECT_REFUSED", "connection refused");
    auto answer = ask();
    REQUIRE(answer.kind == Kind::wait);
    CHECK(answer.refusals[0].finding.code == "MASA_UNREACHABLE");
    CHECK(ask().kind == Kind::wait);
    CHECK(door.registrar.refusals.size() == 1);  // told once, not at each poll
    CHECK(door.state() == "awaiting_masa");
    door.masa.failure.reset();
    CHECK(ask().kind == Kind::granted);
  }
  SECTION("its TLS certificate does not verify") {
    door.masa.failure = Error{ErrorCode::unauthenticated, "TLS_SERVER_UNTRUSTED", "chain"};
    const auto answer = ask();
    REQUIRE(answer.kind == Kind::refused);
    CHECK(answer.refusals[0].finding.code == "MASA_UNTRUSTED");
  }
  SECTION("it refuses") {
    door.masa.answer_instead = MasaAnswer{404, "text/plain", to_bytes("no such device\x01"), {}};
    const auto answer = ask();
    REQUIRE(answer.kind == Kind::refused);
    CHECK(answer.refusals[0].finding.code == "MASA_REFUSED");
    CHECK(answer.refusals[0].finding.evidence.back().second == "no such device?");
  }
  SECTION("it asks for patience") {
    door.masa.answer_instead = MasaAnswer{202, "text/plain", {}, std::chrono::seconds(33)};
    const auto answer = ask();
    REQUIRE(answer.kind == Kind::wait);
    CHECK(answer.retry_after == std::chrono::seconds(33));
  }
  SECTION("it answers with something else") {
    door.masa.answer_instead = MasaAnswer{200, "text/html", to_bytes("<html>"), {}};
    CHECK(ask().refusals.at(0).finding.code == "MASA_ANSWER_UNUSABLE");
  }
  SECTION("its voucher is forged") {
    door.masa.signs_with = door.world.stranger_ca;
    const auto answer = ask();
    REQUIRE(answer.kind == Kind::refused);
    CHECK(answer.refusals[0].finding.code == "VOUCHER_SIGNER_UNKNOWN");
    CHECK(door.registrar.vouchers.empty());
    CHECK(door.state() == "refused");
  }
}

TEST_CASE("a network that only records hands a forged voucher on, and says so") {
  DoorWorld door({.location = "", .voucher_check = VoucherCheck::record});
  door.masa.signs_with = door.world.stranger_ca;
  const auto answer = test::must(door.brski.request_voucher(door.caller(), door.request().body));
  REQUIRE(answer.kind == Kind::granted);
  REQUIRE(door.registrar.refusals.size() == 1);
  CHECK(door.registrar.refusals[0].findings.at(0).code == "VOUCHER_SIGNER_UNKNOWN");
}

TEST_CASE("a registrar that is away is an error, and leaves the session as it was") {
  DoorWorld door;
  door.registrar.failure = unavailable("PEER_UNAVAILABLE", "registrar");
  const auto request = door.request();
  const auto answer = door.brski.request_voucher(door.caller(), request.body);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::unavailable);
  CHECK(door.state() == "authorizing");
  door.registrar.failure.reset();
  CHECK(test::must(door.brski.request_voucher(door.caller(), request.body)).kind == Kind::granted);
}

TEST_CASE("reports") {
  DoorWorld door;
  SECTION("without a session") {
    CHECK(test::must(door.brski.voucher_status(door.caller(), report(true))).refusals.at(0).finding.code == "SESSION_MISSING");
  }
  SECTION("that cannot be read") {
    CHECK(test::must(door.brski.voucher_status(door.caller(), to_bytes("{"))).refusals.at(0).finding.code == "TELEMETRY_MALFORMED");
  }
  SECTION("a device that refuses its voucher ends the session") {
    test::must(door.brski.request_voucher(door.caller(), door.request().body));
    CHECK(test::must(door.brski.voucher_status(door.caller(), report(false, "another owner"))).kind == Kind::granted);
    CHECK(door.state() == "refused");
    REQUIRE(door.registrar.telemetry.size() == 1);
    CHECK_FALSE(door.registrar.telemetry[0].success);
    CHECK(door.registrar.telemetry[0].reason == "another owner");
    CHECK(door.findings().contains("VOUCHER_REFUSED_BY_DEVICE"));
  }
  SECTION("a device that cannot use its certificate ends the session") {
    test::must(door.brski.request_voucher(door.caller(), door.request().body));
    test::must(door.brski.voucher_status(door.caller(), report(true)));
    CHECK(test::must(door.brski.enroll_status(door.caller(), report(false, "no room"))).kind == Kind::granted);
    CHECK(door.state() == "refused");
    CHECK(door.findings().contains("ENROLMENT_FAILED"));
  }
}
