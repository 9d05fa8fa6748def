#include "services/registrar/app/admission.h"

#include <catch2/catch.hpp>

#include <mutex>
#include <thread>

#include "services/registrar/app/front_door_test.h"

using namespace pratique;
using namespace pratique::registrar;

TEST_CASE("An announced device is let in, and told how to speak with its manufacturer", "[registrar][app]") {
  FrontDoor door;
  const auto announced = door.announce("CAM-1");
  const auto judged = door.knock(door.idevid("CAM-1"));
  CHECK(judged.decision.outcome == Outcome::allow);
  CHECK(judged.decision.device == announced.id);
  CHECK_FALSE(judged.retry_after.has_value());
  REQUIRE(judged.manufacturer.has_value());
  CHECK(judged.manufacturer->masa_url == "https://masa.example.com");
  CHECK(judged.manufacturer->voucher_anchors.size() == 1);
  CHECK(judged.manufacturer->masa_tls_anchors.size() == 1);
  const auto device = door.device(announced.id);
  CHECK(device.state == DeviceState::onboarding);
  CHECK(device.model == "Camera 3");
  CHECK(device.location == "site-a");
  CHECK(device.idevid_fingerprint.size() == 64);
  CHECK(device.last_seen_time == door.clock.now());
  CHECK(device.decision == judged.decision.id);
  CHECK(door.audit() ==
        std::vector<std::string>{"manufacturer.create", "trust_anchor.add", "device.create", "pledge.allow"});
  CHECK(door.events() == std::vector<std::string>{"manufacturer.created", "device.created", "device.authorized"});
}

TEST_CASE("Repeating a knock changes nothing and gives the same decision", "[registrar][app]") {
  FrontDoor door;
  door.announce("CAM-1");
  const auto idevid = door.idevid("CAM-1");
  const auto knock = door.knocking(idevid);
  const auto first = *door.desk.judge(door.call(), knock), again = *door.desk.judge(door.call(), knock);
  CHECK(first.decision.id == again.decision.id);
  CHECK(door.knock(idevid).decision.id == first.decision.id);  // another session, the same answer
  CHECK(door.count(door.audit(), "pledge.allow") == 1);
  door.clock.advance(kRepeatWindow);
  CHECK(door.knock(idevid).decision.id != first.decision.id);
}

TEST_CASE("Policy admits a device that nobody announced", "[registrar][app]") {
  FrontDoor door;
  const auto idevid = door.idevid("CAM-7");
  const auto refused = door.knock(idevid);
  CHECK(refused.decision.code() == "POLICY_NONE_MATCHED");
  CHECK(refused.decision.device.empty());
  CHECK(refused.retry_after == kDenyRetry);

  const auto rule = door.rule(PolicyEffect::allow);  // the cached rules are told
  const auto allowed = door.knock(idevid);
  CHECK(allowed.decision.outcome == Outcome::allow);
  CHECK(allowed.decision.decided_by == rule.id.name());
  const auto device = door.device(allowed.decision.device);
  CHECK(device.serial_number == "CAM-7");
  CHECK(effective_segment(device) == "cameras");
  CHECK_FALSE(device.authorized);
}

TEST_CASE("A device that keeps knocking is counted, not recorded again and again", "[registrar][app]") {
  FrontDoor door;
  const auto idevid = door.idevid("CAM-1");
  const auto first = door.knock(idevid);
  for (int i = 0; i < 20; ++i) CHECK(door.knock(idevid).decision.id == first.decision.id);
  CHECK(door.count(door.audit(), "pledge.deny") == 1);
  const auto story = *door.explain.serial_number(door.call(), "CAM-1", 0);
  REQUIRE(story.explanations.size() == 1);
  CHECK(story.explanations[0].summary.contains("21 times"));
  door.rule(PolicyEffect::deny);  // another reason
  CHECK(door.knock(idevid).decision.code() == "POLICY_DENIED");
  door.clock.advance(kRepeatWindow);
  door.knock(idevid);
  CHECK(door.count(door.audit(), "pledge.deny") == 3);
}

TEST_CASE("Strangers of unknown make cannot fill the log by taking new names", "[registrar][app]") {
  FrontDoor door;
  const auto stranger = [&](int i) {
    const auto key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
    return *crypto::issue_self_signed(
        crypto::CertificateProfile::idevid({.common_name = "X", .serial_number = "X-" + std::to_string(i)},
                                           door.clock.now(), ""),
        key, door.random);
  };
  const auto judged = door.knock(stranger(0));
  CHECK(judged.decision.code() == "MANUFACTURER_UNKNOWN");
  CHECK(judged.decision.serial_number == "X-0");
  CHECK(judged.decision.device.empty());
  door.database.execute(
      "SET search_path = registrar; INSERT INTO decision SELECT gen_random_uuid(), 'unproven:' || i, device, "
      "manufacturer, serial_number, protocol, session, outcome, code, findings, decided_by, rule, approval, "
      "segment, credential_profile, location, remote_address, audit_sequence, count, create_time, last_time "
      "FROM decision, generate_series(1, 500) i WHERE code = 'MANUFACTURER_UNKNOWN'");
  const auto entries = door.audit().size();
  const auto crowd = door.knock(stranger(1));
  CHECK(crowd.decision.serial_number.empty());
  for (int i = 2; i < 6; ++i) CHECK(door.knock(stranger(i)).decision.id == crowd.decision.id);
  CHECK(door.audit().size() == entries + 1);
}

TEST_CASE("A chain that cannot be read is a judgement", "[registrar][app]") {
  FrontDoor door;
  auto knock = door.knocking(door.idevid("CAM-1"));
  knock.idevid_chain = {to_bytes("junk")};
  const auto judged = *door.desk.judge(door.call(), knock);
  CHECK(judged.decision.code() == "IDEVID_UNREADABLE");
  CHECK(door.desk.judge(door.call(), knock)->decision.id == judged.decision.id);
  knock.protocol = "telnet";
  CHECK(door.desk.judge(door.call(), knock).error().reason == "FIELD_INVALID");
}

TEST_CASE("People let a device in: it waits, is approved by two, onboards once", "[registrar][app]") {
  FrontDoor door;
  door.rule(PolicyEffect::ask, 10, 2);
  const auto idevid = door.idevid("CAM-1");
  const auto waiting = door.knock(idevid);
  CHECK(waiting.decision.outcome == Outcome::wait);
  CHECK(waiting.retry_after == kWaitRetry);
  CHECK(waiting.decision.code() == "APPROVAL_REQUIRED");
  CHECK(door.device(waiting.decision.device).state == DeviceState::pending);
  door.clock.advance(2 * kRepeatWindow);
  CHECK(door.knock(idevid).decision.id == waiting.decision.id);  // hours later, still one question
  const auto open = *door.approvals.list(door.call(), {.state = ApprovalState::pending}, {}, 10);
  REQUIRE(open.size() == 1);
  const auto id = open[0].id;
  CHECK(open[0].serial_number == "CAM-1");
  CHECK(open[0].approvals_required == 2);

  CHECK(door.approvals.approve(door.by("jo"), id, "known")->state == ApprovalState::pending);
  CHECK(door.approvals.approve(door.by("jo"), id, "known").error().reason == "APPROVAL_VOTED");
  CHECK(door.knock(idevid).decision.outcome == Outcome::wait);
  const auto granted = *door.approvals.approve(door.by("kim"), id, "known");
  CHECK(granted.state == ApprovalState::granted);
  CHECK(granted.votes.size() == 2);

  const auto allowed = door.knock(idevid);
  CHECK(allowed.decision.outcome == Outcome::allow);
  CHECK(allowed.decision.approval == id);
  door.admit(allowed.decision.device);
  CHECK(door.device(allowed.decision.device).onboarding_count == 1);
  // The yes served one onboarding: coming back as new, it is asked about anew.
  const auto anew = door.knock(idevid);
  CHECK(anew.decision.outcome == Outcome::wait);
  CHECK(anew.decision.approval != id);
  const auto events = door.events();
  CHECK(door.count(events, "approval.requested") == 2);
  CHECK(door.count(events, "approval.granted") == 1);
}

TEST_CASE("One no decides, until the device is reset", "[registrar][app]") {
  FrontDoor door;
  door.rule(PolicyEffect::ask);
  const auto idevid = door.idevid("CAM-1");
  const auto waiting = door.knock(idevid);
  CHECK(door.approvals.deny(door.by("jo"), waiting.decision.approval, "").error().reason == "FIELD_INVALID");
  REQUIRE(door.approvals.deny(door.by("jo"), waiting.decision.approval, "never heard of it"));
  const auto denied = door.knock(idevid);
  CHECK(denied.decision.code() == "APPROVAL_DENIED");
  REQUIRE(door.devices.reset(door.by("jo"), denied.decision.device, "was ours after all"));
  CHECK(door.knock(idevid).decision.outcome == Outcome::allow);
}

TEST_CASE("A question that nobody answered in time is asked anew", "[registrar][app]") {
  FrontDoor door;
  door.rule(PolicyEffect::ask);
  const auto idevid = door.idevid("CAM-1");
  const auto first = door.knock(idevid);
  door.clock.advance(kApprovalLifetime);
  CHECK(door.approvals.get(door.call(), first.decision.approval)->state == ApprovalState::expired);
  CHECK(door.approvals.list(door.call(), {.state = ApprovalState::pending}, {}, 10)->empty());
  CHECK(door.approvals.list(door.call(), {.state = ApprovalState::expired}, {}, 10)->size() == 1);
  CHECK(door.approvals.approve(door.by("jo"), first.decision.approval, "late").error().reason == "APPROVAL_DECIDED");
  const auto second = door.knock(idevid);
  CHECK(second.decision.outcome == Outcome::wait);
  CHECK(second.decision.approval != first.decision.approval);
}

TEST_CASE("A device's history here speaks against it", "[registrar][app]") {
  FrontDoor door;
  const auto device = door.announce("CAM-1");
  const auto idevid = door.idevid("CAM-1");
  door.knock(idevid);
  CHECK(door.knock(door.idevid("CAM-1")).decision.code() == "DEVICE_KEY_CHANGED");  // a clone with a key of its own
  REQUIRE(door.devices.quarantine(door.by("jo"), device.id, "odd traffic"));
  CHECK(door.knock(idevid).decision.code() == "DEVICE_QUARANTINED");
  REQUIRE(door.devices.release(door.by("jo"), device.id, "false alarm"));
  CHECK(door.knock(idevid).decision.outcome == Outcome::allow);
  door.admit(device.id);
  REQUIRE(door.with([&](pg::Tx& tx) { return mark_credential_revoked(tx, device.id, door.clock.now()); }));
  CHECK(door.knock(idevid).decision.code() == "DEVICE_REVOKED");
  REQUIRE(door.devices.retire(door.by("jo"), device.id, "end of life"));
  const auto retired = door.knock(idevid);
  CHECK(retired.decision.code() == "DEVICE_RETIRED");
  CHECK(retired.decision.device == device.id);
  const auto anew = door.announce("CAM-1");
  CHECK(door.knock(door.idevid("CAM-1")).decision.device == anew.id);
}

TEST_CASE("A new device that knocks at two replicas at once is registered once", "[registrar][app]") {
  FrontDoor door;
  door.rule(PolicyEffect::allow);
  const auto idevid = door.idevid("CAM-1");
  std::vector<Result<Judgement>> judged;
  std::mutex mutex;
  {
    std::vector<std::jthread> replicas;
    for (int i = 0; i < 4; ++i)
      replicas.emplace_back([&, knock = door.knocking(idevid)] {
        PolicyCache own;
        AdmissionDesk desk(door.surroundings(), own);
        auto result = desk.judge(door.call(), knock);
        const std::lock_guard lock(mutex);
        judged.push_back(std::move(result));
      });
  }
  REQUIRE(judged.size() == 4);
  for (const auto& result : judged) {
    REQUIRE(result);
    CHECK(result->decision.outcome == Outcome::allow);
    CHECK(result->decision.device == judged.front()->decision.device);
  }
}

TEST_CASE("Refusals and telemetry of onboarding are kept and counted", "[registrar][app]") {
  FrontDoor door;
  const auto device = door.announce("CAM-1");
  const auto session = SessionId::make(door.clock, door.random);
  const RefusalReport report{.device = device.id, .session = session, .protocol = "brski", .serial_number = "CAM-1",
                             .findings = {{"PVR_NONCE_MISSING", "no nonce", {{"offset", "12"}}}}};
  REQUIRE(door.desk.record_refusal(door.call(), report));
  REQUIRE(door.desk.record_refusal(door.call(), report));
  RefusalReport stranger = report;
  stranger.device = {};
  stranger.serial_number = "X\n1";
  REQUIRE(door.desk.record_refusal(door.call(), stranger));
  CHECK(door.count(door.audit(), "pledge.refuse") == 2);
  RefusalReport renewal = report;
  renewal.session = {};
  renewal.serial_number.clear();
  renewal.findings = {{"CREDENTIAL_REVOKED", "revoked", {}}};
  REQUIRE(door.desk.record_refusal(door.call(), renewal));
  const auto by_number = *door.explain.serial_number(door.call(), "CAM-1", 0);
  CHECK(std::ranges::count(by_number.explanations, "CREDENTIAL_REVOKED", [](const auto& one) {
          return one.findings.empty() ? std::string() : one.findings.front().code;
        }) == 1);
  CHECK(door.count(door.audit(), "pledge.refuse") == 3);
  RefusalReport empty = report;
  empty.findings.clear();
  CHECK(door.desk.record_refusal(door.call(), empty).error().reason == "FIELD_INVALID");

  Telemetry telemetry{.device = device.id, .session = session, .kind = TelemetryKind::voucher, .success = false,
                      .reason = "bad\x01signature" + std::string(5000, 'x')};
  door.clock.advance(1s);
  REQUIRE(door.desk.record_telemetry(door.call(), telemetry));
  REQUIRE(door.desk.record_telemetry(door.call(), telemetry));
  CHECK(door.count(door.audit(), "pledge.report") == 1);
  telemetry.device = DeviceId::make(door.clock, door.random);
  CHECK(door.desk.record_telemetry(door.call(), telemetry).error().reason == "DEVICE_UNKNOWN");

  const auto story = *door.explain.device(door.call(), device.id, 0);
  REQUIRE(story.explanations.size() == 4);
  CHECK(story.explanations[0].kind == "telemetry");
  CHECK(story.explanations[0].summary.size() < 1200);
  CHECK(story.explanations[1].findings.at(0).code == "CREDENTIAL_REVOKED");
  CHECK(story.explanations[2].kind == "refusal");
  CHECK(story.explanations[2].findings.at(0).code == "PVR_NONCE_MISSING");
  CHECK(story.explanations[2].audit_sequence > 0);
  CHECK(story.explanations[3].kind == "state");
}
