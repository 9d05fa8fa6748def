// Findings as the text of a column: a JSON array of {code, message, evidence}.
#pragma once

#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/base/verdict.h"

namespace pratique::onboarding {

std::string findings_text(const std::vector<Finding>& findings);
/// DATA_LOSS FINDINGS_MALFORMED.
Result<std::vector<Finding>> parse_findings(std::string_view text);

}  // namespace pratique::onboarding
