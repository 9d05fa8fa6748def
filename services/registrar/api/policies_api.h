// pratique.registrar.v1.Policies over Policies.
#pragma once

#include "libs/rpc/page_token.h"
#include "libs/rpc/server.h"
#include "pratique/registrar/v1/policy.grpc.pb.h"
#include "services/registrar/app/policies.h"
#include "services/registrar/domain/reasons.h"

namespace pratique::registrar {

class PoliciesApi final : public v1::Policies::CallbackService {
 public:
  /// All outlive it.
  PoliciesApi(rpc::Server& server, const rpc::PageTokens& tokens, Policies& policies, const ReasonCatalogue& reasons)
      : server_(server), tokens_(tokens), policies_(policies), reasons_(reasons) {}

  grpc::ServerUnaryReactor* CreatePolicy(grpc::CallbackServerContext* context, const v1::CreatePolicyRequest* request,
                                         v1::Policy* response) override;
  grpc::ServerUnaryReactor* GetPolicy(grpc::CallbackServerContext* context, const v1::GetPolicyRequest* request,
                                      v1::Policy* response) override;
  grpc::ServerUnaryReactor* ListPolicies(grpc::CallbackServerContext* context, const v1::ListPoliciesRequest* request,
                                         v1::ListPoliciesResponse* response) override;
  grpc::ServerUnaryReactor* UpdatePolicy(grpc::CallbackServerContext* context, const v1::UpdatePolicyRequest* request,
                                         v1::Policy* response) override;
  grpc::ServerUnaryReactor* DeletePolicy(grpc::CallbackServerContext* context, const v1::DeletePolicyRequest* request,
                                         v1::DeletePolicyResponse* response) override;
  grpc::ServerUnaryReactor* TestPolicies(grpc::CallbackServerContext* context, const v1::TestPoliciesRequest* request,
                                         v1::TestPoliciesResponse* response) override;

 private:
  Result<v1::Policy> create(const rpc::CallContext& call, const v1::CreatePolicyRequest& request);
  Result<v1::Policy> get(const rpc::CallContext& call, const v1::GetPolicyRequest& request);
  Result<v1::ListPoliciesResponse> list(const rpc::CallContext& call, const v1::ListPoliciesRequest& request);
  Result<v1::Policy> update(const rpc::CallContext& call, const v1::UpdatePolicyRequest& request);
  Result<v1::DeletePolicyResponse> remove(const rpc::CallContext& call, const v1::DeletePolicyRequest& request);
  Result<v1::TestPoliciesResponse> test(const rpc::CallContext& call, const v1::TestPoliciesRequest& request);

  rpc::Server& server_;
  const rpc::PageTokens& tokens_;
  Policies& policies_;
  const ReasonCatalogue& reasons_;
};

}  // namespace pratique::registrar
