#include "services/registrar/app/approvals.h"

#include "libs/pg/events.h"
#include "libs/pg/once.h"
#include "services/registrar/domain/field_text.h"
#include "services/registrar/storage/audit.h"

namespace pratique::registrar {
namespace {

Facts facts_of(const Approval& a) {
  Facts facts{{"approval", a.id.name()},
              {"device", a.device.name()},
              {"serial_number", a.serial_number},
              {"manufacturer", a.manufacturer.name()},
              {"policy", a.policy.name()},
              {"state", std::string(to_string(a.state))},
              {"segment", a.segment},
              {"votes", std::to_string(a.votes.size())},
              {"approvals_required", std::to_string(a.approvals_required)}};
  std::erase_if(facts, [](const auto& fact) { return fact.second.empty(); });
  return facts;
}

Approval as_it_stands(Approval approval, Timestamp now) {
  approval.state = state_at(approval, now);
  return approval;
}

std::string_view event_of(ApprovalState state) {
  switch (state) {
    case ApprovalState::granted: return "approval.granted";
    case ApprovalState::denied: return "approval.denied";
    default: return "approval.voted";
  }
}

}  // namespace

Result<Approval> Approvals::get(const Call& call, const ApprovalId& id) {
  return pool_.read(call.deadline, [&](pg::Tx& tx) -> Result<Approval> {
    TRY(auto approval, get_approval(tx, id));
    return as_it_stands(std::move(approval), clock_.now());
  });
}

Result<std::vector<Approval>> Approvals::list(const Call& call, const ApprovalFilter& filter, const ApprovalId& after,
                                              int limit) {
  return pool_.read(call.deadline, [&](pg::Tx& tx) -> Result<std::vector<Approval>> {
    const Timestamp now = clock_.now();
    TRY(auto approvals, list_approvals(tx, filter, after, limit, now));
    for (auto& approval : approvals) approval = as_it_stands(std::move(approval), now);
    return approvals;
  });
}

Result<Approval> Approvals::approve(const Change& change, const ApprovalId& id, std::string_view reason) {
  return vote(change, id, true, reason);
}

Result<Approval> Approvals::deny(const Change& change, const ApprovalId& id, std::string_view reason) {
  return vote(change, id, false, reason);
}

Result<Approval> Approvals::vote(const Change& change, const ApprovalId& id, bool approved, std::string_view reason) {
  TRY_VOID(check_text("reason", reason, kMaxReason, Presence::required));
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<Approval> {
    const Timestamp now = clock_.now();
    TRY(const auto name, once(tx, change, [&]() -> Result<std::string> {
      TRY(auto approval, lock_approval(tx, id));
      TRY_VOID(add_vote(approval, {change.actor, approved, std::string(reason), now}));
      TRY_VOID(update_approval(tx, approval));
      // The entry is the device's: its history tells who let it in.
      TRY_VOID(append_audit(tx, {change.actor, approved ? "approval.approve" : "approval.deny", approval.device.name(),
                                 std::string(reason), facts_of(approval)}, now));
      TRY_VOID(append_event(tx, event_of(approval.state), approval.id.name(), facts_of(approval)));
      return id.name();
    }));
    TRY(const auto voted, ApprovalId::parse_name(name));
    TRY(auto approval, get_approval(tx, voted));
    return as_it_stands(std::move(approval), now);
  });
}

}  // namespace pratique::registrar
