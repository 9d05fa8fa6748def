// pratique.registrar.v1.Admission: what the onboarding service asks while a device stands at the door.
#pragma once

#include "libs/rpc/server.h"
#include "pratique/registrar/v1/admission.grpc.pb.h"
#include "services/registrar/app/admission.h"
#include "services/registrar/app/credentials.h"
#include "services/registrar/app/issuance.h"
#include "services/registrar/app/vouchers.h"
#include "services/registrar/domain/reasons.h"

namespace pratique::registrar {

class AdmissionApi final : public v1::Admission::CallbackService {
 public:
  /// Whom it asks. All outlive it.
  struct UseCases {
    AdmissionDesk& desk;
    Vouchers& vouchers;
    Issuance& issuance;
    Credentials& credentials;
  };
  AdmissionApi(rpc::Server& server, UseCases use_cases, const ReasonCatalogue& reasons)
      : server_(server), use_cases_(use_cases), reasons_(reasons) {}

  grpc::ServerUnaryReactor* JudgeDevice(grpc::CallbackServerContext* context, const v1::JudgeDeviceRequest* request,
                                        v1::JudgeDeviceResponse* response) override;
  grpc::ServerUnaryReactor* RecordVoucher(grpc::CallbackServerContext* context, const v1::RecordVoucherRequest* request,
                                          v1::RecordVoucherResponse* response) override;
  grpc::ServerUnaryReactor* RecordRefusal(grpc::CallbackServerContext* context, const v1::RecordRefusalRequest* request,
                                          v1::RecordRefusalResponse* response) override;
  grpc::ServerUnaryReactor* RecordTelemetry(grpc::CallbackServerContext* context,
                                            const v1::RecordTelemetryRequest* request,
                                            v1::RecordTelemetryResponse* response) override;
  grpc::ServerUnaryReactor* GetCredentialTemplate(grpc::CallbackServerContext* context,
                                                  const v1::GetCredentialTemplateRequest* request,
                                                  v1::CredentialTemplate* response) override;
  grpc::ServerUnaryReactor* IssueCredential(grpc::CallbackServerContext* context,
                                            const v1::IssueCredentialRequest* request,
                                            v1::IssueCredentialResponse* response) override;
  grpc::ServerUnaryReactor* IdentifyCredential(grpc::CallbackServerContext* context,
                                               const v1::IdentifyCredentialRequest* request,
                                               v1::IdentifyCredentialResponse* response) override;

 private:
  Result<v1::JudgeDeviceResponse> judge(const rpc::CallContext& call, const v1::JudgeDeviceRequest& request);
  Result<v1::RecordVoucherResponse> voucher(const rpc::CallContext& call, const v1::RecordVoucherRequest& request);
  Result<v1::RecordRefusalResponse> refusal(const rpc::CallContext& call, const v1::RecordRefusalRequest& request);
  Result<v1::RecordTelemetryResponse> telemetry(const rpc::CallContext& call,
                                                const v1::RecordTelemetryRequest& request);
  Result<v1::CredentialTemplate> credential_template(const rpc::CallContext& call,
                                                     const v1::GetCredentialTemplateRequest& request);
  Result<v1::IssueCredentialResponse> issue(const rpc::CallContext& call, const v1::IssueCredentialRequest& request);
  Result<v1::IdentifyCredentialResponse> identify(const rpc::CallContext& call,
                                                  const v1::IdentifyCredentialRequest& request);

  rpc::Server& server_;
  UseCases use_cases_;
  const ReasonCatalogue& reasons_;
};

}  // namespace pratique::registrar
