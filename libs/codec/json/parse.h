// Text to json::Value, strictly by RFC 8259 and within limits.
//
// Refused beside what the grammar refuses: a byte order mark, invalid UTF-8 and lone surrogates, a name that
// occurs twice in one object (two readers of a signed text must not see two different values), whole numbers
// outside int64, any bytes after the value, and whatever exceeds the limits. Nesting is counted while reading,
// without recursion, so that hostile input costs neither stack nor memory beyond the limits.
#pragma once

#include <cstddef>
#include <string_view>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/codec/json/value.h"

namespace pratique::json {

struct Limits {
  std::size_t max_bytes = std::size_t{1} << 20;  // of the whole text
  std::size_t max_depth = 32;                    // of arrays and objects in one another
  std::size_t max_members = 1024;                // of one object
  std::size_t max_elements = 16384;              // of one array
  std::size_t max_values = 65536;                // in all
};

/// INVALID_ARGUMENT with reason JSON_TOO_LARGE, JSON_TOO_DEEP, JSON_TOO_MANY, JSON_DUPLICATE_NAME,
/// JSON_NUMBER_RANGE or JSON_INVALID; the message names the byte position or the path ("$.events[3].nonce").
Result<Value> parse(std::string_view text, const Limits& limits = {});
inline Result<Value> parse(ByteView text, const Limits& limits = {}) { return parse(as_text(text), limits); }

}  // namespace pratique::json
