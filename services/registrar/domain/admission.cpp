#include "services/registrar/domain/admission.h"

#include "services/registrar/domain/credential_profile.h"

namespace pratique::registrar {
namespace {

const std::string& first_set(const std::string& a, const std::string& b) { return a.empty() ? b : a; }

}  // namespace

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::allow: return "allow";
    case Outcome::deny: return "deny";
    case Outcome::wait: return "wait";
  }
  return "?";
}

std::optional<Outcome> parse_outcome(std::string_view text) {
  for (const auto outcome : {Outcome::allow, Outcome::deny, Outcome::wait})
    if (to_string(outcome) == text) return outcome;
  return std::nullopt;
}

Verdict judge_standing(const Device& device, const Idevid* idevid) {
  Verdict verdict;
  const std::string name = device.id.name();
  if (device.state == DeviceState::retired)
    verdict.refuse("DEVICE_RETIRED", "the device was retired", {{"device", name}});
  if (device.state == DeviceState::quarantined)
    verdict.refuse("DEVICE_QUARANTINED", "the device is quarantined", {{"device", name}});
  if (device.credential_revoked)
    verdict.refuse("DEVICE_REVOKED", "a credential of the device was revoked", {{"device", name}});
  const bool seen = idevid != nullptr && !device.idevid_fingerprint.empty();
  if (seen && device.idevid_fingerprint != idevid->fingerprint)
    verdict.refuse("DEVICE_KEY_CHANGED", "another device with this serial number was here before: its key differs",
                   {{"device", name}, {"key", idevid->fingerprint}, {"known_key", device.idevid_fingerprint}});
  return verdict;
}

Admission judge_admission(const AdmissionFacts& facts) {
  Admission out;
  Verdict verdict = facts.genuineness;
  if (verdict.accepted() && facts.device) verdict.absorb(judge_standing(*facts.device, &facts.idevid));
  if (!verdict.accepted()) {
    out.findings = verdict.findings();
    return out;
  }

  const std::string known_model = facts.device ? facts.device->model : "";
  const std::string known_location = facts.device ? facts.device->location : "";
  const auto policy = evaluate(facts.rules, {facts.genuineness.manufacturer, first_set(known_model, facts.idevid.model),
                                             facts.idevid.serial_number, first_set(facts.location, known_location),
                                             facts.protocol, facts.now});
  const bool grants = policy.rule && policy.rule->effect != PolicyEffect::deny;
  const std::string own_segment = facts.device ? facts.device->segment : "";
  const std::string own_profile = facts.device ? facts.device->credential_profile : "";
  out.segment = first_set(own_segment, grants ? policy.rule->segment : "");
  out.credential_profile = first_set(own_profile, grants ? policy.rule->credential_profile : "");
  if (out.credential_profile.empty()) out.credential_profile = kDefaultProfile;

  if (facts.device && facts.device->authorized) {
    out.outcome = Outcome::allow;
    out.decided_by = facts.device->id.name();
    out.rule = out.decided_by + " (authorized by serial number)";
    return out;
  }
  if (!policy.rule) {
    out.findings.push_back({"POLICY_NONE_MATCHED", "no rule of the policy matches the device",
                            {{"rules", std::to_string(policy.trace.size())}}});
    return out;
  }
  out.decided_by = policy.rule->id.name();
  out.rule = rule_label(*policy.rule);
  switch (policy.rule->effect) {
    case PolicyEffect::allow:
      out.outcome = Outcome::allow;
      break;
    case PolicyEffect::deny:
      out.findings.push_back({"POLICY_DENIED", "a rule of the policy refuses the device", {{"rule", out.rule}}});
      break;
    case PolicyEffect::ask:
      out.outcome = Outcome::wait;
      out.asks = policy.rule;
      out.findings.push_back(
          {"APPROVAL_REQUIRED",
           "the device waits until operators approve it",
           {{"rule", out.rule}, {"approvals_required", std::to_string(out.asks->approvals_required)}}});
      break;
  }
  return out;
}

Admission settle(Admission waiting, const std::optional<Approval>& approval, Timestamp now) {
  if (!waiting.asks || !approval || !answers(*approval, *waiting.asks, now)) return waiting;
  if (approval->state == ApprovalState::granted) {
    waiting.outcome = Outcome::allow;
    waiting.findings.clear();
  } else if (approval->state == ApprovalState::denied) {
    waiting.outcome = Outcome::deny;
    waiting.findings = {{"APPROVAL_DENIED", "an operator refused the device",
                         {{"approval", approval->id.name()},
                          {"operator", approval->votes.empty() ? "" : approval->votes.back().voter},
                          {"reason", approval->votes.empty() ? "" : approval->votes.back().reason}}}};
  }
  return waiting;
}

}  // namespace pratique::registrar
