#include "services/registrar/api/devices_api.h"

#include "libs/rpc/change.h"
#include "libs/rpc/etag.h"
#include "libs/rpc/field_mask.h"
#include "libs/rpc/timestamp.h"
#include "services/registrar/api/device_message.h"
#include "services/registrar/api/wire.h"

namespace pratique::registrar {
namespace {

constexpr std::string_view kList = "ListDevices";
constexpr std::string_view kAnyName = "devices/-";

}  // namespace

grpc::ServerUnaryReactor* DevicesApi::CreateDevice(grpc::CallbackServerContext* context,
                                                   const v1::CreateDeviceRequest* request, v1::Device* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&DevicesApi::create, this));
}

grpc::ServerUnaryReactor* DevicesApi::GetDevice(grpc::CallbackServerContext* context,
                                                const v1::GetDeviceRequest* request, v1::Device* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&DevicesApi::get, this));
}

grpc::ServerUnaryReactor* DevicesApi::ListDevices(grpc::CallbackServerContext* context,
                                                  const v1::ListDevicesRequest* request,
                                                  v1::ListDevicesResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&DevicesApi::list, this));
}

grpc::ServerUnaryReactor* DevicesApi::UpdateDevice(grpc::CallbackServerContext* context,
                                                   const v1::UpdateDeviceRequest* request, v1::Device* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&DevicesApi::update, this));
}

template <typename Request>
grpc::ServerUnaryReactor* DevicesApi::serve_verb(grpc::CallbackServerContext* context, const Request* request,
                                                 v1::Device* response, Verb verb) {
  return rpc::serve(server_, context, request, response,
                    [&devices = devices_, verb](const rpc::CallContext& call, const Request& asked) -> Result<v1::Device> {
                      TRY(const auto id, DeviceId::parse_name(asked.name()));
                      TRY(const auto change, to_change(call, asked));
                      TRY(const auto device, (devices.*verb)(change, id, asked.reason()));
                      return message_of(device);
                    });
}

grpc::ServerUnaryReactor* DevicesApi::QuarantineDevice(grpc::CallbackServerContext* context,
                                                       const v1::QuarantineDeviceRequest* request,
                                                       v1::Device* response) {
  return serve_verb(context, request, response, &Devices::quarantine);
}

grpc::ServerUnaryReactor* DevicesApi::ReleaseDevice(grpc::CallbackServerContext* context,
                                                    const v1::ReleaseDeviceRequest* request, v1::Device* response) {
  return serve_verb(context, request, response, &Devices::release);
}

grpc::ServerUnaryReactor* DevicesApi::RetireDevice(grpc::CallbackServerContext* context,
                                                   const v1::RetireDeviceRequest* request, v1::Device* response) {
  return serve_verb(context, request, response, &Devices::retire);
}

grpc::ServerUnaryReactor* DevicesApi::ResetDevice(grpc::CallbackServerContext* context,
                                                  const v1::ResetDeviceRequest* request, v1::Device* response) {
  return serve_verb(context, request, response, &Devices::reset);
}

grpc::ServerUnaryReactor* DevicesApi::ExplainDevice(grpc::CallbackServerContext* context,
                                                    const v1::ExplainDeviceRequest* request,
                                                    v1::ExplainDeviceResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&DevicesApi::explain, this));
}

Result<v1::Device> DevicesApi::create(const rpc::CallContext& call, const v1::CreateDeviceRequest& request) {
  TRY(const auto wanted, read_device(request.device()));
  TRY(const auto change, to_change(call, request));
  TRY(const auto device, devices_.create(change, wanted));
  return message_of(device);
}

Result<v1::Device> DevicesApi::get(const rpc::CallContext& call, const v1::GetDeviceRequest& request) {
  if (request.name() == kAnyName) {
    TRY(const auto device, devices_.get_by_serial(to_call(call), request.serial_number()));
    return message_of(device);
  }
  if (!request.serial_number().empty()) return field_invalid("serial_number", "goes with the name devices/- alone");
  TRY(const auto id, DeviceId::parse_name(request.name()));
  TRY(const auto device, devices_.get(to_call(call), id));
  return message_of(device);
}

Result<v1::ListDevicesResponse> DevicesApi::list(const rpc::CallContext& call, const v1::ListDevicesRequest& request) {
  DeviceFilter filter{.segment = request.segment(), .search = request.search()};
  TRY(filter.state, read_state(request.state()));
  if (!request.manufacturer().empty()) {
    TRY(filter.manufacturer, ManufacturerId::parse_name(request.manufacturer()).with_context("manufacturer"));
  }
  const std::string sealed_filter = std::to_string(request.state()) + '\n' + request.manufacturer() + '\n' +
                                    request.segment() + '\n' + request.search();
  TRY(const auto page, rpc::parse_page(tokens_, kList, sealed_filter, request.page_size(), request.page_token()));
  DeviceId after;
  if (!page.after.empty()) {
    TRY(after, DeviceId::parse(page.after));
  }
  TRY(const auto found, devices_.list(to_call(call), filter, after, page.size + 1));
  v1::ListDevicesResponse response;
  DeviceId last;
  for (const Device& device : found) {
    if (response.devices_size() == page.size) {
      response.set_next_page_token(tokens_.seal(kList, sealed_filter, last.text()));
      break;
    }
    *response.add_devices() = message_of(device);
    last = device.id;
  }
  return response;
}

Result<v1::Device> DevicesApi::update(const rpc::CallContext& call, const v1::UpdateDeviceRequest& request) {
  TRY(const auto id, DeviceId::parse_name(request.device().name()));
  TRY(const auto change, to_change(call, request));
  TRY(const auto device, devices_.update(change, id, [&](const Device& current) -> Result<Device> {
    auto edited = message_of(current);
    TRY_VOID(rpc::check_etag(request.device().etag(), edited.etag()));
    TRY_VOID(rpc::apply_update_mask(request.update_mask(), request.device(),
                                    {"display_name", "location", "segment", "credential_profile", "labels"}, edited));
    return read_device(edited);
  }));
  return message_of(device);
}

Result<v1::ExplainDeviceResponse> DevicesApi::explain(const rpc::CallContext& call,
                                                      const v1::ExplainDeviceRequest& request) {
  if (request.page_size() < 0) return field_invalid("page_size", "must not be negative");
  const auto story = [&]() -> Result<DeviceStory> {
    if (request.name().empty())
      return explain_.serial_number(to_call(call), request.serial_number(), request.page_size());
    if (!request.serial_number().empty()) return field_invalid("serial_number", "one of name and serial_number");
    TRY(const auto id, DeviceId::parse_name(request.name()));
    return explain_.device(to_call(call), id, request.page_size());
  }();
  if (!story) return story.error();
  v1::ExplainDeviceResponse response;
  if (story->device) *response.mutable_device() = message_of(*story->device);
  for (const auto& told : story->explanations) {
    auto* out = response.add_explanations();
    *out->mutable_time() = rpc::write_time(told.time);
    out->set_kind(told.kind);
    out->set_summary(told.summary);
    for (const auto& finding : told.findings) write(reasons_.explain(finding), out->add_findings());
    out->set_actor(told.actor);
    out->set_rule(told.rule);
    out->set_audit_sequence(told.audit_sequence);
  }
  return response;
}

}  // namespace pratique::registrar
