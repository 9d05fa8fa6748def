// From arguments to rules; no network.
#pragma once

#include <string>
#include <vector>

#include <google/protobuf/field_mask.pb.h>
#include <pratique/registrar/v1/policy.pb.h>

#include "libs/base/result.h"
#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

/// What `policies add` and `policies update` may say of a rule; --priority and --effect must be there to add one.
std::vector<Option> policy_options(bool adding);

/// Sets what was typed and names it in `mask`. `manufacturer` is a resource name, used where --manufacturer was typed.
Result<void> apply_changes(const Arguments& arguments, const std::string& manufacturer, registrar::v1::Policy& policy,
                           google::protobuf::FieldMask& mask);

/// `device` and `manufacturer` are resource names, empty where not typed.
Result<registrar::v1::TestPoliciesRequest> test_request(const Arguments& arguments, const std::string& device,
                                                        const std::string& manufacturer);

}  // namespace pratique::cli
