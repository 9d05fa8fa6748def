#include "services/registrar/domain/policy.h"

#include "services/registrar/domain/field_text.h"
#include "services/registrar/domain/protocols.h"
#include "services/registrar/domain/shell_pattern.h"

namespace pratique::registrar {
namespace {

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

std::string pattern_problem(std::string_view what, std::string_view value, std::string_view pattern) {
  if (pattern_matches(pattern, value)) return "";
  return std::string(what) + " " + quoted(value) + " does not match " + quoted(pattern);
}

/// Why the rule does not match; empty where it does.
std::string obstacle(const Policy& rule, const PolicyFacts& facts) {
  if (rule.disabled) return "the rule is disabled";
  if (!rule.manufacturer.empty() && rule.manufacturer != facts.manufacturer) return "manufacturer differs";
  for (auto problem : {pattern_problem("model", facts.model, rule.model_pattern),
                       pattern_problem("serial number", facts.serial_number, rule.serial_pattern),
                       pattern_problem("location", facts.location, rule.location_pattern)})
    if (!problem.empty()) return problem;
  if (!protocol_fits(rule.protocols, facts.protocol))
    return "protocol " + quoted(facts.protocol) + " is not one of " + list_text(rule.protocols);
  if (rule.start_time && facts.time < *rule.start_time) return "the rule starts at " + format_rfc3339(*rule.start_time);
  if (rule.end_time && facts.time >= *rule.end_time) return "the rule ended at " + format_rfc3339(*rule.end_time);
  return "";
}

}  // namespace

std::string_view to_string(PolicyEffect effect) {
  switch (effect) {
    case PolicyEffect::allow: return "allow";
    case PolicyEffect::deny: return "deny";
    case PolicyEffect::ask: return "ask";
  }
  return "?";
}

std::optional<PolicyEffect> parse_policy_effect(std::string_view text) {
  for (const auto effect : {PolicyEffect::allow, PolicyEffect::deny, PolicyEffect::ask})
    if (to_string(effect) == text) return effect;
  return std::nullopt;
}

Result<void> check_policy(const Policy& policy) {
  TRY_VOID(check_text("policy.display_name", policy.display_name, kMaxDisplayName, Presence::required));
  if (policy.priority < 0 || policy.priority > kMaxPriority)
    return field_invalid("policy.priority", "must lie between 0 and " + std::to_string(kMaxPriority));
  TRY_VOID(check_pattern("policy.model_pattern", policy.model_pattern));
  TRY_VOID(check_pattern("policy.serial_pattern", policy.serial_pattern));
  TRY_VOID(check_pattern("policy.location_pattern", policy.location_pattern));
  TRY_VOID(check_protocols("policy.protocols", policy.protocols));
  if (policy.start_time && policy.end_time && *policy.end_time <= *policy.start_time)
    return field_invalid("policy.end_time", "must be after start_time");
  TRY_VOID(check_word("policy.segment", policy.segment, kMaxSegment, Presence::optional));
  TRY_VOID(check_word("policy.credential_profile", policy.credential_profile, kMaxProfile, Presence::optional));
  if (policy.approvals_required < 1 || policy.approvals_required > kMaxApprovalsRequired)
    return field_invalid("policy.approvals_required", "must be 1 or " + std::to_string(kMaxApprovalsRequired));
  return {};
}

std::string rule_label(const Policy& policy) {
  return policy.id.name() + " (rule " + std::to_string(policy.priority) + ": " + policy.display_name + ")";
}

PolicyDecision evaluate(std::span<const Policy> rules, const PolicyFacts& facts) {
  PolicyDecision out;
  for (const auto& rule : rules) {
    auto problem = obstacle(rule, facts);
    const bool matched = problem.empty();
    out.trace.push_back({rule.id, rule.display_name, matched, std::move(problem)});
    if (!matched) continue;
    out.rule = rule;
    break;
  }
  return out;
}

}  // namespace pratique::registrar
