// pratique.network.v1.Wlans over Wlans.
#pragma once

#include "libs/rpc/page_token.h"
#include "libs/rpc/server.h"
#include "pratique/network/v1/wlan.grpc.pb.h"
#include "services/network/app/wlans.h"

namespace pratique::network {

class WlansApi final : public v1::Wlans::CallbackService {
 public:
  /// All outlive it.
  WlansApi(rpc::Server& server, const rpc::PageTokens& tokens, Wlans& wlans)
      : server_(server), tokens_(tokens), wlans_(wlans) {}

  grpc::ServerUnaryReactor* CreateWlan(grpc::CallbackServerContext* context, const v1::CreateWlanRequest* request,
                                       v1::Wlan* response) override;
  grpc::ServerUnaryReactor* GetWlan(grpc::CallbackServerContext* context, const v1::GetWlanRequest* request,
                                    v1::Wlan* response) override;
  grpc::ServerUnaryReactor* ListWlans(grpc::CallbackServerContext* context, const v1::ListWlansRequest* request,
                                      v1::ListWlansResponse* response) override;
  grpc::ServerUnaryReactor* UpdateWlan(grpc::CallbackServerContext* context, const v1::UpdateWlanRequest* request,
                                       v1::Wlan* response) override;
  grpc::ServerUnaryReactor* DeleteWlan(grpc::CallbackServerContext* context, const v1::DeleteWlanRequest* request,
                                       v1::DeleteWlanResponse* response) override;

 private:
  Result<v1::Wlan> create(const rpc::CallContext& call, const v1::CreateWlanRequest& request);
  Result<v1::Wlan> get(const rpc::CallContext& call, const v1::GetWlanRequest& request);
  Result<v1::ListWlansResponse> list(const rpc::CallContext& call, const v1::ListWlansRequest& request);
  Result<v1::Wlan> update(const rpc::CallContext& call, const v1::UpdateWlanRequest& request);
  Result<v1::DeleteWlanResponse> remove(const rpc::CallContext& call, const v1::DeleteWlanRequest& request);

  rpc::Server& server_;
  const rpc::PageTokens& tokens_;
  Wlans& wlans_;
};

}  // namespace pratique::network
