#include "services/registrar/app/admission.h"

#include "libs/base/hex.h"
#include "libs/crypto/primitives/digest.h"
#include "libs/pg/events.h"
#include "services/registrar/domain/admission.h"
#include "services/registrar/domain/protocols.h"
#include "services/registrar/storage/approvals.h"
#include "services/registrar/storage/audit.h"
#include "services/registrar/storage/decisions.h"
#include "services/registrar/storage/devices.h"
#include "services/registrar/storage/manufacturers.h"

namespace pratique::registrar {

/// What is known of the device while it is judged.
struct AdmissionDesk::Standing {
  const Idevid& idevid;
  Genuineness genuineness;
  std::optional<Device> device;
  std::optional<Policy> asks;        // the rule that asks people
  std::optional<Approval> approval;  // that it waits for, or that was answered
  Timestamp now;
};

namespace {

constexpr std::string_view kCrowd = "unproven:*";
constexpr std::string_view kRace = "DEVICE_RACE";

Result<void> check_knock(const Knock& knock) {
  if (!is_protocol(knock.protocol)) return field_invalid("protocol", "must be brski, fdo or dpp");
  if (knock.session.empty()) return field_invalid("session", "must not be empty");
  TRY_VOID(check_text("location", knock.location, kMaxLocation, Presence::optional));
  return check_text("remote_address", knock.remote_address, kMaxRemoteAddress, Presence::optional);
}

/// Whom a repetition is known by.
std::string subject_key(const std::optional<Device>& device, const ManufacturerId& manufacturer, const Idevid& idevid) {
  if (device) return device->id.name();
  if (!manufacturer.empty() && !idevid.serial_number.empty())
    return "serial:" + manufacturer.text() + "/" + idevid.serial_number;
  return "unproven:" + hex_encode(idevid.leaf.fingerprint_sha256());
}

/// Identities that nobody vouches for cost nothing to make: from some number on they are one crowd.
Result<void> join_crowd(pg::Tx& tx, Decision& decision) {
  if (!decision.manufacturer.empty()) return {};
  TRY(const auto strangers, count_unproven(tx, decision.create_time - kRepeatWindow));
  if (strangers < kMaxUnprovenSubjects) return {};
  decision.subject_key = kCrowd;
  decision.serial_number.clear();
  return {};
}

std::string subject_of(const Decision& decision) {
  return decision.device.empty() ? decision.id.name() : decision.device.name();
}

Facts facts_of(const Decision& d) {
  std::string codes;
  for (const auto& finding : d.findings) codes += (codes.empty() ? "" : ", ") + finding.code;
  Facts facts{{"decision", d.id.name()},
              {"outcome", std::string(to_string(d.outcome))},
              {"codes", codes},
              {"manufacturer", name_of(d.manufacturer)},
              {"serial_number", d.serial_number},
              {"protocol", d.protocol},
              {"session", name_of(d.session)},
              {"rule", d.rule},
              {"approval", name_of(d.approval)},
              {"segment", d.segment},
              {"credential_profile", d.credential_profile},
              {"location", d.location},
              {"remote_address", d.remote_address}};
  std::erase_if(facts, [](const auto& fact) { return fact.second.empty(); });
  return facts;
}

void merge(Facts& into, const Facts& more) { into.insert(more.begin(), more.end()); }

Approval ask(const Policy& rule, const Device& device, Timestamp now, const Clock& clock, Random& random) {
  Approval a;
  a.id = ApprovalId::make(clock, random);
  a.device = device.id;
  a.policy = rule.id;
  a.rule = rule_label(rule);
  a.segment = rule.segment;
  a.credential_profile = rule.credential_profile;
  a.approvals_required = rule.approvals_required;
  a.create_time = now;
  a.expire_time = now + kApprovalLifetime;
  return a;
}

/// The answer that let the device in still stands: it lost its connection and knocks again.
bool repeats(const Decision& earlier, const Decision& now_given) {
  return earlier.outcome == Outcome::allow && earlier.decided_by == now_given.decided_by &&
         earlier.segment == now_given.segment && earlier.credential_profile == now_given.credential_profile &&
         earlier.create_time + kRepeatWindow > now_given.create_time;
}

}  // namespace

Decision AdmissionDesk::make_decision(const Knock& knock, const Admission& admission, Timestamp now) {
  Decision d;
  d.id = DecisionId::make(clock_, random_);
  d.protocol = knock.protocol;
  d.session = knock.session;
  d.outcome = admission.outcome;
  d.findings = storable(admission.findings);
  d.decided_by = admission.decided_by;
  d.rule = admission.rule;
  d.segment = admission.segment;
  d.credential_profile = admission.credential_profile;
  d.location = knock.location;
  d.remote_address = knock.remote_address;
  d.create_time = d.last_time = now;
  return d;
}

Result<Judgement> AdmissionDesk::judge(const Call& call, const Knock& knock) {
  TRY_VOID(check_knock(knock));
  const auto idevid = read_idevid(knock.idevid_chain);
  const auto once = [&] {
    return pool_.with(call.deadline, [&](pg::Tx& tx) -> Result<Judgement> {
      if (!idevid) return refuse_unreadable(tx, call, knock, idevid.error());
      return judge_read(tx, call, knock, *idevid);
    });
  };
  auto judged = once();
  // Another replica registered the same new device meanwhile: now it is known.
  if (!judged && judged.error().reason == kRace) return once();
  return judged;
}

Result<Judgement> AdmissionDesk::refuse_unreadable(pg::Tx& tx, const Call& call, const Knock& knock,
                                                   const Error& error) {
  Admission refused;
  refused.findings.push_back({error.reason, error.message, error.evidence});
  auto decision = make_decision(knock, refused, clock_.now());
  const Bytes leaf = knock.idevid_chain.empty() ? Bytes{} : knock.idevid_chain.front();
  decision.subject_key = "unproven:" + hex_encode(crypto::sha256(leaf));
  TRY_VOID(join_crowd(tx, decision));
  TRY(const auto same, find_same_decision(tx, decision, decision.create_time - kRepeatWindow));
  if (same) {
    TRY_VOID(count_decision(tx, same->id, knock.session, decision.create_time));
    return Judgement{.decision = *same, .retry_after = kDenyRetry};
  }
  TRY_VOID(record(tx, call, decision));
  TRY_VOID(append_event(tx, "device.refused", subject_of(decision), facts_of(decision)));
  return Judgement{.decision = std::move(decision), .retry_after = kDenyRetry};
}

Result<Judgement> AdmissionDesk::judge_read(pg::Tx& tx, const Call& call, const Knock& knock, const Idevid& idevid) {
  Standing standing{.idevid = idevid, .genuineness = {}, .device = {}, .asks = {}, .approval = {}, .now = clock_.now()};
  TRY(const auto anchors, find_anchors(tx, idevid));
  standing.genuineness = judge_genuineness(idevid, anchors, knock.protocol, standing.now);
  const auto& manufacturer = standing.genuineness.manufacturer;
  if (!manufacturer.empty() && !idevid.serial_number.empty()) {
    TRY(standing.device, lock_device_at_door(tx, manufacturer, idevid.serial_number));
  }
  TRY(const auto rules, policies_.load(tx));
  auto admission = judge_admission(
      {idevid, standing.genuineness, standing.device, *rules, knock.protocol, knock.location, standing.now});
  if (admission.outcome == Outcome::wait) {
    standing.asks = admission.asks;
    if (standing.device) {
      TRY(standing.approval, find_open_approval(tx, standing.device->id));
    }
    if (standing.approval && !answers(*standing.approval, *standing.asks, standing.now)) standing.approval = {};
    admission = settle(std::move(admission), standing.approval, standing.now);
  }

  auto decision = make_decision(knock, admission, standing.now);
  decision.manufacturer = manufacturer;
  decision.serial_number = displayable(idevid.serial_number, kMaxSerialNumber);
  decision.subject_key = subject_key(standing.device, manufacturer, idevid);
  if (standing.device) decision.device = standing.device->id;
  if (standing.approval) decision.approval = standing.approval->id;
  switch (admission.outcome) {
    case Outcome::allow: return allow(tx, call, std::move(decision), standing);
    case Outcome::wait: return wait(tx, call, std::move(decision), standing);
    case Outcome::deny: return deny(tx, call, std::move(decision), standing);
  }
  return internal("OUTCOME_UNKNOWN", "no such outcome");
}

Result<void> AdmissionDesk::move_device(pg::Tx& tx, Decision& decision, Standing& standing, DeviceEvent event) {
  const bool is_new = !standing.device;
  if (is_new) {
    standing.device.emplace();
    standing.device->id = DeviceId::make(clock_, random_);
    standing.device->manufacturer = decision.manufacturer;
    standing.device->serial_number = standing.idevid.serial_number;
    standing.device->create_time = standing.now;
  }
  auto& device = *standing.device;
  TRY(device.state, next_state(device.state, event));
  if (device.model.empty()) device.model = standing.idevid.model;
  if (!decision.location.empty()) device.location = decision.location;
  device.idevid_fingerprint = standing.idevid.fingerprint;
  device.mud_url = standing.idevid.mud_url;
  device.last_seen_time = device.update_time = standing.now;
  if (event == DeviceEvent::allow) {
    device.decision = decision.id;
    device.granted_segment = decision.segment;
    device.granted_profile = decision.credential_profile;
  }
  decision.device = device.id;
  decision.subject_key = device.id.name();
  if (!is_new) return update_device(tx, device);
  TRY(const bool inserted, insert_device(tx, device));
  if (!inserted)
    return Error{ErrorCode::aborted, std::string(kRace), "the device was registered at the same time; ask again"};
  return {};
}

/// The decision and its entry in the audit log. Events come after it.
Result<void> AdmissionDesk::record(pg::Tx& tx, const Call& call, Decision& decision) {
  const auto action = "pledge." + std::string(to_string(decision.outcome));
  const auto reason = decision.findings.empty() ? decision.rule : decision.code();
  TRY_VOID(append_audit(tx, {call.actor, action, subject_of(decision), reason, facts_of(decision)},
                        decision.create_time));
  return insert_decision(tx, decision);
}

Result<ManufacturerContact> AdmissionDesk::contact(pg::Tx& tx, const Standing& standing, std::string_view protocol) {
  TRY(const auto m, get_manufacturer(tx, standing.genuineness.manufacturer));
  const auto in_force = [&](AnchorPurpose purpose) {
    return anchors_in_force(m.trust_anchors, {purpose, protocol, standing.idevid.serial_number, standing.now});
  };
  return ManufacturerContact{.id = m.id,
                             .display_name = m.display_name,
                             .wire_profile = m.wire_profile,
                             .masa_url = m.masa_url.empty() ? standing.idevid.masa_url : m.masa_url,
                             .voucher_anchors = in_force(AnchorPurpose::voucher),
                             .masa_tls_anchors = in_force(AnchorPurpose::masa_tls)};
}

Result<Judgement> AdmissionDesk::allow(pg::Tx& tx, const Call& call, Decision decision, Standing& standing) {
  TRY(auto manufacturer, contact(tx, standing, decision.protocol));
  if (standing.device && standing.device->state == DeviceState::onboarding && !standing.device->decision.empty()) {
    TRY(const auto earlier, find_decision(tx, standing.device->decision));
    if (earlier && repeats(*earlier, decision)) {
      TRY_VOID(count_decision(tx, earlier->id, decision.session, standing.now));
      TRY_VOID(touch_device(tx, standing.device->id, standing.now));
      return Judgement{.decision = *earlier, .manufacturer = std::move(manufacturer)};
    }
  }
  TRY_VOID(move_device(tx, decision, standing, DeviceEvent::allow));
  TRY_VOID(record(tx, call, decision));
  auto facts = device_facts(*standing.device);
  merge(facts, facts_of(decision));
  TRY_VOID(append_event(tx, "device.authorized", decision.device.name(), facts));
  return Judgement{.decision = std::move(decision), .manufacturer = std::move(manufacturer)};
}

Result<Judgement> AdmissionDesk::wait(pg::Tx& tx, const Call& call, Decision decision, Standing& standing) {
  const bool waits_already = standing.approval && standing.device->state == DeviceState::pending;
  if (waits_already) {
    TRY(const auto earlier, find_same_decision(tx, decision, standing.approval->create_time - kRepeatWindow));
    if (earlier) {
      TRY_VOID(count_decision(tx, earlier->id, decision.session, standing.now));
      TRY_VOID(touch_device(tx, standing.device->id, standing.now));
      return Judgement{.decision = *earlier, .retry_after = kWaitRetry};
    }
  }
  TRY_VOID(move_device(tx, decision, standing, DeviceEvent::wait));
  const bool asks_anew = !standing.approval;
  if (asks_anew) {
    TRY_VOID(close_approvals(tx, decision.device, standing.now));
    standing.approval = ask(*standing.asks, *standing.device, standing.now, clock_, random_);
    TRY_VOID(insert_approval(tx, *standing.approval));
    decision.approval = standing.approval->id;
  }
  TRY_VOID(record(tx, call, decision));
  auto facts = device_facts(*standing.device);
  merge(facts, facts_of(decision));
  facts["device"] = decision.device.name();
  if (asks_anew) TRY_VOID(append_event(tx, "approval.requested", decision.approval.name(), facts));
  TRY_VOID(append_event(tx, "device.waiting", decision.device.name(), facts));
  return Judgement{.decision = std::move(decision), .retry_after = kWaitRetry};
}

Result<Judgement> AdmissionDesk::deny(pg::Tx& tx, const Call& call, Decision decision, Standing& standing) {
  TRY_VOID(join_crowd(tx, decision));
  if (standing.device) TRY_VOID(touch_device(tx, standing.device->id, standing.now));
  TRY(const auto same, find_same_decision(tx, decision, standing.now - kRepeatWindow));
  if (same) {
    TRY_VOID(count_decision(tx, same->id, decision.session, standing.now));
    return Judgement{.decision = *same, .retry_after = kDenyRetry};
  }
  TRY_VOID(record(tx, call, decision));
  TRY_VOID(append_event(tx, "device.refused", subject_of(decision), facts_of(decision)));
  return Judgement{.decision = std::move(decision), .retry_after = kDenyRetry};
}

}  // namespace pratique::registrar
