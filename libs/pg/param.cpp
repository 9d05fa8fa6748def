#include "libs/pg/param.h"

#include <fmt/format.h>

#include "libs/base/hex.h"

namespace pratique::pg {

// The shortest text that reads back as the same number; "inf" and "nan" are PostgreSQL's words too.
Param::Param(double number) : text_(fmt::format("{}", number)) {}
Param::Param(Timestamp time) : text_(format_rfc3339(time)) {}
Param::Param(ByteView bytes) : text_("\\x" + hex_encode(bytes)) {}

// PostgreSQL 15, section 8.15.2: every element quoted, so that "NULL", commas and braces are plain text.
Param::Param(const std::vector<std::string>& texts) {
  std::string out = "{";
  for (const auto& text : texts) {
    if (out.size() > 1) out += ',';
    out += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  text_ = out + "}";
}

}  // namespace pratique::pg
