#include "services/onboarding/peers/registrar_client.h"

#include "libs/rpc/client.h"
#include "libs/rpc/timestamp.h"
#include "pratique/registrar/v1/admission.grpc.pb.h"
#include "pratique/registrar/v1/credential.grpc.pb.h"

namespace pratique::onboarding {

namespace {

namespace v1 = registrar::v1;

std::string bytes_text(ByteView bytes) { return std::string(as_text(bytes)); }

std::vector<Refusal> read_findings(const google::protobuf::RepeatedPtrField<common::v1::Finding>& findings) {
  std::vector<Refusal> out;
  for (const auto& finding : findings) {
    Refusal refusal{{finding.code(), finding.message()}, finding.safe_message()};
    for (const auto& [key, value] : finding.evidence()) refusal.finding.evidence.emplace_back(key, value);
    out.push_back(std::move(refusal));
  }
  return out;
}

Result<std::vector<crypto::Certificate>> read_certificates(const google::protobuf::RepeatedPtrField<std::string>& ders) {
  std::vector<crypto::Certificate> out;
  for (const auto& der : ders) {
    TRY(auto certificate, crypto::Certificate::parse_der(as_bytes(der)).with_context("certificate sent by the registrar"));
    out.push_back(std::move(certificate));
  }
  return out;
}

class RegistrarClient final : public Admission {
 public:
  explicit RegistrarClient(const rpc::Peer& peer)
      : peer_(peer), admission_(v1::Admission::NewStub(peer.channel())), credentials_(v1::Credentials::NewStub(peer.channel())) {}

  Result<Judgement> judge(const JudgeQuestion& question) override {
    v1::JudgeDeviceRequest request;
    request.set_protocol(question.protocol);
    for (const auto& certificate : question.idevid_chain) request.add_idevid_chain(bytes_text(certificate.der()));
    request.set_session(question.session);
    request.set_location(question.location);
    request.set_remote_address(question.remote_address);
    TRY(const auto response, peer_.call(*admission_, &v1::Admission::Stub::JudgeDevice, request));

    Judgement out;
    switch (response.outcome()) {
      case v1::JudgeDeviceResponse::OUTCOME_ALLOW: out.outcome = Judgement::Outcome::allow; break;
      case v1::JudgeDeviceResponse::OUTCOME_WAIT: out.outcome = Judgement::Outcome::wait; break;
      case v1::JudgeDeviceResponse::OUTCOME_DENY: out.outcome = Judgement::Outcome::deny; break;
      default: return internal("REGISTRAR_ANSWER_UNKNOWN", "the registrar's judgement has no outcome that is known here");
    }
    out.device = response.device();
    out.serial_number = response.serial_number();
    out.refusals = read_findings(response.findings());
    if (response.has_retry_after()) out.retry_after = std::chrono::seconds(response.retry_after().seconds());
    const auto& maker = response.manufacturer();
    out.manufacturer.name = maker.name();
    out.manufacturer.display_name = maker.display_name();
    out.manufacturer.strict_wire = maker.wire_profile() != v1::WIRE_PROFILE_LENIENT;
    out.manufacturer.masa_url = maker.masa_url();
    TRY(out.manufacturer.voucher_anchors, read_certificates(maker.voucher_anchors()));
    TRY(out.manufacturer.masa_tls_anchors, read_certificates(maker.masa_tls_anchors()));
    return out;
  }

  Result<void> record_voucher(const VoucherRecord& record) override {
    v1::RecordVoucherRequest request;
    request.set_device(record.device);
    request.set_session(record.session);
    request.set_voucher(bytes_text(record.voucher));
    request.set_serial_number(record.serial_number);
    request.set_assertion(record.assertion);
    request.set_nonce(record.nonce);
    request.set_signer(record.signer);
    request.set_pinned_fingerprint(record.pinned_fingerprint);
    if (record.created_on) *request.mutable_created_on() = rpc::write_time(*record.created_on);
    if (record.expires_on) *request.mutable_expires_on() = rpc::write_time(*record.expires_on);
    request.set_masa_url(record.masa_url);
    TRY_VOID(peer_.call(*admission_, &v1::Admission::Stub::RecordVoucher, request));
    return {};
  }

  Result<void> record_refusal(const RefusalRecord& record) override {
    v1::RecordRefusalRequest request;
    request.set_device(record.device);
    request.set_session(record.session);
    request.set_protocol(record.protocol);
    request.set_serial_number(record.serial_number);
    request.set_remote_address(record.remote_address);
    for (const auto& finding : record.findings) {
      auto& out = *request.add_findings();
      out.set_code(finding.code);
      out.set_message(finding.message);
      for (const auto& [key, value] : finding.evidence) (*out.mutable_evidence())[key] = value;
    }
    TRY_VOID(peer_.call(*admission_, &v1::Admission::Stub::RecordRefusal, request));
    return {};
  }

  Result<void> record_telemetry(const TelemetryRecord& record) override {
    v1::RecordTelemetryRequest request;
    request.set_device(record.device);
    request.set_session(record.session);
    request.set_kind(record.kind == TelemetryRecord::Kind::voucher ? v1::RecordTelemetryRequest::KIND_VOUCHER
                                                                   : v1::RecordTelemetryRequest::KIND_ENROLMENT);
    request.set_success(record.success);
    request.set_reason(record.reason);
    request.set_reason_context(record.reason_context);
    request.set_certificate_matched(record.certificate_matched);
    TRY_VOID(peer_.call(*admission_, &v1::Admission::Stub::RecordTelemetry, request));
    return {};
  }

  Result<CredentialTemplate> credential_template(const std::string& device) override {
    v1::GetCredentialTemplateRequest request;
    request.set_device(device);
    TRY(const auto response, peer_.call(*admission_, &v1::Admission::Stub::GetCredentialTemplate, request));
    return CredentialTemplate{response.common_name(),
                              response.serial_number(),
                              {response.san_dns().begin(), response.san_dns().end()},
                              {response.san_uri().begin(), response.san_uri().end()},
                              {response.key_types().begin(), response.key_types().end()}};
  }

  Result<IssueAnswer> issue(const IssueQuestion& question) override {
    v1::IssueCredentialRequest request;
    request.set_device(question.device);
    request.set_session(question.session);
    request.set_csr(bytes_text(question.csr));
    request.set_renewed_certificate(bytes_text(question.renewed_certificate));
    TRY(const auto response, peer_.call(*admission_, &v1::Admission::Stub::IssueCredential, request));
    IssueAnswer out;
    out.refusals = read_findings(response.findings());
    if (!response.certificate().empty()) {
      TRY(out.certificate, crypto::Certificate::parse_der(as_bytes(response.certificate())));
    }
    return out;
  }

  Result<CredentialOwner> identify(const crypto::Certificate& certificate, bool in_use) override {
    v1::IdentifyCredentialRequest request;
    request.set_certificate(bytes_text(certificate.der()));
    request.set_in_use(in_use);
    TRY(const auto response, peer_.call(*admission_, &v1::Admission::Stub::IdentifyCredential, request));
    return CredentialOwner{response.device(), response.credential(), read_findings(response.findings())};
  }

  Result<std::vector<crypto::Certificate>> authority() override {
    TRY(const auto response,
        peer_.call(*credentials_, &v1::Credentials::Stub::GetAuthority, v1::GetAuthorityRequest{}));
    return read_certificates(response.certificates());
  }

 private:
  const rpc::Peer& peer_;
  std::unique_ptr<v1::Admission::Stub> admission_;
  std::unique_ptr<v1::Credentials::Stub> credentials_;
};

}  // namespace

std::unique_ptr<Admission> make_registrar_client(const rpc::Peer& peer) { return std::make_unique<RegistrarClient>(peer); }

}  // namespace pratique::onboarding
