#include "services/network/api/admissions_api.h"

#include "libs/rpc/change.h"
#include "services/network/api/admission_message.h"

namespace pratique::network {

grpc::ServerUnaryReactor* AdmissionsApi::GetDeviceAdmission(grpc::CallbackServerContext* context,
                                                            const v1::GetDeviceAdmissionRequest* request,
                                                            v1::DeviceAdmission* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&AdmissionsApi::get, this));
}

Result<v1::DeviceAdmission> AdmissionsApi::get(const rpc::CallContext& call,
                                               const v1::GetDeviceAdmissionRequest& request) {
  TRY(const auto device, DeviceId::parse_name(request.device()));
  TRY(const auto admission, admissions_.get(to_call(call), device));
  return message_of(admission);
}

}  // namespace pratique::network
