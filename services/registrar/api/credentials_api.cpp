#include "services/registrar/api/credentials_api.h"

#include "libs/rpc/change.h"
#include "libs/rpc/timestamp.h"
#include "services/registrar/domain/field_text.h"

namespace pratique::registrar {
namespace {

constexpr std::string_view kList = "ListCredentials";

// On the wire a successor is active: it admits.
v1::CredentialState state_message(CredentialState state) {
  switch (state) {
    case CredentialState::active:
    case CredentialState::successor: return v1::CREDENTIAL_STATE_ACTIVE;
    case CredentialState::superseded: return v1::CREDENTIAL_STATE_SUPERSEDED;
    case CredentialState::revoked: return v1::CREDENTIAL_STATE_REVOKED;
    case CredentialState::expired: return v1::CREDENTIAL_STATE_EXPIRED;
  }
  return v1::CREDENTIAL_STATE_UNSPECIFIED;
}

Result<std::optional<CredentialState>> read_state(v1::CredentialState state) {
  switch (state) {
    case v1::CREDENTIAL_STATE_UNSPECIFIED: return std::optional<CredentialState>{};
    case v1::CREDENTIAL_STATE_ACTIVE: return std::optional(CredentialState::active);
    case v1::CREDENTIAL_STATE_SUPERSEDED: return std::optional(CredentialState::superseded);
    case v1::CREDENTIAL_STATE_REVOKED: return std::optional(CredentialState::revoked);
    case v1::CREDENTIAL_STATE_EXPIRED: return std::optional(CredentialState::expired);
    default: return field_invalid("state", "is unknown");
  }
}

}  // namespace

grpc::ServerUnaryReactor* CredentialsApi::GetCredential(grpc::CallbackServerContext* context,
                                                        const v1::GetCredentialRequest* request,
                                                        v1::Credential* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&CredentialsApi::get, this));
}

grpc::ServerUnaryReactor* CredentialsApi::ListCredentials(grpc::CallbackServerContext* context,
                                                          const v1::ListCredentialsRequest* request,
                                                          v1::ListCredentialsResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&CredentialsApi::list, this));
}

grpc::ServerUnaryReactor* CredentialsApi::RevokeCredential(grpc::CallbackServerContext* context,
                                                           const v1::RevokeCredentialRequest* request,
                                                           v1::Credential* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&CredentialsApi::revoke, this));
}

grpc::ServerUnaryReactor* CredentialsApi::GetAuthority(grpc::CallbackServerContext* context,
                                                       const v1::GetAuthorityRequest* request,
                                                       v1::Authority* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&CredentialsApi::authority, this));
}

v1::Credential CredentialsApi::message(const Credential& credential) const {
  v1::Credential out;
  out.set_name(credential.id.name());
  out.set_device(credential.device.name());
  out.set_certificate_serial(credential.certificate_serial);
  out.set_subject(credential.subject);
  out.set_profile(credential.profile);
  out.set_state(state_message(state_at(credential, clock_.now())));
  *out.mutable_not_before() = rpc::write_time(credential.not_before);
  *out.mutable_not_after() = rpc::write_time(credential.not_after);
  *out.mutable_issue_time() = rpc::write_time(credential.issue_time);
  if (credential.state == CredentialState::revoked && credential.end_time) {
    *out.mutable_revoke_time() = rpc::write_time(*credential.end_time);
    out.set_revoke_reason(credential.end_reason);
  }
  out.set_key_fingerprint(credential.key_fingerprint);
  out.set_certificate(credential.certificate.data(), credential.certificate.size());
  return out;
}

Result<v1::Credential> CredentialsApi::get(const rpc::CallContext& call, const v1::GetCredentialRequest& request) {
  TRY(const auto id, CredentialId::parse_name(request.name()));
  TRY(const auto credential, credentials_.get(to_call(call), id));
  return message(credential);
}

Result<v1::ListCredentialsResponse> CredentialsApi::list(const rpc::CallContext& call,
                                                         const v1::ListCredentialsRequest& request) {
  CredentialFilter filter;
  if (!request.device().empty()) {
    TRY(filter.device, DeviceId::parse_name(request.device()));
  }
  TRY(filter.state, read_state(request.state()));
  const std::string sealed_filter = request.device() + '\n' + std::to_string(request.state());
  TRY(const auto page, rpc::parse_page(tokens_, kList, sealed_filter, request.page_size(), request.page_token()));
  CredentialId after;
  if (!page.after.empty()) {
    TRY(after, CredentialId::parse(page.after));
  }
  TRY(const auto found, credentials_.list(to_call(call), filter, after, page.size + 1));
  v1::ListCredentialsResponse response;
  CredentialId last;
  for (const Credential& credential : found) {
    if (response.credentials_size() == page.size) {
      response.set_next_page_token(tokens_.seal(kList, sealed_filter, last.text()));
      break;
    }
    *response.add_credentials() = message(credential);
    last = credential.id;
  }
  return response;
}

Result<v1::Credential> CredentialsApi::revoke(const rpc::CallContext& call,
                                              const v1::RevokeCredentialRequest& request) {
  TRY(const auto id, CredentialId::parse_name(request.name()));
  TRY(const auto change, to_change(call, request));
  TRY(const auto credential, credentials_.revoke(change, id, request.reason()));
  return message(credential);
}

Result<v1::Authority> CredentialsApi::authority(const rpc::CallContext&, const v1::GetAuthorityRequest&) {
  v1::Authority out;
  for (const auto& certificate : issuance_.authority_chain())
    out.add_certificates(certificate.der().data(), certificate.der().size());
  return out;
}

}  // namespace pratique::registrar
