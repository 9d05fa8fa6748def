// pratique.registrar.v1.Approvals over Approvals.
#pragma once

#include "libs/rpc/page_token.h"
#include "libs/rpc/server.h"
#include "pratique/registrar/v1/approval.grpc.pb.h"
#include "services/registrar/app/approvals.h"

namespace pratique::registrar {

class ApprovalsApi final : public v1::Approvals::CallbackService {
 public:
  /// All outlive it.
  ApprovalsApi(rpc::Server& server, const rpc::PageTokens& tokens, Approvals& approvals)
      : server_(server), tokens_(tokens), approvals_(approvals) {}

  grpc::ServerUnaryReactor* GetApproval(grpc::CallbackServerContext* context, const v1::GetApprovalRequest* request,
                                        v1::Approval* response) override;
  grpc::ServerUnaryReactor* ListApprovals(grpc::CallbackServerContext* context, const v1::ListApprovalsRequest* request,
                                          v1::ListApprovalsResponse* response) override;
  grpc::ServerUnaryReactor* Approve(grpc::CallbackServerContext* context, const v1::ApproveRequest* request,
                                    v1::Approval* response) override;
  grpc::ServerUnaryReactor* Deny(grpc::CallbackServerContext* context, const v1::DenyRequest* request,
                                 v1::Approval* response) override;

 private:
  Result<v1::Approval> get(const rpc::CallContext& call, const v1::GetApprovalRequest& request);
  Result<v1::ListApprovalsResponse> list(const rpc::CallContext& call, const v1::ListApprovalsRequest& request);
  Result<v1::Approval> approve(const rpc::CallContext& call, const v1::ApproveRequest& request);
  Result<v1::Approval> deny(const rpc::CallContext& call, const v1::DenyRequest& request);

  rpc::Server& server_;
  const rpc::PageTokens& tokens_;
  Approvals& approvals_;
};

}  // namespace pratique::registrar
