#include "services/registrar/domain/approval.h"

#include <algorithm>

namespace pratique::registrar {

std::string_view to_string(ApprovalState state) {
  switch (state) {
    case ApprovalState::pending: return "pending";
    case ApprovalState::granted: return "granted";
    case ApprovalState::denied: return "denied";
    case ApprovalState::expired: return "expired";
  }
  return "?";
}

std::optional<ApprovalState> parse_approval_state(std::string_view text) {
  for (const auto state :
       {ApprovalState::pending, ApprovalState::granted, ApprovalState::denied, ApprovalState::expired})
    if (to_string(state) == text) return state;
  return std::nullopt;
}

ApprovalState state_at(const Approval& approval, Timestamp now) {
  if (approval.state == ApprovalState::pending && now >= approval.expire_time) return ApprovalState::expired;
  return approval.state;
}

Result<void> add_vote(Approval& approval, Vote vote) {
  const auto state = state_at(approval, vote.time);
  if (approval.closed || state != ApprovalState::pending)
    return failed_precondition("APPROVAL_DECIDED",
                               "the approval is " +
                                   std::string(state == ApprovalState::pending ? "closed" : to_string(state)) +
                                   " already")
        .with("state", to_string(state));
  const auto said_yes = [&](const Vote& earlier) { return earlier.voter == vote.voter && earlier.approved; };
  if (vote.approved && std::ranges::any_of(approval.votes, said_yes))
    return Error{ErrorCode::already_exists, "APPROVAL_VOTED", "this operator approved before; another one is needed"}
        .with("operator", vote.voter);
  approval.votes.push_back(vote);
  const auto yes = std::ranges::count_if(approval.votes, [](const Vote& v) { return v.approved; });
  if (!vote.approved) {
    approval.state = ApprovalState::denied;
  } else if (yes >= approval.approvals_required) {
    approval.state = ApprovalState::granted;
  } else {
    return {};
  }
  approval.decide_time = vote.time;
  return {};
}

bool answers(const Approval& approval, const Policy& rule, Timestamp now) {
  if (approval.closed) return false;
  if (approval.state == ApprovalState::denied) return true;
  const bool same_question = approval.policy == rule.id && approval.segment == rule.segment &&
                             approval.credential_profile == rule.credential_profile &&
                             approval.approvals_required >= rule.approvals_required;
  if (!same_question) return false;
  if (approval.state == ApprovalState::granted)
    return approval.decide_time && now < *approval.decide_time + kGrantLifetime;
  return state_at(approval, now) == ApprovalState::pending;
}

}  // namespace pratique::registrar
