// pratique.registrar.v1.Devices over Devices and Explain.
#pragma once

#include "libs/rpc/page_token.h"
#include "libs/rpc/server.h"
#include "pratique/registrar/v1/device.grpc.pb.h"
#include "services/registrar/app/devices.h"
#include "services/registrar/app/explain.h"
#include "services/registrar/domain/reasons.h"

namespace pratique::registrar {

class DevicesApi final : public v1::Devices::CallbackService {
 public:
  /// All outlive it.
  DevicesApi(rpc::Server& server, const rpc::PageTokens& tokens, Devices& devices, Explain& explain,
             const ReasonCatalogue& reasons)
      : server_(server), tokens_(tokens), devices_(devices), explain_(explain), reasons_(reasons) {}

  grpc::ServerUnaryReactor* CreateDevice(grpc::CallbackServerContext* context, const v1::CreateDeviceRequest* request,
                                         v1::Device* response) override;
  grpc::ServerUnaryReactor* GetDevice(grpc::CallbackServerContext* context, const v1::GetDeviceRequest* request,
                                      v1::Device* response) override;
  grpc::ServerUnaryReactor* ListDevices(grpc::CallbackServerContext* context, const v1::ListDevicesRequest* request,
                                        v1::ListDevicesResponse* response) override;
  grpc::ServerUnaryReactor* UpdateDevice(grpc::CallbackServerContext* context, const v1::UpdateDeviceRequest* request,
                                         v1::Device* response) override;
  grpc::ServerUnaryReactor* QuarantineDevice(grpc::CallbackServerContext* context,
                                             const v1::QuarantineDeviceRequest* request, v1::Device* response) override;
  grpc::ServerUnaryReactor* ReleaseDevice(grpc::CallbackServerContext* context, const v1::ReleaseDeviceRequest* request,
                                          v1::Device* response) override;
  grpc::ServerUnaryReactor* RetireDevice(grpc::CallbackServerContext* context, const v1::RetireDeviceRequest* request,
                                         v1::Device* response) override;
  grpc::ServerUnaryReactor* ResetDevice(grpc::CallbackServerContext* context, const v1::ResetDeviceRequest* request,
                                        v1::Device* response) override;
  grpc::ServerUnaryReactor* ExplainDevice(grpc::CallbackServerContext* context, const v1::ExplainDeviceRequest* request,
                                          v1::ExplainDeviceResponse* response) override;

 private:
  Result<v1::Device> create(const rpc::CallContext& call, const v1::CreateDeviceRequest& request);
  Result<v1::Device> get(const rpc::CallContext& call, const v1::GetDeviceRequest& request);
  Result<v1::ListDevicesResponse> list(const rpc::CallContext& call, const v1::ListDevicesRequest& request);
  Result<v1::Device> update(const rpc::CallContext& call, const v1::UpdateDeviceRequest& request);
  Result<v1::ExplainDeviceResponse> explain(const rpc::CallContext& call, const v1::ExplainDeviceRequest& request);

  /// The four verbs that change a state: alike but for what they do.
  using Verb = Result<Device> (Devices::*)(const Change&, const DeviceId&, std::string_view);
  template <typename Request>
  grpc::ServerUnaryReactor* serve_verb(grpc::CallbackServerContext* context, const Request* request,
                                       v1::Device* response, Verb verb);

  rpc::Server& server_;
  const rpc::PageTokens& tokens_;
  Devices& devices_;
  Explain& explain_;
  const ReasonCatalogue& reasons_;
};

}  // namespace pratique::registrar
