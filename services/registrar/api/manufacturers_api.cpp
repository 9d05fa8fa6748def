#include "services/registrar/api/manufacturers_api.h"

#include "libs/rpc/change.h"
#include "libs/rpc/etag.h"
#include "libs/rpc/field_mask.h"
#include "services/registrar/api/manufacturer_message.h"

namespace pratique::registrar {
namespace {

constexpr std::string_view kList = "ListManufacturers";

}  // namespace

grpc::ServerUnaryReactor* ManufacturersApi::CreateManufacturer(grpc::CallbackServerContext* context,
                                                               const v1::CreateManufacturerRequest* request,
                                                               v1::Manufacturer* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&ManufacturersApi::create, this));
}

grpc::ServerUnaryReactor* ManufacturersApi::GetManufacturer(grpc::CallbackServerContext* context,
                                                            const v1::GetManufacturerRequest* request,
                                                            v1::Manufacturer* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&ManufacturersApi::get, this));
}

grpc::ServerUnaryReactor* ManufacturersApi::ListManufacturers(grpc::CallbackServerContext* context,
                                                              const v1::ListManufacturersRequest* request,
                                                              v1::ListManufacturersResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&ManufacturersApi::list, this));
}

grpc::ServerUnaryReactor* ManufacturersApi::UpdateManufacturer(grpc::CallbackServerContext* context,
                                                               const v1::UpdateManufacturerRequest* request,
                                                               v1::Manufacturer* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&ManufacturersApi::update, this));
}

grpc::ServerUnaryReactor* ManufacturersApi::AddTrustAnchor(grpc::CallbackServerContext* context,
                                                           const v1::AddTrustAnchorRequest* request,
                                                           v1::TrustAnchor* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&ManufacturersApi::add_anchor, this));
}

grpc::ServerUnaryReactor* ManufacturersApi::RemoveTrustAnchor(grpc::CallbackServerContext* context,
                                                              const v1::RemoveTrustAnchorRequest* request,
                                                              v1::TrustAnchor* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&ManufacturersApi::remove_anchor, this));
}

Result<v1::Manufacturer> ManufacturersApi::create(const rpc::CallContext& call,
                                                  const v1::CreateManufacturerRequest& request) {
  TRY(const auto wanted, read_manufacturer(request.manufacturer()));
  TRY(const auto change, to_change(call, request));
  TRY(const auto manufacturer, manufacturers_.create(change, wanted));
  return message_of(manufacturer);
}

Result<v1::Manufacturer> ManufacturersApi::get(const rpc::CallContext& call,
                                               const v1::GetManufacturerRequest& request) {
  TRY(const auto id, ManufacturerId::parse_name(request.name()));
  TRY(const auto manufacturer, manufacturers_.get(to_call(call), id));
  return message_of(manufacturer);
}

Result<v1::ListManufacturersResponse> ManufacturersApi::list(const rpc::CallContext& call,
                                                             const v1::ListManufacturersRequest& request) {
  TRY(const auto page, rpc::parse_page(tokens_, kList, "", request.page_size(), request.page_token()));
  TRY(const auto found, manufacturers_.list(to_call(call), page.after, page.size + 1));
  v1::ListManufacturersResponse response;
  std::string last;
  for (const Manufacturer& manufacturer : found) {
    if (response.manufacturers_size() == page.size) {
      response.set_next_page_token(tokens_.seal(kList, "", last));
      break;
    }
    *response.add_manufacturers() = message_of(manufacturer);
    last = manufacturer.display_name;
  }
  return response;
}

Result<v1::Manufacturer> ManufacturersApi::update(const rpc::CallContext& call,
                                                  const v1::UpdateManufacturerRequest& request) {
  const auto& wanted = request.manufacturer();
  TRY(const auto id, ManufacturerId::parse_name(wanted.name()));
  TRY(const auto change, to_change(call, request));
  TRY(const auto manufacturer,
      manufacturers_.update(change, id, [&](const Manufacturer& current) -> Result<Manufacturer> {
        auto edited = message_of(current);
        TRY_VOID(rpc::check_etag(wanted.etag(), edited.etag()));
        TRY_VOID(rpc::apply_update_mask(request.update_mask(), wanted,
                                        {"display_name", "wire_profile", "masa_url", "disabled"}, edited));
        return read_manufacturer(edited);
      }));
  return message_of(manufacturer);
}

Result<v1::TrustAnchor> ManufacturersApi::add_anchor(const rpc::CallContext& call,
                                                     const v1::AddTrustAnchorRequest& request) {
  TRY(const auto parent, ManufacturerId::parse_name(request.parent()));
  TRY(const auto wanted, read_trust_anchor(request.trust_anchor()));
  TRY(const auto change, to_change(call, request));
  TRY(const auto anchor, manufacturers_.add_anchor(change, parent, wanted));
  return message_of(anchor);
}

Result<v1::TrustAnchor> ManufacturersApi::remove_anchor(const rpc::CallContext& call,
                                                        const v1::RemoveTrustAnchorRequest& request) {
  TRY(const auto id, TrustAnchorId::parse_name(request.name()));
  TRY(const auto change, to_change(call, request));
  TRY(const auto anchor, manufacturers_.remove_anchor(change, id, request.reason()));
  return message_of(anchor);
}

}  // namespace pratique::registrar
