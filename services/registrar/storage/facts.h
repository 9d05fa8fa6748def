// Facts as they are stored: a JSON object whose members are texts.
#pragma once

#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "services/registrar/domain/audit_entry.h"

namespace pratique::registrar {

std::string encode_facts(const Facts& facts);
/// DATA_LOSS FACTS_MALFORMED.
Result<Facts> parse_facts(std::string_view text);

}  // namespace pratique::registrar
