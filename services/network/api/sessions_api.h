// pratique.network.v1.Sessions over Sessions and Attempts.
#pragma once

#include "libs/rpc/page_token.h"
#include "libs/rpc/server.h"
#include "pratique/network/v1/session.grpc.pb.h"
#include "services/network/app/attempts.h"
#include "services/network/app/sessions.h"

namespace pratique::network {

class SessionsApi final : public v1::Sessions::CallbackService {
 public:
  /// All outlive it.
  SessionsApi(rpc::Server& server, const rpc::PageTokens& tokens, Sessions& sessions, Attempts& attempts)
      : server_(server), tokens_(tokens), sessions_(sessions), attempts_(attempts) {}

  grpc::ServerUnaryReactor* GetSession(grpc::CallbackServerContext* context, const v1::GetSessionRequest* request,
                                       v1::Session* response) override;
  grpc::ServerUnaryReactor* ListSessions(grpc::CallbackServerContext* context, const v1::ListSessionsRequest* request,
                                         v1::ListSessionsResponse* response) override;
  grpc::ServerUnaryReactor* EndSession(grpc::CallbackServerContext* context, const v1::EndSessionRequest* request,
                                       v1::Session* response) override;
  grpc::ServerUnaryReactor* ListAttempts(grpc::CallbackServerContext* context, const v1::ListAttemptsRequest* request,
                                         v1::ListAttemptsResponse* response) override;

 private:
  Result<v1::Session> get(const rpc::CallContext& call, const v1::GetSessionRequest& request);
  Result<v1::ListSessionsResponse> list(const rpc::CallContext& call, const v1::ListSessionsRequest& request);
  Result<v1::Session> end(const rpc::CallContext& call, const v1::EndSessionRequest& request);
  Result<v1::ListAttemptsResponse> list_attempts(const rpc::CallContext& call, const v1::ListAttemptsRequest& request);

  rpc::Server& server_;
  const rpc::PageTokens& tokens_;
  Sessions& sessions_;
  Attempts& attempts_;
};

}  // namespace pratique::network
