// Findings as they are stored: a JSON array of {code, message, evidence: [[key, value], …]}.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/base/verdict.h"

namespace pratique::registrar {

std::string encode_findings(const std::vector<Finding>& findings);
/// DATA_LOSS FINDINGS_MALFORMED.
Result<std::vector<Finding>> parse_findings(std::string_view text);

}  // namespace pratique::registrar
