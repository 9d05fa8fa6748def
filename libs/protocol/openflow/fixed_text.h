// Texts of a fixed width, ended by a zero byte or by the width (OpenFlow 1.4.0 sections 7.2 and 7.3.5).
#pragma once

#include <string>

#include "libs/protocol/openflow/wire.h"

namespace pratique::openflow {

/// Printable ASCII; other bytes become '?', so that the text can stand in a log.
inline std::string read_fixed_text(Reader& in, std::size_t width) {
  std::string text = {};
  for (const auto byte : in.take(width)) {
    if (byte == 0) break;
    text += byte >= 0x20 && byte < 0x7f ? static_cast<char>(byte) : '?';
  }
  return text;
}

}  // namespace pratique::openflow
