// Facts, texts by name, as they are stored: a JSON object whose members are texts.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "libs/base/result.h"

namespace pratique::pg {

/// Never a secret.
using Facts = std::map<std::string, std::string>;

/// The same facts give the same text.
std::string encode_facts(const Facts& facts);
/// DATA_LOSS FACTS_MALFORMED.
Result<Facts> parse_facts(std::string_view text);

}  // namespace pratique::pg
