#include "services/network/api/switches_api.h"

#include "libs/rpc/change.h"
#include "libs/rpc/etag.h"
#include "libs/rpc/field_mask.h"
#include "services/network/api/port_message.h"
#include "services/network/api/switch_message.h"
#include "services/network/api/wire.h"

namespace pratique::network {
namespace {

constexpr std::string_view kSites = "ListSites", kSwitches = "ListSwitches", kPorts = "ListPorts";

}  // namespace

grpc::ServerUnaryReactor* SwitchesApi::CreateSite(grpc::CallbackServerContext* context,
                                                  const v1::CreateSiteRequest* request, v1::Site* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SwitchesApi::create_site, this));
}

grpc::ServerUnaryReactor* SwitchesApi::GetSite(grpc::CallbackServerContext* context, const v1::GetSiteRequest* request,
                                               v1::Site* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SwitchesApi::get_site, this));
}

grpc::ServerUnaryReactor* SwitchesApi::ListSites(grpc::CallbackServerContext* context,
                                                 const v1::ListSitesRequest* request, v1::ListSitesResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SwitchesApi::list_sites, this));
}

grpc::ServerUnaryReactor* SwitchesApi::UpdateSite(grpc::CallbackServerContext* context,
                                                  const v1::UpdateSiteRequest* request, v1::Site* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SwitchesApi::update_site, this));
}

grpc::ServerUnaryReactor* SwitchesApi::DeleteSite(grpc::CallbackServerContext* context,
                                                  const v1::DeleteSiteRequest* request,
                                                  v1::DeleteSiteResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SwitchesApi::remove_site, this));
}

grpc::ServerUnaryReactor* SwitchesApi::CreateSwitch(grpc::CallbackServerContext* context,
                                                    const v1::CreateSwitchRequest* request,
                                                    v1::NetworkSwitch* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SwitchesApi::create_switch, this));
}

grpc::ServerUnaryReactor* SwitchesApi::GetSwitch(grpc::CallbackServerContext* context,
                                                 const v1::GetSwitchRequest* request, v1::NetworkSwitch* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SwitchesApi::get_switch, this));
}

grpc::ServerUnaryReactor* SwitchesApi::ListSwitches(grpc::CallbackServerContext* context,
                                                    const v1::ListSwitchesRequest* request,
                                                    v1::ListSwitchesResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SwitchesApi::list_switches, this));
}

grpc::ServerUnaryReactor* SwitchesApi::UpdateSwitch(grpc::CallbackServerContext* context,
                                                    const v1::UpdateSwitchRequest* request,
                                                    v1::NetworkSwitch* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SwitchesApi::update_switch, this));
}

grpc::ServerUnaryReactor* SwitchesApi::SetRadiusSecret(grpc::CallbackServerContext* context,
                                                       const v1::SetRadiusSecretRequest* request,
                                                       v1::NetworkSwitch* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SwitchesApi::set_secret, this));
}

grpc::ServerUnaryReactor* SwitchesApi::DeleteSwitch(grpc::CallbackServerContext* context,
                                                    const v1::DeleteSwitchRequest* request,
                                                    v1::DeleteSwitchResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SwitchesApi::remove_switch, this));
}

grpc::ServerUnaryReactor* SwitchesApi::CreatePort(grpc::CallbackServerContext* context,
                                                  const v1::CreatePortRequest* request, v1::Port* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SwitchesApi::create_port, this));
}

grpc::ServerUnaryReactor* SwitchesApi::GetPort(grpc::CallbackServerContext* context, const v1::GetPortRequest* request,
                                               v1::Port* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SwitchesApi::get_port, this));
}

grpc::ServerUnaryReactor* SwitchesApi::ListPorts(grpc::CallbackServerContext* context,
                                                 const v1::ListPortsRequest* request, v1::ListPortsResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SwitchesApi::list_ports, this));
}

grpc::ServerUnaryReactor* SwitchesApi::UpdatePort(grpc::CallbackServerContext* context,
                                                  const v1::UpdatePortRequest* request, v1::Port* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SwitchesApi::update_port, this));
}

grpc::ServerUnaryReactor* SwitchesApi::DeletePort(grpc::CallbackServerContext* context,
                                                  const v1::DeletePortRequest* request,
                                                  v1::DeletePortResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SwitchesApi::remove_port, this));
}

grpc::ServerUnaryReactor* SwitchesApi::ObserveSwitch(grpc::CallbackServerContext* context,
                                                     const v1::ObserveSwitchRequest* request,
                                                     v1::NetworkSwitch* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SwitchesApi::observe_switch, this));
}

grpc::ServerUnaryReactor* SwitchesApi::DiffSwitch(grpc::CallbackServerContext* context,
                                                  const v1::DiffSwitchRequest* request,
                                                  v1::DiffSwitchResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&SwitchesApi::diff_switch, this));
}

Result<v1::Site> SwitchesApi::create_site(const rpc::CallContext& call, const v1::CreateSiteRequest& request) {
  TRY(const auto change, to_change(call, request));
  TRY(const auto site, use_cases_.sites.create(change, read_site(request.site())));
  return message_of(site);
}

Result<v1::Site> SwitchesApi::get_site(const rpc::CallContext& call, const v1::GetSiteRequest& request) {
  TRY(const auto id, SiteId::parse_name(request.name()));
  TRY(const auto site, use_cases_.sites.get(to_call(call), id));
  return message_of(site);
}

Result<v1::ListSitesResponse> SwitchesApi::list_sites(const rpc::CallContext& call,
                                                      const v1::ListSitesRequest& request) {
  TRY(const auto page, rpc::parse_page(tokens_, kSites, "", request.page_size(), request.page_token()));
  TRY(const auto found, use_cases_.sites.list(to_call(call), page.after, page.size + 1));
  v1::ListSitesResponse response;
  for (const Site& site : found) {
    if (response.sites_size() == page.size) {
      response.set_next_page_token(tokens_.seal(kSites, "", response.sites().rbegin()->short_name()));
      break;
    }
    *response.add_sites() = message_of(site);
  }
  return response;
}

Result<v1::Site> SwitchesApi::update_site(const rpc::CallContext& call, const v1::UpdateSiteRequest& request) {
  const auto& wanted = request.site();
  TRY(const auto id, SiteId::parse_name(wanted.name()));
  TRY(const auto change, to_change(call, request));
  TRY(const auto site, use_cases_.sites.update(change, id, [&](const Site& current) -> Result<Site> {
    auto edited = message_of(current);
    TRY_VOID(rpc::check_etag(wanted.etag(), edited.etag()));
    TRY_VOID(rpc::apply_update_mask(request.update_mask(), wanted, {"short_name", "display_name"}, edited));
    return read_site(edited);
  }));
  return message_of(site);
}

Result<v1::DeleteSiteResponse> SwitchesApi::remove_site(const rpc::CallContext& call,
                                                        const v1::DeleteSiteRequest& request) {
  TRY(const auto id, SiteId::parse_name(request.name()));
  TRY(const auto change, to_change(call, request));
  TRY_VOID(use_cases_.sites.remove(change, id, [&](const Site& current) {
    return rpc::check_etag(request.etag(), rpc::make_etag(current.id.name(), current.version));
  }));
  return v1::DeleteSiteResponse{};
}

Result<v1::NetworkSwitch> SwitchesApi::create_switch(const rpc::CallContext& call,
                                                     const v1::CreateSwitchRequest& request) {
  TRY(const auto wanted, read_switch(request.network_switch()));
  TRY(const auto change, to_change(call, request));
  TRY(const auto made, use_cases_.switches.create(change, wanted));
  return message_of(made);
}

Result<v1::NetworkSwitch> SwitchesApi::get_switch(const rpc::CallContext& call, const v1::GetSwitchRequest& request) {
  TRY(const auto id, SwitchId::parse_name(request.name()));
  TRY(const auto found, use_cases_.switches.get(to_call(call), id));
  return message_of(found);
}

Result<v1::ListSwitchesResponse> SwitchesApi::list_switches(const rpc::CallContext& call,
                                                            const v1::ListSwitchesRequest& request) {
  SwitchFilter filter{.troubled = request.troubled()};
  TRY(filter.site, read_reference<SiteId>("site", request.site()));
  TRY(filter.kind, read_kind("kind", request.kind()));
  const auto sealed = filter_text({request.site(), std::to_string(request.kind()), request.troubled() ? "t" : ""});
  TRY(const auto page, rpc::parse_page(tokens_, kSwitches, sealed, request.page_size(), request.page_token()));
  TRY(const auto found, use_cases_.switches.list(to_call(call), filter, page.after, page.size + 1));
  v1::ListSwitchesResponse response;
  for (const Switch& one : found) {
    if (response.switches_size() == page.size) {
      response.set_next_page_token(tokens_.seal(kSwitches, sealed, response.switches().rbegin()->short_name()));
      break;
    }
    *response.add_switches() = message_of(one);
  }
  return response;
}

Result<v1::NetworkSwitch> SwitchesApi::update_switch(const rpc::CallContext& call,
                                                     const v1::UpdateSwitchRequest& request) {
  const auto& wanted = request.network_switch();
  TRY(const auto id, SwitchId::parse_name(wanted.name()));
  TRY(const auto change, to_change(call, request));
  TRY(const auto updated, use_cases_.switches.update(change, id, [&](const Switch& current) -> Result<Switch> {
    auto edited = message_of(current);
    TRY_VOID(rpc::check_etag(wanted.etag(), edited.etag()));
    TRY_VOID(rpc::apply_update_mask(
        request.update_mask(), wanted,
        {"short_name", "display_name", "site", "settings", "nas_address", "nas_identifier", "disabled"}, edited));
    return read_switch(edited);
  }));
  return message_of(updated);
}

Result<v1::NetworkSwitch> SwitchesApi::set_secret(const rpc::CallContext& call,
                                                  const v1::SetRadiusSecretRequest& request) {
  TRY(const auto id, SwitchId::parse_name(request.name()));
  // What is stored of a request tells nothing of the secret, and yet another secret is another request.
  auto known = request;
  known.set_radius_secret(tokens_.seal("SetRadiusSecret", request.radius_secret(), ""));
  TRY(const auto change, to_change(call, known));
  TRY(const auto updated, use_cases_.switches.set_secret(change, id, Secret(request.radius_secret())));
  return message_of(updated);
}

Result<v1::DeleteSwitchResponse> SwitchesApi::remove_switch(const rpc::CallContext& call,
                                                            const v1::DeleteSwitchRequest& request) {
  TRY(const auto id, SwitchId::parse_name(request.name()));
  TRY(const auto change, to_change(call, request));
  TRY_VOID(use_cases_.switches.remove(change, id, [&](const Switch& current) {
    return rpc::check_etag(request.etag(), rpc::make_etag(current.id.name(), current.version));
  }));
  return v1::DeleteSwitchResponse{};
}

Result<v1::Port> SwitchesApi::create_port(const rpc::CallContext& call, const v1::CreatePortRequest& request) {
  TRY(const auto wanted, read_port(request.port()));
  TRY(const auto change, to_change(call, request));
  TRY(const auto port, use_cases_.ports.create(change, wanted));
  return message_of(port);
}

Result<v1::Port> SwitchesApi::get_port(const rpc::CallContext& call, const v1::GetPortRequest& request) {
  TRY(const auto id, PortId::parse_name(request.name()));
  TRY(const auto port, use_cases_.ports.get(to_call(call), id));
  return message_of(port);
}

Result<v1::ListPortsResponse> SwitchesApi::list_ports(const rpc::CallContext& call,
                                                      const v1::ListPortsRequest& request) {
  PortFilter filter{.troubled = request.troubled()};
  TRY(filter.on_switch, read_reference<SwitchId>("network_switch", request.network_switch()));
  TRY(filter.role, read_role("role", request.role()));
  const auto sealed =
      filter_text({request.network_switch(), std::to_string(request.role()), request.troubled() ? "t" : ""});
  TRY(const auto page, rpc::parse_page(tokens_, kPorts, sealed, request.page_size(), request.page_token()));
  PortId after;
  if (!page.after.empty()) {
    TRY(after, PortId::parse(page.after));
  }
  TRY(const auto found, use_cases_.ports.list(to_call(call), filter, after, page.size + 1));
  v1::ListPortsResponse response;
  PortId last;
  for (const PortOverview& port : found) {
    if (response.ports_size() == page.size) {
      response.set_next_page_token(tokens_.seal(kPorts, sealed, last.text()));
      break;
    }
    *response.add_ports() = message_of(port);
    last = port.port.id;
  }
  return response;
}

Result<v1::Port> SwitchesApi::update_port(const rpc::CallContext& call, const v1::UpdatePortRequest& request) {
  const auto& wanted = request.port();
  TRY(const auto id, PortId::parse_name(wanted.name()));
  TRY(const auto change, to_change(call, request));
  TRY(const auto port,
      use_cases_.ports.update(change, id, [&](const RegisteredPort& current) -> Result<RegisteredPort> {
        auto edited = registered_message(current);
        TRY_VOID(rpc::check_etag(wanted.etag(), edited.etag()));
        TRY_VOID(rpc::apply_update_mask(
            request.update_mask(), wanted,
            {"port_name", "display_name", "role", "fixed_segment", "nas_port_id", "authenticator", "disconnect_at"},
            edited));
        return read_port(edited);
      }));
  return message_of(port);
}

Result<v1::DeletePortResponse> SwitchesApi::remove_port(const rpc::CallContext& call,
                                                        const v1::DeletePortRequest& request) {
  TRY(const auto id, PortId::parse_name(request.name()));
  TRY(const auto change, to_change(call, request));
  TRY_VOID(use_cases_.ports.remove(change, id, [&](const RegisteredPort& current) {
    return rpc::check_etag(request.etag(), rpc::make_etag(current.id.name(), current.version));
  }));
  return v1::DeletePortResponse{};
}

Result<v1::NetworkSwitch> SwitchesApi::observe_switch(const rpc::CallContext& call,
                                                      const v1::ObserveSwitchRequest& request) {
  TRY(const auto id, SwitchId::parse_name(request.name()));
  TRY(const auto change, to_change(call, request));
  TRY(const auto found, use_cases_.switches.observe(change, id));
  return message_of(found);
}

Result<v1::DiffSwitchResponse> SwitchesApi::diff_switch(const rpc::CallContext& call,
                                                        const v1::DiffSwitchRequest& request) {
  TRY(const auto id, SwitchId::parse_name(request.name()));
  TRY(const auto diff, use_cases_.diff.look(to_call(call), id));
  return message_of(diff);
}

}  // namespace pratique::network
