// What the registrar's answers hold as text. For this room's own files.
#pragma once

#include <cstdint>
#include <string_view>

#include "libs/base/result.h"

namespace pratique::network {

/// Cursors are opaque to others, but the registrar says that they are ordered: we keep the number. INTERNAL
/// REGISTRAR_ANSWER_UNREADABLE.
Result<std::int64_t> parse_cursor(std::string_view text);
Error answer_unreadable(std::string_view what);

}  // namespace pratique::network
