#include "tools/pratique/credential_requests.h"

namespace pratique::cli {

namespace v1 = pratique::registrar::v1;

Result<v1::ListCredentialsResponse> credentials_of(Context& context, const std::string& device,
                                                   v1::CredentialState state, std::int64_t limit) {
  v1::ListCredentialsRequest request;
  request.set_device(device);
  request.set_state(state);
  return list<v1::ListCredentialsResponse>(context.api, request, limit);
}

Result<v1::ListCredentialsResponse> in_force(Context& context, const std::string& device) {
  TRY(auto out, credentials_of(context, device, v1::CREDENTIAL_STATE_ACTIVE, kAllOfThem));
  TRY(const auto before, credentials_of(context, device, v1::CREDENTIAL_STATE_SUPERSEDED, kAllOfThem));
  out.MergeFrom(before);
  return out;
}

Result<void> revoke_all(Context& context, const v1::ListCredentialsResponse& wanted, const std::string& reason,
                        v1::ListCredentialsResponse& revoked) {
  for (const auto& one : wanted.credentials()) {
    v1::RevokeCredentialRequest request;
    request.set_name(one.name());
    request.set_reason(reason);
    request.set_request_id(context.request_id());
    TRY(*revoked.add_credentials(), context.api.call<v1::Credential>(request).with_context(one.certificate_serial()));
  }
  return {};
}

}  // namespace pratique::cli
