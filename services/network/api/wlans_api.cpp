#include "services/network/api/wlans_api.h"

#include "libs/rpc/change.h"
#include "libs/rpc/etag.h"
#include "libs/rpc/field_mask.h"
#include "services/network/api/wire.h"
#include "services/network/api/wlan_message.h"

namespace pratique::network {
namespace {

constexpr std::string_view kList = "ListWlans";

}  // namespace

grpc::ServerUnaryReactor* WlansApi::CreateWlan(grpc::CallbackServerContext* context,
                                               const v1::CreateWlanRequest* request, v1::Wlan* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&WlansApi::create, this));
}

grpc::ServerUnaryReactor* WlansApi::GetWlan(grpc::CallbackServerContext* context, const v1::GetWlanRequest* request,
                                            v1::Wlan* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&WlansApi::get, this));
}

grpc::ServerUnaryReactor* WlansApi::ListWlans(grpc::CallbackServerContext* context, const v1::ListWlansRequest* request,
                                              v1::ListWlansResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&WlansApi::list, this));
}

grpc::ServerUnaryReactor* WlansApi::UpdateWlan(grpc::CallbackServerContext* context,
                                               const v1::UpdateWlanRequest* request, v1::Wlan* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&WlansApi::update, this));
}

grpc::ServerUnaryReactor* WlansApi::DeleteWlan(grpc::CallbackServerContext* context,
                                               const v1::DeleteWlanRequest* request, v1::DeleteWlanResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&WlansApi::remove, this));
}

Result<v1::Wlan> WlansApi::create(const rpc::CallContext& call, const v1::CreateWlanRequest& request) {
  TRY(const auto wanted, read_wlan(request.wlan()));
  TRY(const auto change, to_change(call, request));
  TRY(const auto wlan, wlans_.create(change, wanted));
  return message_of(wlan);
}

Result<v1::Wlan> WlansApi::get(const rpc::CallContext& call, const v1::GetWlanRequest& request) {
  TRY(const auto id, WlanId::parse_name(request.name()));
  TRY(const auto wlan, wlans_.get(to_call(call), id));
  return message_of(wlan);
}

Result<v1::ListWlansResponse> WlansApi::list(const rpc::CallContext& call, const v1::ListWlansRequest& request) {
  WlanFilter filter;
  TRY(filter.site, read_reference<SiteId>("site", request.site()));
  TRY(filter.segment, read_reference<SegmentId>("segment", request.segment()));
  const auto sealed = filter_text({request.site(), request.segment()});
  TRY(const auto page, rpc::parse_page(tokens_, kList, sealed, request.page_size(), request.page_token()));
  TRY(const auto found, wlans_.list(to_call(call), filter, page.after, page.size + 1));
  v1::ListWlansResponse response;
  for (const Wlan& wlan : found) {
    if (response.wlans_size() == page.size) {
      response.set_next_page_token(tokens_.seal(kList, sealed, response.wlans().rbegin()->short_name()));
      break;
    }
    *response.add_wlans() = message_of(wlan);
  }
  return response;
}

Result<v1::Wlan> WlansApi::update(const rpc::CallContext& call, const v1::UpdateWlanRequest& request) {
  const auto& wanted = request.wlan();
  TRY(const auto id, WlanId::parse_name(wanted.name()));
  TRY(const auto change, to_change(call, request));
  TRY(const auto wlan, wlans_.update(change, id, [&](const Wlan& current) -> Result<Wlan> {
    auto edited = message_of(current);
    TRY_VOID(rpc::check_etag(wanted.etag(), edited.etag()));
    TRY_VOID(rpc::apply_update_mask(request.update_mask(), wanted,
                                    {"short_name", "display_name", "site", "ssid", "security", "segment", "disabled"},
                                    edited));
    return read_wlan(edited);
  }));
  return message_of(wlan);
}

Result<v1::DeleteWlanResponse> WlansApi::remove(const rpc::CallContext& call, const v1::DeleteWlanRequest& request) {
  TRY(const auto id, WlanId::parse_name(request.name()));
  TRY(const auto change, to_change(call, request));
  TRY_VOID(wlans_.remove(change, id, [&](const Wlan& current) {
    return rpc::check_etag(request.etag(), rpc::make_etag(current.id.name(), current.version));
  }));
  return v1::DeleteWlanResponse{};
}

}  // namespace pratique::network
