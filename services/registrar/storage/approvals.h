// Approvals and their votes. A device has at most one that is not closed.
#pragma once

#include <optional>
#include <vector>

#include "libs/pg/tx.h"
#include "services/registrar/domain/approval.h"

namespace pratique::registrar {

Result<void> insert_approval(pg::Tx& tx, const Approval& approval);
/// NOT_FOUND APPROVAL_UNKNOWN.
Result<Approval> get_approval(pg::Tx& tx, const ApprovalId& id);
Result<Approval> lock_approval(pg::Tx& tx, const ApprovalId& id);
/// The one of the device that is not closed.
Result<std::optional<Approval>> find_open_approval(pg::Tx& tx, const DeviceId& device);
/// State, decide_time and the last vote, which is new.
Result<void> update_approval(pg::Tx& tx, const Approval& approval);
/// The device's onboarding is over, or the question is asked anew.
Result<void> close_approvals(pg::Tx& tx, const DeviceId& device, Timestamp now);

struct ApprovalFilter {
  std::optional<ApprovalState> state = {};  // as it stands at `now`
  DeviceId device = {};
};
/// Oldest first, those newer than `after` (empty: from the oldest).
Result<std::vector<Approval>> list_approvals(pg::Tx& tx, const ApprovalFilter& filter, const ApprovalId& after,
                                             int limit, Timestamp now);

}  // namespace pratique::registrar
