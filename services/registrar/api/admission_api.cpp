#include "services/registrar/api/admission_api.h"

#include "libs/rpc/change.h"
#include "libs/rpc/timestamp.h"
#include "services/registrar/api/manufacturer_message.h"
#include "services/registrar/api/wire.h"
#include "services/registrar/domain/field_text.h"

namespace pratique::registrar {
namespace {

v1::JudgeDeviceResponse::Outcome outcome_message(Outcome outcome) {
  switch (outcome) {
    case Outcome::allow: return v1::JudgeDeviceResponse::OUTCOME_ALLOW;
    case Outcome::deny: return v1::JudgeDeviceResponse::OUTCOME_DENY;
    case Outcome::wait: return v1::JudgeDeviceResponse::OUTCOME_WAIT;
  }
  return v1::JudgeDeviceResponse::OUTCOME_UNSPECIFIED;
}

Result<TelemetryKind> read_kind(v1::RecordTelemetryRequest::Kind kind) {
  switch (kind) {
    case v1::RecordTelemetryRequest::KIND_VOUCHER: return TelemetryKind::voucher;
    case v1::RecordTelemetryRequest::KIND_ENROLMENT: return TelemetryKind::enrolment;
    default: return field_invalid("kind", "must be VOUCHER or ENROLMENT");
  }
}

v1::ManufacturerFacts message_of(const ManufacturerContact& contact) {
  v1::ManufacturerFacts out;
  out.set_name(contact.id.name());
  out.set_display_name(contact.display_name);
  out.set_wire_profile(registrar::message_of(contact.wire_profile));
  out.set_masa_url(contact.masa_url);
  for (const auto& anchor : contact.voucher_anchors) out.add_voucher_anchors(anchor.der().data(), anchor.der().size());
  for (const auto& anchor : contact.masa_tls_anchors)
    out.add_masa_tls_anchors(anchor.der().data(), anchor.der().size());
  return out;
}

/// A name that may be left out.
template <typename IdType>
Result<IdType> read_optional(const std::string& name) {
  if (name.empty()) return IdType{};
  return IdType::parse_name(name);
}

}  // namespace

grpc::ServerUnaryReactor* AdmissionApi::JudgeDevice(grpc::CallbackServerContext* context,
                                                    const v1::JudgeDeviceRequest* request,
                                                    v1::JudgeDeviceResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&AdmissionApi::judge, this));
}

grpc::ServerUnaryReactor* AdmissionApi::RecordVoucher(grpc::CallbackServerContext* context,
                                                      const v1::RecordVoucherRequest* request,
                                                      v1::RecordVoucherResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&AdmissionApi::voucher, this));
}

grpc::ServerUnaryReactor* AdmissionApi::RecordRefusal(grpc::CallbackServerContext* context,
                                                      const v1::RecordRefusalRequest* request,
                                                      v1::RecordRefusalResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&AdmissionApi::refusal, this));
}

grpc::ServerUnaryReactor* AdmissionApi::RecordTelemetry(grpc::CallbackServerContext* context,
                                                        const v1::RecordTelemetryRequest* request,
                                                        v1::RecordTelemetryResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&AdmissionApi::telemetry, this));
}

grpc::ServerUnaryReactor* AdmissionApi::GetCredentialTemplate(grpc::CallbackServerContext* context,
                                                              const v1::GetCredentialTemplateRequest* request,
                                                              v1::CredentialTemplate* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&AdmissionApi::credential_template, this));
}

grpc::ServerUnaryReactor* AdmissionApi::IssueCredential(grpc::CallbackServerContext* context,
                                                        const v1::IssueCredentialRequest* request,
                                                        v1::IssueCredentialResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&AdmissionApi::issue, this));
}

grpc::ServerUnaryReactor* AdmissionApi::IdentifyCredential(grpc::CallbackServerContext* context,
                                                           const v1::IdentifyCredentialRequest* request,
                                                           v1::IdentifyCredentialResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&AdmissionApi::identify, this));
}

Result<v1::JudgeDeviceResponse> AdmissionApi::judge(const rpc::CallContext& call,
                                                    const v1::JudgeDeviceRequest& request) {
  Knock knock{.protocol = request.protocol(), .idevid_chain = {}, .session = {}, .location = request.location(),
              .remote_address = request.remote_address()};
  TRY(knock.session, SessionId::parse_name(request.session()));
  for (const auto& der : request.idevid_chain()) knock.idevid_chain.push_back(to_bytes(der));
  TRY(const auto judged, use_cases_.desk.judge(to_call(call), knock));
  const auto& decision = judged.decision;
  v1::JudgeDeviceResponse response;
  response.set_outcome(outcome_message(decision.outcome));
  response.set_device(name_of(decision.device));
  response.set_decision(decision.id.name());
  for (const auto& finding : decision.findings) write(reasons_.explain(finding), response.add_findings());
  if (judged.retry_after) response.mutable_retry_after()->set_seconds(judged.retry_after->count());
  response.set_serial_number(decision.serial_number);
  response.set_segment(decision.segment);
  response.set_credential_profile(decision.credential_profile);
  if (judged.manufacturer) *response.mutable_manufacturer() = message_of(*judged.manufacturer);
  return response;
}

Result<v1::RecordVoucherResponse> AdmissionApi::voucher(const rpc::CallContext& call,
                                                        const v1::RecordVoucherRequest& request) {
  VoucherRecord record;
  TRY(record.device, DeviceId::parse_name(request.device()));
  TRY(record.session, SessionId::parse_name(request.session()));
  record.serial_number = request.serial_number();
  record.assertion = request.assertion();
  record.nonced = !request.nonce().empty();
  record.signer = request.signer();
  record.pinned_fingerprint = request.pinned_fingerprint();
  if (request.has_created_on()) {
    TRY(record.created_on, rpc::read_time("created_on", request.created_on()));
  }
  if (request.has_expires_on()) {
    TRY(record.expires_on, rpc::read_time("expires_on", request.expires_on()));
  }
  record.masa_url = request.masa_url();
  TRY(const auto id, use_cases_.vouchers.record(to_call(call), std::move(record), as_bytes(request.voucher())));
  v1::RecordVoucherResponse response;
  response.set_name(id.name());
  return response;
}

Result<v1::RecordRefusalResponse> AdmissionApi::refusal(const rpc::CallContext& call,
                                                        const v1::RecordRefusalRequest& request) {
  RefusalReport report;
  TRY(report.device, read_optional<DeviceId>(request.device()));
  TRY(report.session, read_optional<SessionId>(request.session()));
  report.protocol = request.protocol();
  report.serial_number = request.serial_number();
  for (const auto& finding : request.findings()) report.findings.push_back(read_finding(finding));
  report.remote_address = request.remote_address();
  TRY_VOID(use_cases_.desk.record_refusal(to_call(call), report));
  return v1::RecordRefusalResponse{};
}

Result<v1::RecordTelemetryResponse> AdmissionApi::telemetry(const rpc::CallContext& call,
                                                            const v1::RecordTelemetryRequest& request) {
  Telemetry telemetry;
  TRY(telemetry.device, DeviceId::parse_name(request.device()));
  TRY(telemetry.session, SessionId::parse_name(request.session()));
  TRY(telemetry.kind, read_kind(request.kind()));
  telemetry.success = request.success();
  telemetry.reason = request.reason();
  telemetry.reason_context = request.reason_context();
  telemetry.certificate_matched = request.certificate_matched();
  TRY_VOID(use_cases_.desk.record_telemetry(to_call(call), std::move(telemetry)));
  return v1::RecordTelemetryResponse{};
}

Result<v1::CredentialTemplate> AdmissionApi::credential_template(const rpc::CallContext& call,
                                                                 const v1::GetCredentialTemplateRequest& request) {
  TRY(const auto id, DeviceId::parse_name(request.device()));
  TRY(const auto found, use_cases_.issuance.get_template(to_call(call), id));
  v1::CredentialTemplate out;
  out.set_profile(found.profile);
  out.set_common_name(found.names.subject.common_name);
  out.set_serial_number(found.names.subject.serial_number);
  for (const auto& name : found.names.alt_names.dns) out.add_san_dns(name);
  for (const auto& name : found.names.alt_names.uri) out.add_san_uri(name);
  for (const auto kind : found.key_types) out.add_key_types(std::string(to_string(kind)));
  return out;
}

Result<v1::IssueCredentialResponse> AdmissionApi::issue(const rpc::CallContext& call,
                                                        const v1::IssueCredentialRequest& request) {
  IssueRequest wanted{.device = {}, .session = {}, .csr = to_bytes(request.csr()),
                      .renewed_certificate = to_bytes(request.renewed_certificate())};
  TRY(wanted.device, DeviceId::parse_name(request.device()));
  // A device renews by itself, long after the session in which it onboarded.
  if (!request.session().empty() || wanted.renewed_certificate.empty()) {
    TRY(wanted.session, SessionId::parse_name(request.session()));
  }
  TRY(const auto answer, use_cases_.issuance.issue(to_call(call), wanted));
  v1::IssueCredentialResponse response;
  response.set_credential(name_of(answer.credential));
  response.set_certificate(answer.certificate.data(), answer.certificate.size());
  for (const auto& finding : answer.findings) write(reasons_.explain(finding), response.add_findings());
  return response;
}

Result<v1::IdentifyCredentialResponse> AdmissionApi::identify(const rpc::CallContext& call,
                                                              const v1::IdentifyCredentialRequest& request) {
  auto& credentials = use_cases_.credentials;
  const CertificateName name{request.authority_key_id(), request.certificate_serial()};
  const auto asked = request.certificate().empty()
                         ? credentials.identify(to_call(call), name, request.in_use())
                         : credentials.identify(to_call(call), as_bytes(request.certificate()), request.in_use());
  TRY(const auto found, asked);
  v1::IdentifyCredentialResponse response;
  response.set_device(name_of(found.device));
  response.set_credential(name_of(found.credential));
  for (const auto& finding : found.findings) write(reasons_.explain(finding), response.add_findings());
  return response;
}

}  // namespace pratique::registrar
