// The rules of the authorization policy, and the number of the set as a whole, by which a process knows that its copy
// of the rules is still good.
#pragma once

#include <cstdint>
#include <vector>

#include "libs/pg/tx.h"
#include "services/registrar/domain/policy.h"

namespace pratique::registrar {

/// ALREADY_EXISTS POLICY_PRIORITY_TAKEN. Each of the three changes moves the set's version.
Result<void> insert_policy(pg::Tx& tx, const Policy& policy);
/// The version grows by one (in `policy` too). POLICY_PRIORITY_TAKEN.
Result<void> update_policy(pg::Tx& tx, Policy& policy);
Result<void> delete_policy(pg::Tx& tx, const PolicyId& id);

/// NOT_FOUND POLICY_UNKNOWN.
Result<Policy> get_policy(pg::Tx& tx, const PolicyId& id);
Result<Policy> lock_policy(pg::Tx& tx, const PolicyId& id);
Result<std::int64_t> count_policies(pg::Tx& tx);
/// In the order in which they are asked, behind `after_priority` (-1: from the first).
Result<std::vector<Policy>> list_policies(pg::Tx& tx, std::int32_t after_priority, int limit);
/// The set's version.
Result<std::int64_t> load_policy_version(pg::Tx& tx);

}  // namespace pratique::registrar
