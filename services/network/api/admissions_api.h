// pratique.network.v1.Admissions over Admissions.
#pragma once

#include "libs/rpc/server.h"
#include "pratique/network/v1/admission.grpc.pb.h"
#include "services/network/app/admissions.h"

namespace pratique::network {

class AdmissionsApi final : public v1::Admissions::CallbackService {
 public:
  /// Both outlive it.
  AdmissionsApi(rpc::Server& server, Admissions& admissions) : server_(server), admissions_(admissions) {}

  grpc::ServerUnaryReactor* GetDeviceAdmission(grpc::CallbackServerContext* context,
                                               const v1::GetDeviceAdmissionRequest* request,
                                               v1::DeviceAdmission* response) override;

 private:
  Result<v1::DeviceAdmission> get(const rpc::CallContext& call, const v1::GetDeviceAdmissionRequest& request);

  rpc::Server& server_;
  Admissions& admissions_;
};

}  // namespace pratique::network
