// What fields of the API may hold. Errors: INVALID_ARGUMENT FIELD_INVALID, evidence "field".
#pragma once

#include <cstddef>
#include <string_view>

#include "libs/base/result.h"

namespace pratique::network {

inline constexpr std::size_t kMaxDisplayName = 128;  // bytes of UTF-8

Error field_invalid(std::string_view field, std::string_view problem);
/// a-z, 0-9, '-' and '_', beginning with a letter; at most `limit` bytes; not empty.
Result<void> check_name(std::string_view field, std::string_view value, std::size_t limit);
/// May be empty; no control characters; at most `limit` bytes.
Result<void> check_display(std::string_view field, std::string_view value, std::size_t limit = kMaxDisplayName);
/// May be empty; visible ASCII, no space.
Result<void> check_printable(std::string_view field, std::string_view value, std::size_t limit);

}  // namespace pratique::network
