// pratique.network.v1.Switches over Sites, Switches, Ports and Diff.
#pragma once

#include "libs/rpc/page_token.h"
#include "libs/rpc/server.h"
#include "pratique/network/v1/switch.grpc.pb.h"
#include "services/network/app/diff.h"
#include "services/network/app/sites.h"
#include "services/network/app/switches.h"

namespace pratique::network {

class SwitchesApi final : public v1::Switches::CallbackService {
 public:
  /// Whom it asks. All outlive it.
  struct UseCases {
    Sites& sites;
    Switches& switches;
    Ports& ports;
    Diff& diff;
  };
  SwitchesApi(rpc::Server& server, const rpc::PageTokens& tokens, UseCases use_cases)
      : server_(server), tokens_(tokens), use_cases_(use_cases) {}

  grpc::ServerUnaryReactor* CreateSite(grpc::CallbackServerContext* context, const v1::CreateSiteRequest* request,
                                       v1::Site* response) override;
  grpc::ServerUnaryReactor* GetSite(grpc::CallbackServerContext* context, const v1::GetSiteRequest* request,
                                    v1::Site* response) override;
  grpc::ServerUnaryReactor* ListSites(grpc::CallbackServerContext* context, const v1::ListSitesRequest* request,
                                      v1::ListSitesResponse* response) override;
  grpc::ServerUnaryReactor* UpdateSite(grpc::CallbackServerContext* context, const v1::UpdateSiteRequest* request,
                                       v1::Site* response) override;
  grpc::ServerUnaryReactor* DeleteSite(grpc::CallbackServerContext* context, const v1::DeleteSiteRequest* request,
                                       v1::DeleteSiteResponse* response) override;
  grpc::ServerUnaryReactor* CreateSwitch(grpc::CallbackServerContext* context, const v1::CreateSwitchRequest* request,
                                         v1::NetworkSwitch* response) override;
  grpc::ServerUnaryReactor* GetSwitch(grpc::CallbackServerContext* context, const v1::GetSwitchRequest* request,
                                      v1::NetworkSwitch* response) override;
  grpc::ServerUnaryReactor* ListSwitches(grpc::CallbackServerContext* context, const v1::ListSwitchesRequest* request,
                                         v1::ListSwitchesResponse* response) override;
  grpc::ServerUnaryReactor* UpdateSwitch(grpc::CallbackServerContext* context, const v1::UpdateSwitchRequest* request,
                                         v1::NetworkSwitch* response) override;
  grpc::ServerUnaryReactor* SetRadiusSecret(grpc::CallbackServerContext* context,
                                            const v1::SetRadiusSecretRequest* request,
                                            v1::NetworkSwitch* response) override;
  grpc::ServerUnaryReactor* DeleteSwitch(grpc::CallbackServerContext* context, const v1::DeleteSwitchRequest* request,
                                         v1::DeleteSwitchResponse* response) override;
  grpc::ServerUnaryReactor* CreatePort(grpc::CallbackServerContext* context, const v1::CreatePortRequest* request,
                                       v1::Port* response) override;
  grpc::ServerUnaryReactor* GetPort(grpc::CallbackServerContext* context, const v1::GetPortRequest* request,
                                    v1::Port* response) override;
  grpc::ServerUnaryReactor* ListPorts(grpc::CallbackServerContext* context, const v1::ListPortsRequest* request,
                                      v1::ListPortsResponse* response) override;
  grpc::ServerUnaryReactor* UpdatePort(grpc::CallbackServerContext* context, const v1::UpdatePortRequest* request,
                                       v1::Port* response) override;
  grpc::ServerUnaryReactor* DeletePort(grpc::CallbackServerContext* context, const v1::DeletePortRequest* request,
                                       v1::DeletePortResponse* response) override;
  grpc::ServerUnaryReactor* ObserveSwitch(grpc::CallbackServerContext* context, const v1::ObserveSwitchRequest* request,
                                          v1::NetworkSwitch* response) override;
  grpc::ServerUnaryReactor* DiffSwitch(grpc::CallbackServerContext* context, const v1::DiffSwitchRequest* request,
                                       v1::DiffSwitchResponse* response) override;

 private:
  Result<v1::Site> create_site(const rpc::CallContext& call, const v1::CreateSiteRequest& request);
  Result<v1::Site> get_site(const rpc::CallContext& call, const v1::GetSiteRequest& request);
  Result<v1::ListSitesResponse> list_sites(const rpc::CallContext& call, const v1::ListSitesRequest& request);
  Result<v1::Site> update_site(const rpc::CallContext& call, const v1::UpdateSiteRequest& request);
  Result<v1::DeleteSiteResponse> remove_site(const rpc::CallContext& call, const v1::DeleteSiteRequest& request);
  Result<v1::NetworkSwitch> create_switch(const rpc::CallContext& call, const v1::CreateSwitchRequest& request);
  Result<v1::NetworkSwitch> get_switch(const rpc::CallContext& call, const v1::GetSwitchRequest& request);
  Result<v1::ListSwitchesResponse> list_switches(const rpc::CallContext& call, const v1::ListSwitchesRequest& request);
  Result<v1::NetworkSwitch> update_switch(const rpc::CallContext& call, const v1::UpdateSwitchRequest& request);
  Result<v1::NetworkSwitch> set_secret(const rpc::CallContext& call, const v1::SetRadiusSecretRequest& request);
  Result<v1::DeleteSwitchResponse> remove_switch(const rpc::CallContext& call, const v1::DeleteSwitchRequest& request);
  Result<v1::Port> create_port(const rpc::CallContext& call, const v1::CreatePortRequest& request);
  Result<v1::Port> get_port(const rpc::CallContext& call, const v1::GetPortRequest& request);
  Result<v1::ListPortsResponse> list_ports(const rpc::CallContext& call, const v1::ListPortsRequest& request);
  Result<v1::Port> update_port(const rpc::CallContext& call, const v1::UpdatePortRequest& request);
  Result<v1::DeletePortResponse> remove_port(const rpc::CallContext& call, const v1::DeletePortRequest& request);
  Result<v1::NetworkSwitch> observe_switch(const rpc::CallContext& call, const v1::ObserveSwitchRequest& request);
  Result<v1::DiffSwitchResponse> diff_switch(const rpc::CallContext& call, const v1::DiffSwitchRequest& request);

  rpc::Server& server_;
  const rpc::PageTokens& tokens_;
  UseCases use_cases_;
};

}  // namespace pratique::network
