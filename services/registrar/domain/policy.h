// Authorization policy: an ordered list of rules; the first that matches decides, none means no.
//
//   const auto decision = evaluate(rules, facts);
//   decision.effect          // none: nothing matched
//   decision.trace           // each rule asked, and why it matched or did not
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "services/registrar/domain/ids.h"

namespace pratique::registrar {

inline constexpr std::size_t kMaxPolicies = 1000;
inline constexpr std::int32_t kMaxPriority = 1'000'000;
inline constexpr std::int32_t kMaxApprovalsRequired = 2;

enum class PolicyEffect { allow, deny, ask };
std::string_view to_string(PolicyEffect effect);
std::optional<PolicyEffect> parse_policy_effect(std::string_view text);

struct Policy {
  PolicyId id = {};
  std::string display_name = {};
  std::int32_t priority = 0;  // lower is asked first; unique
  bool disabled = false;

  // Conditions; an empty one is always true, all must hold.
  ManufacturerId manufacturer = {};
  std::string model_pattern = {};
  std::string serial_pattern = {};
  std::string location_pattern = {};
  std::vector<std::string> protocols = {};
  std::optional<Timestamp> start_time = {};
  std::optional<Timestamp> end_time = {};  // exclusive

  PolicyEffect effect = PolicyEffect::deny;
  std::string segment = {};
  std::string credential_profile = {};       // empty: the default one (credential_profile.h)
  std::int32_t approvals_required = 1;  // ask: 1 or 2

  Timestamp create_time = {};
  Timestamp update_time = {};
  std::int64_t version = 1;
};

/// FIELD_INVALID names the field.
Result<void> check_policy(const Policy& policy);
/// "policies/<uuid> (rule 30: cameras of site A)".
std::string rule_label(const Policy& policy);

/// What is known of a device that knocks.
struct PolicyFacts {
  ManufacturerId manufacturer = {};
  std::string model = {};
  std::string serial_number = {};
  std::string location = {};
  std::string protocol = {};
  Timestamp time = {};
};

struct RuleTrace {
  PolicyId rule = {};
  std::string display_name = {};
  bool matched = false;
  std::string explanation = {};  // "serial number 'X-1' does not match 'CAM-*'"; empty where it matched
};

struct PolicyDecision {
  std::optional<Policy> rule;  // the one that decides
  std::vector<RuleTrace> trace = {};
};

/// `rules` in the order of their priority.
PolicyDecision evaluate(std::span<const Policy> rules, const PolicyFacts& facts);

}  // namespace pratique::registrar
