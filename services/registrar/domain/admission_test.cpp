#include "services/registrar/domain/admission.h"

#include <catch2/catch.hpp>

#include "libs/base/random.h"
#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/x509/issue.h"

using namespace pratique;
using namespace pratique::registrar;

namespace {

const Timestamp kNow = *parse_rfc3339("2026-07-01T12:00:00Z");

struct Door {
  PredictableRandom random{23};
  FixedClock clock{kNow};
  Idevid idevid = make_idevid();
  Genuineness genuineness = make_genuineness();
  std::optional<Device> device;
  std::vector<Policy> rules;

  Idevid make_idevid() {
    static const auto key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
    const auto leaf = *crypto::issue_self_signed(
        crypto::CertificateProfile::idevid({.common_name = "Camera", .serial_number = "CAM-1"}, kNow, ""), key, random);
    return *read_idevid(std::vector<Bytes>{leaf.der()});
  }
  Genuineness make_genuineness() {
    Genuineness g;
    g.manufacturer = ManufacturerId::make(clock, random);
    return g;
  }
  Device& known(DeviceState state, bool authorized = false) {
    device.emplace();
    device->id = DeviceId::make(clock, random);
    device->state = state;
    device->authorized = authorized;
    device->idevid_fingerprint = idevid.fingerprint;
    return *device;
  }
  Policy& rule(PolicyEffect effect) {
    rules.push_back(
        {.id = PolicyId::make(clock, random), .display_name = "cameras", .effect = effect, .segment = "cameras"});
    return rules.back();
  }
  Admission judge() { return judge_admission({idevid, genuineness, device, rules, "brski", "site-a", kNow}); }
  std::string code() {
    const auto judged = judge();
    CHECK(judged.outcome != Outcome::allow);
    return judged.findings.at(0).code;
  }
};

Approval answer_to(const Policy& rule, ApprovalState state) {
  Approval a;
  a.policy = rule.id;
  a.segment = rule.segment;
  a.state = state;
  a.expire_time = kNow + kApprovalLifetime;
  a.decide_time = kNow;
  a.votes = {{"operator/jo", state == ApprovalState::granted, "because", kNow}};
  return a;
}

}  // namespace

TEST_CASE("An announced device is allowed by its serial number, with no policy at all and against one") {
  Door door;
  door.known(DeviceState::expected, true);
  auto judged = door.judge();
  CHECK(judged.outcome == Outcome::allow);
  CHECK(judged.decided_by == door.device->id.name());
  CHECK(judged.findings.empty());
  CHECK(judged.credential_profile == "default");
  door.rule(PolicyEffect::deny);
  CHECK(door.judge().outcome == Outcome::allow);
}

TEST_CASE("An operator's segment goes before the rule's, the rule's fills what is empty") {
  Door door;
  auto& device = door.known(DeviceState::expected, true);
  door.rule(PolicyEffect::allow).credential_profile = "short";
  CHECK(door.judge().segment == "cameras");
  CHECK(door.judge().credential_profile == "short");
  device.segment = "lab";
  device.credential_profile = "long";
  CHECK(door.judge().segment == "lab");
  CHECK(door.judge().credential_profile == "long");
}

TEST_CASE("A device that nobody announced is up to policy") {
  Door door;
  CHECK(door.code() == "POLICY_NONE_MATCHED");
  door.rule(PolicyEffect::allow);
  const auto allowed = door.judge();
  CHECK(allowed.outcome == Outcome::allow);
  CHECK(allowed.decided_by == door.rules[0].id.name());
  CHECK(allowed.segment == "cameras");
  door.rules[0].effect = PolicyEffect::deny;
  CHECK(door.code() == "POLICY_DENIED");
  door.rules[0].effect = PolicyEffect::ask;
  CHECK(door.judge().outcome == Outcome::wait);
  CHECK(door.code() == "APPROVAL_REQUIRED");
}

TEST_CASE("A device's history here speaks against it, whatever policy and serial number say") {
  Door door;
  door.rule(PolicyEffect::allow);
  auto& device = door.known(DeviceState::retired, true);
  CHECK(door.code() == "DEVICE_RETIRED");
  device.state = DeviceState::quarantined;
  CHECK(door.code() == "DEVICE_QUARANTINED");
  device.state = DeviceState::admitted;
  device.credential_revoked = true;
  CHECK(door.code() == "DEVICE_REVOKED");
  device.credential_revoked = false;
  device.idevid_fingerprint = std::string(64, '0');
  CHECK(door.code() == "DEVICE_KEY_CHANGED");
  device.idevid_fingerprint.clear();  // announced, never seen
  CHECK(door.judge().outcome == Outcome::allow);
}

TEST_CASE("A device that is not genuine is not asked about anything else") {
  Door door;
  door.known(DeviceState::expected, true);
  door.genuineness.refuse("IDEVID_NOT_GENUINE", "forged");
  const auto judged = door.judge();
  CHECK(judged.outcome == Outcome::deny);
  CHECK(judged.decided_by.empty());
  CHECK(judged.findings.size() == 1);
}

TEST_CASE("People settle what waits for them") {
  Door door;
  const auto& rule = door.rule(PolicyEffect::ask);
  const auto waiting = door.judge();
  CHECK(settle(waiting, std::nullopt, kNow).outcome == Outcome::wait);
  CHECK(settle(waiting, answer_to(rule, ApprovalState::pending), kNow).outcome == Outcome::wait);
  const auto granted = settle(waiting, answer_to(rule, ApprovalState::granted), kNow);
  CHECK(granted.outcome == Outcome::allow);
  CHECK(granted.findings.empty());
  CHECK(granted.segment == "cameras");
  const auto denied = settle(waiting, answer_to(rule, ApprovalState::denied), kNow);
  CHECK(denied.outcome == Outcome::deny);
  CHECK(denied.findings.at(0).code == "APPROVAL_DENIED");
  CHECK(settle(waiting, answer_to(rule, ApprovalState::granted), kNow + kGrantLifetime).outcome == Outcome::wait);
}
