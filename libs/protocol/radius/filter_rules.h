// NAS-Filter-Rule (RFC 4849): rules with a NUL between them, cut into attributes of at most 253 bytes wherever that
// falls.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/protocol/radius/packet.h"

namespace pratique::radius {

/// INVALID_ARGUMENT RADIUS_ATTRIBUTE_INVALID for a rule that is empty, no UTF-8 or has a NUL.
Result<std::vector<Attribute>> filter_rule_attributes(std::span<const std::string> rules);
/// In order; empty where there is none.
Result<std::vector<std::string>> find_filter_rules(const Packet& packet);

}  // namespace pratique::radius
