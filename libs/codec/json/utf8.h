// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace pratique::json {

/// The length of the character at the start of `text`, 1 to 4, or 0 where no valid one starts.
std::size_t utf8_length(std::string_view text);
bool utf8_valid(std::string_view text);

}  // namespace pratique::json
