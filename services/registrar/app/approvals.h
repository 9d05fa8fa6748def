// What people say about devices that policy leaves to them.
#pragma once

#include <string_view>
#include <vector>

#include "libs/base/call.h"
#include "libs/pg/pool.h"
#include "services/registrar/app/surroundings.h"
#include "services/registrar/storage/approvals.h"

namespace pratique::registrar {

class Approvals {
 public:
  explicit Approvals(Surroundings surroundings) : pool_(surroundings.pool), clock_(surroundings.clock) {}

  /// NOT_FOUND APPROVAL_UNKNOWN. The state is given as it stands now.
  Result<Approval> get(const Call& call, const ApprovalId& id);
  /// Oldest first.
  Result<std::vector<Approval>> list(const Call& call, const ApprovalFilter& filter, const ApprovalId& after,
                                     int limit);
  /// FAILED_PRECONDITION APPROVAL_DECIDED, ALREADY_EXISTS APPROVAL_VOTED, INVALID_ARGUMENT FIELD_INVALID (no reason).
  Result<Approval> approve(const Change& change, const ApprovalId& id, std::string_view reason);
  Result<Approval> deny(const Change& change, const ApprovalId& id, std::string_view reason);

 private:
  Result<Approval> vote(const Change& change, const ApprovalId& id, bool approved, std::string_view reason);

  pg::Pool& pool_;
  const Clock& clock_;
};

}  // namespace pratique::registrar
