// pratique.onboarding.v1.Sessions.
#pragma once

#include "libs/rpc/call_context.h"
#include "libs/rpc/page_token.h"
#include "libs/rpc/server.h"
#include "pratique/onboarding/v1/session.grpc.pb.h"
#include "services/onboarding/app/sessions.h"

namespace pratique::onboarding {

class SessionsApi final : public v1::Sessions::CallbackService {
 public:
  SessionsApi(rpc::Server& server, Sessions& sessions, const rpc::PageTokens& tokens)
      : server_(server), sessions_(sessions), tokens_(tokens) {}

  grpc::ServerUnaryReactor* GetSession(grpc::CallbackServerContext* context, const v1::GetSessionRequest* request,
                                       v1::Session* response) override;
  grpc::ServerUnaryReactor* ListSessions(grpc::CallbackServerContext* context, const v1::ListSessionsRequest* request,
                                         v1::ListSessionsResponse* response) override;

 private:
  Result<v1::Session> get_session(const rpc::CallContext& call, const v1::GetSessionRequest& request);
  Result<v1::ListSessionsResponse> list_sessions(const rpc::CallContext& call, const v1::ListSessionsRequest& request);

  rpc::Server& server_;
  Sessions& sessions_;
  const rpc::PageTokens& tokens_;
};

}  // namespace pratique::onboarding
