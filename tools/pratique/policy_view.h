// Rules for people.
#pragma once

#include <string>

#include <pratique/registrar/v1/policy.pb.h>

#include "tools/pratique/context.h"
#include "tools/pratique/names.h"

namespace pratique::cli {

/// "manufacturer Example Sensors, model Sensor*", or "any device".
std::string conditions_text(const registrar::v1::Policy& policy, const ManufacturerNames& manufacturers);
void print_policies(Context& context, const registrar::v1::ListPoliciesResponse& policies);
void print_policy(Context& context, const registrar::v1::Policy& policy);
/// `about`: the device that was asked about as the command line names it, "" for one that was described.
void print_test(Context& context, const registrar::v1::TestPoliciesResponse& test, const std::string& about);

}  // namespace pratique::cli
