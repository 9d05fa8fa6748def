// pratique.registrar.v1.Credentials over Credentials and Issuance.
#pragma once

#include "libs/rpc/page_token.h"
#include "libs/rpc/server.h"
#include "pratique/registrar/v1/credential.grpc.pb.h"
#include "services/registrar/app/credentials.h"
#include "services/registrar/app/issuance.h"

namespace pratique::registrar {

class CredentialsApi final : public v1::Credentials::CallbackService {
 public:
  /// All outlive it.
  CredentialsApi(rpc::Server& server, const rpc::PageTokens& tokens, Credentials& credentials, const Issuance& issuance,
                 const Clock& clock)
      : server_(server), tokens_(tokens), credentials_(credentials), issuance_(issuance), clock_(clock) {}

  grpc::ServerUnaryReactor* GetCredential(grpc::CallbackServerContext* context, const v1::GetCredentialRequest* request,
                                          v1::Credential* response) override;
  grpc::ServerUnaryReactor* ListCredentials(grpc::CallbackServerContext* context,
                                            const v1::ListCredentialsRequest* request,
                                            v1::ListCredentialsResponse* response) override;
  grpc::ServerUnaryReactor* RevokeCredential(grpc::CallbackServerContext* context,
                                             const v1::RevokeCredentialRequest* request,
                                             v1::Credential* response) override;
  grpc::ServerUnaryReactor* GetAuthority(grpc::CallbackServerContext* context, const v1::GetAuthorityRequest* request,
                                         v1::Authority* response) override;

 private:
  Result<v1::Credential> get(const rpc::CallContext& call, const v1::GetCredentialRequest& request);
  Result<v1::ListCredentialsResponse> list(const rpc::CallContext& call, const v1::ListCredentialsRequest& request);
  Result<v1::Credential> revoke(const rpc::CallContext& call, const v1::RevokeCredentialRequest& request);
  Result<v1::Authority> authority(const rpc::CallContext& call, const v1::GetAuthorityRequest& request);
  v1::Credential message(const Credential& credential) const;

  rpc::Server& server_;
  const rpc::PageTokens& tokens_;
  Credentials& credentials_;
  const Issuance& issuance_;
  const Clock& clock_;
};

}  // namespace pratique::registrar
