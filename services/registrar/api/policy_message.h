// Policies on the wire.
#pragma once

#include "libs/base/result.h"
#include "pratique/registrar/v1/policy.pb.h"
#include "services/registrar/domain/policy.h"

namespace pratique::registrar {

v1::PolicyEffect message_of(PolicyEffect effect);
v1::Policy message_of(const Policy& policy);
/// FIELD_INVALID, ID_INVALID, TIMESTAMP_INVALID. What is output only is not looked at.
Result<Policy> read_policy(const v1::Policy& message);

}  // namespace pratique::registrar
