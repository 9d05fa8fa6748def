#include "services/registrar/app/policies.h"

#include "libs/pg/events.h"
#include "libs/pg/once.h"
#include "services/registrar/domain/field_text.h"
#include "services/registrar/domain/protocols.h"
#include "services/registrar/storage/audit.h"
#include "services/registrar/storage/devices.h"
#include "services/registrar/storage/manufacturers.h"

namespace pratique::registrar {
namespace {

Facts facts_of(const Policy& p) {
  Facts facts{{"display_name", p.display_name},
              {"priority", std::to_string(p.priority)},
              {"disabled", p.disabled ? "true" : ""},
              {"manufacturer", name_of(p.manufacturer)},
              {"model_pattern", p.model_pattern},
              {"serial_pattern", p.serial_pattern},
              {"location_pattern", p.location_pattern},
              {"protocols", list_text(p.protocols)},
              {"start_time", p.start_time ? format_rfc3339(*p.start_time) : ""},
              {"end_time", p.end_time ? format_rfc3339(*p.end_time) : ""},
              {"effect", std::string(to_string(p.effect))},
              {"segment", p.segment},
              {"credential_profile", p.credential_profile},
              {"approvals_required", p.effect == PolicyEffect::ask ? std::to_string(p.approvals_required) : ""}};
  std::erase_if(facts, [](const auto& fact) { return fact.second.empty(); });
  return facts;
}

Result<Policy> by_name(pg::Tx& tx, std::string_view name) {
  TRY(const auto id, PolicyId::parse_name(name));
  return get_policy(tx, id);
}

template <typename T>
void fill(T& target, const T& with) {
  if (target.empty()) target = with;
}

}  // namespace

Result<Rules> PolicyCache::load(pg::Tx& tx) {
  // The version is read before the rules: rules newer than their version are read once more, older ones never kept.
  TRY(const auto version, load_policy_version(tx));
  {
    const std::lock_guard lock(mutex_);
    if (rules_ && version_ == version) return rules_;
  }
  TRY(auto fresh, list_policies(tx, -1, static_cast<int>(kMaxPolicies)));
  auto rules = std::make_shared<const std::vector<Policy>>(std::move(fresh));
  const std::lock_guard lock(mutex_);
  version_ = version;
  rules_ = rules;
  return rules;
}

Result<void> Policies::check(pg::Tx& tx, const Policy& policy) const {
  TRY_VOID(check_policy(policy));
  if (!profiles_.has(policy.credential_profile))
    return field_invalid("policy.credential_profile", "no profile of this name is configured");
  if (!policy.manufacturer.empty()) TRY_VOID(get_manufacturer(tx, policy.manufacturer));
  return {};
}

Result<Policy> Policies::create(const Change& change, const Policy& wanted) {
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<Policy> {
    TRY(const auto name, once(tx, change, [&]() -> Result<std::string> {
      Policy policy = wanted;
      policy.id = PolicyId::make(clock_, random_);
      policy.create_time = policy.update_time = clock_.now();
      policy.version = 1;
      TRY_VOID(check(tx, policy));
      TRY_VOID(insert_policy(tx, policy));
      TRY(const auto count, count_policies(tx));
      if (count > static_cast<std::int64_t>(kMaxPolicies))
        return Error{ErrorCode::resource_exhausted, "POLICIES_FULL",
                     "there may be " + std::to_string(kMaxPolicies) + " policies"};
      const auto subject = policy.id.name();
      TRY_VOID(append_audit(tx, {change.actor, "policy.create", subject, "", facts_of(policy)}, policy.create_time));
      TRY_VOID(append_event(tx, "policy.created", subject, facts_of(policy)));
      return subject;
    }));
    return by_name(tx, name);
  });
}

Result<Policy> Policies::get(const Call& call, const PolicyId& id) {
  return pool_.read(call.deadline, [&](pg::Tx& tx) { return get_policy(tx, id); });
}

Result<std::vector<Policy>> Policies::list(const Call& call, std::int32_t after_priority, int limit) {
  return pool_.read(call.deadline, [&](pg::Tx& tx) { return list_policies(tx, after_priority, limit); });
}

Result<Policy> Policies::update(const Change& change, const PolicyId& id, const Edit& edit) {
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<Policy> {
    TRY(const auto name, once(tx, change, [&]() -> Result<std::string> {
      TRY(const auto before, lock_policy(tx, id));
      TRY(auto policy, edit(before));
      policy.id = id;
      policy.create_time = before.create_time;
      policy.version = before.version;
      policy.update_time = clock_.now();
      TRY_VOID(check(tx, policy));
      TRY_VOID(update_policy(tx, policy));
      TRY_VOID(append_audit(tx, {change.actor, "policy.update", id.name(), "", facts_of(policy)}, policy.update_time));
      TRY_VOID(append_event(tx, "policy.updated", id.name(), facts_of(policy)));
      return id.name();
    }));
    return by_name(tx, name);
  });
}

Result<void> Policies::remove(const Change& change, const PolicyId& id,
                              const std::function<Result<void>(const Policy&)>& may) {
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<void> {
    TRY_VOID(once(tx, change, [&]() -> Result<std::string> {
      TRY(const auto policy, lock_policy(tx, id));
      TRY_VOID(may(policy));
      TRY_VOID(delete_policy(tx, id));
      TRY_VOID(append_audit(tx, {change.actor, "policy.delete", id.name(), "", facts_of(policy)}, clock_.now()));
      TRY_VOID(append_event(tx, "policy.deleted", id.name(), facts_of(policy)));
      return std::string();
    }));
    return {};
  });
}

Result<PolicyAnswer> Policies::test(const Call& call, const PolicyQuestion& question) {
  return pool_.read(call.deadline, [&](pg::Tx& tx) -> Result<PolicyAnswer> {
    PolicyFacts facts = question.facts;
    facts.time = question.time.value_or(clock_.now());
    fill(facts.protocol, std::string(kProtocols[0]));
    std::optional<Device> device;
    if (!question.device.empty()) {
      TRY(device, get_device(tx, question.device));
      fill(facts.manufacturer, device->manufacturer);
      fill(facts.model, device->model);
      fill(facts.serial_number, device->serial_number);
      fill(facts.location, device->location);
    }
    TRY(const auto rules, cache_.load(tx));
    const auto decision = evaluate(*rules, facts);

    PolicyAnswer answer{.trace = decision.trace};
    if (decision.rule) {
      answer.effect = decision.rule->effect;
      answer.decided_by = decision.rule->id.name();
      answer.segment = decision.rule->segment;
      answer.credential_profile = decision.rule->credential_profile;
    }
    if (device) {
      if (!device->segment.empty()) answer.segment = device->segment;
      if (!device->credential_profile.empty()) answer.credential_profile = device->credential_profile;
      answer.findings = judge_standing(*device).findings();
      if (device->authorized && answer.findings.empty()) {
        answer.effect = PolicyEffect::allow;
        answer.decided_by = device->id.name();
        return answer;
      }
      if (!answer.findings.empty()) answer.effect = PolicyEffect::deny;
    }
    if (!decision.rule)
      answer.findings.push_back({"POLICY_NONE_MATCHED", "no rule of the policy matches the device",
                                 {{"rules", std::to_string(decision.trace.size())}}});
    else if (decision.rule->effect == PolicyEffect::deny)
      answer.findings.push_back({"POLICY_DENIED", "a rule of the policy refuses the device",
                                 {{"rule", rule_label(*decision.rule)}}});
    return answer;
  });
}

}  // namespace pratique::registrar
