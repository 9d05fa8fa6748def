// pratique.registrar.v1.Audit over AuditLog.
#pragma once

#include "libs/rpc/page_token.h"
#include "libs/rpc/server.h"
#include "pratique/registrar/v1/audit.grpc.pb.h"
#include "services/registrar/app/audit_log.h"

namespace pratique::registrar {

class AuditApi final : public v1::Audit::CallbackService {
 public:
  /// All outlive it.
  AuditApi(rpc::Server& server, const rpc::PageTokens& tokens, AuditLog& log)
      : server_(server), tokens_(tokens), log_(log) {}

  grpc::ServerUnaryReactor* ListAuditEntries(grpc::CallbackServerContext* context,
                                             const v1::ListAuditEntriesRequest* request,
                                             v1::ListAuditEntriesResponse* response) override;
  grpc::ServerUnaryReactor* VerifyAudit(grpc::CallbackServerContext* context, const v1::VerifyAuditRequest* request,
                                        v1::VerifyAuditResponse* response) override;

 private:
  Result<v1::ListAuditEntriesResponse> list(const rpc::CallContext& call, const v1::ListAuditEntriesRequest& request);
  Result<v1::VerifyAuditResponse> verify(const rpc::CallContext& call, const v1::VerifyAuditRequest& request);

  rpc::Server& server_;
  const rpc::PageTokens& tokens_;
  AuditLog& log_;
};

}  // namespace pratique::registrar
