// The authorization policy, as administrators keep it; and what it would say of a device.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/call.h"
#include "libs/pg/pool.h"
#include "services/registrar/app/surroundings.h"
#include "services/registrar/domain/admission.h"
#include "services/registrar/domain/credential_profile.h"
#include "services/registrar/domain/policy.h"
#include "services/registrar/storage/policies.h"

namespace pratique::registrar {

using Rules = std::shared_ptr<const std::vector<Policy>>;

/// The rules in their order, as this process read them last: one small look-up tells whether they still hold.
/// Thread-safe.
class PolicyCache {
 public:
  Result<Rules> load(pg::Tx& tx);

 private:
  std::mutex mutex_;
  std::int64_t version_ = 0;
  Rules rules_;
};

/// What is asked of the policy: a registered device, or the facts of one that is not.
struct PolicyQuestion {
  DeviceId device = {};
  PolicyFacts facts = {};               // where set, they go before the device's own
  std::optional<Timestamp> time = {};   // now if unset
};

struct PolicyAnswer {
  PolicyEffect effect = PolicyEffect::deny;
  std::string decided_by = {};  // "policies/<uuid>", "devices/<uuid>" (by serial number); empty: none matched
  std::string segment = {};
  std::string credential_profile = {};
  std::vector<RuleTrace> trace = {};
  std::vector<Finding> findings = {};
};

class Policies {
 public:
  Policies(Surroundings surroundings, const CredentialProfiles& profiles, PolicyCache& cache)
      : pool_(surroundings.pool), clock_(surroundings.clock), random_(surroundings.random), profiles_(profiles),
        cache_(cache) {}

  /// ALREADY_EXISTS POLICY_PRIORITY_TAKEN, RESOURCE_EXHAUSTED POLICIES_FULL above kMaxPolicies, FIELD_INVALID.
  Result<Policy> create(const Change& change, const Policy& wanted);
  /// NOT_FOUND POLICY_UNKNOWN.
  Result<Policy> get(const Call& call, const PolicyId& id);
  /// In the order in which they are asked, behind `after_priority` (-1: from the first).
  Result<std::vector<Policy>> list(const Call& call, std::int32_t after_priority, int limit);
  /// As Devices::Edit; all but identity and times of the answer counts.
  using Edit = std::function<Result<Policy>(const Policy& current)>;
  Result<Policy> update(const Change& change, const PolicyId& id, const Edit& edit);
  /// `may`: given the rule as it is, nothing or why not (a stale etag).
  Result<void> remove(const Change& change, const PolicyId& id, const std::function<Result<void>(const Policy&)>& may);

  /// Changes nothing. NOT_FOUND DEVICE_UNKNOWN.
  Result<PolicyAnswer> test(const Call& call, const PolicyQuestion& question);

 private:
  Result<void> check(pg::Tx& tx, const Policy& policy) const;

  pg::Pool& pool_;
  const Clock& clock_;
  Random& random_;
  const CredentialProfiles& profiles_;
  PolicyCache& cache_;
};

}  // namespace pratique::registrar
