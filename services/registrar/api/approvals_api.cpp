#include "services/registrar/api/approvals_api.h"

#include "libs/rpc/change.h"
#include "libs/rpc/timestamp.h"
#include "services/registrar/domain/field_text.h"

namespace pratique::registrar {
namespace {

constexpr std::string_view kList = "ListApprovals";

v1::ApprovalState state_message(ApprovalState state) {
  switch (state) {
    case ApprovalState::pending: return v1::APPROVAL_STATE_PENDING;
    case ApprovalState::granted: return v1::APPROVAL_STATE_GRANTED;
    case ApprovalState::denied: return v1::APPROVAL_STATE_DENIED;
    case ApprovalState::expired: return v1::APPROVAL_STATE_EXPIRED;
  }
  return v1::APPROVAL_STATE_UNSPECIFIED;
}

Result<std::optional<ApprovalState>> read_state(v1::ApprovalState state) {
  if (state == v1::APPROVAL_STATE_UNSPECIFIED) return std::optional<ApprovalState>{};
  for (const auto known :
       {ApprovalState::pending, ApprovalState::granted, ApprovalState::denied, ApprovalState::expired})
    if (state_message(known) == state) return std::optional(known);
  return field_invalid("state", "is unknown");
}

v1::Approval message_of(const Approval& approval) {
  v1::Approval out;
  out.set_name(approval.id.name());
  out.set_state(state_message(approval.state));
  out.set_device(approval.device.name());
  out.set_serial_number(approval.serial_number);
  out.set_manufacturer(approval.manufacturer.name());
  out.set_model(approval.model);
  out.set_policy(approval.policy.name());
  out.set_segment(approval.segment);
  out.set_approvals_required(approval.approvals_required);
  for (const auto& vote : approval.votes) {
    auto* v = out.add_votes();
    v->set_operator_(vote.voter);
    v->set_approved(vote.approved);
    v->set_reason(vote.reason);
    *v->mutable_time() = rpc::write_time(vote.time);
  }
  *out.mutable_create_time() = rpc::write_time(approval.create_time);
  *out.mutable_expire_time() = rpc::write_time(approval.expire_time);
  if (approval.decide_time) *out.mutable_decide_time() = rpc::write_time(*approval.decide_time);
  return out;
}

}  // namespace

grpc::ServerUnaryReactor* ApprovalsApi::GetApproval(grpc::CallbackServerContext* context,
                                                    const v1::GetApprovalRequest* request, v1::Approval* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&ApprovalsApi::get, this));
}

grpc::ServerUnaryReactor* ApprovalsApi::ListApprovals(grpc::CallbackServerContext* context,
                                                      const v1::ListApprovalsRequest* request,
                                                      v1::ListApprovalsResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&ApprovalsApi::list, this));
}

grpc::ServerUnaryReactor* ApprovalsApi::Approve(grpc::CallbackServerContext* context, const v1::ApproveRequest* request,
                                                v1::Approval* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&ApprovalsApi::approve, this));
}

grpc::ServerUnaryReactor* ApprovalsApi::Deny(grpc::CallbackServerContext* context, const v1::DenyRequest* request,
                                             v1::Approval* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&ApprovalsApi::deny, this));
}

Result<v1::Approval> ApprovalsApi::get(const rpc::CallContext& call, const v1::GetApprovalRequest& request) {
  TRY(const auto id, ApprovalId::parse_name(request.name()));
  TRY(const auto approval, approvals_.get(to_call(call), id));
  return message_of(approval);
}

Result<v1::ListApprovalsResponse> ApprovalsApi::list(const rpc::CallContext& call,
                                                     const v1::ListApprovalsRequest& request) {
  ApprovalFilter filter;
  TRY(filter.state, read_state(request.state()));
  if (!request.device().empty()) {
    TRY(filter.device, DeviceId::parse_name(request.device()));
  }
  const std::string sealed_filter = std::to_string(request.state()) + '\n' + request.device();
  TRY(const auto page, rpc::parse_page(tokens_, kList, sealed_filter, request.page_size(), request.page_token()));
  ApprovalId after;
  if (!page.after.empty()) {
    TRY(after, ApprovalId::parse(page.after));
  }
  TRY(const auto found, approvals_.list(to_call(call), filter, after, page.size + 1));
  v1::ListApprovalsResponse response;
  ApprovalId last;
  for (const Approval& approval : found) {
    if (response.approvals_size() == page.size) {
      response.set_next_page_token(tokens_.seal(kList, sealed_filter, last.text()));
      break;
    }
    *response.add_approvals() = message_of(approval);
    last = approval.id;
  }
  return response;
}

Result<v1::Approval> ApprovalsApi::approve(const rpc::CallContext& call, const v1::ApproveRequest& request) {
  TRY(const auto id, ApprovalId::parse_name(request.name()));
  TRY(const auto change, to_change(call, request));
  TRY(const auto approval, approvals_.approve(change, id, request.reason()));
  return message_of(approval);
}

Result<v1::Approval> ApprovalsApi::deny(const rpc::CallContext& call, const v1::DenyRequest& request) {
  TRY(const auto id, ApprovalId::parse_name(request.name()));
  TRY(const auto change, to_change(call, request));
  TRY(const auto approval, approvals_.deny(change, id, request.reason()));
  return message_of(approval);
}

}  // namespace pratique::registrar
