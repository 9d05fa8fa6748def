// Credentials of a device, as several commands ask for them.
#pragma once

#include <cstdint>
#include <string>

#include <pratique/registrar/v1/credential.pb.h>

#include "tools/pratique/context.h"

namespace pratique::cli {

Result<registrar::v1::ListCredentialsResponse> credentials_of(Context& context, const std::string& device,
                                                              registrar::v1::CredentialState state,
                                                              std::int64_t limit);
/// Those with which it could still show up: active ones, and superseded ones, whose key somebody may have kept.
Result<registrar::v1::ListCredentialsResponse> in_force(Context& context, const std::string& device);
/// Revokes each, and adds it to `revoked` as it is then.
Result<void> revoke_all(Context& context, const registrar::v1::ListCredentialsResponse& wanted,
                        const std::string& reason, registrar::v1::ListCredentialsResponse& revoked);

}  // namespace pratique::cli
