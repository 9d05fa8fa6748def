// What the switch says that it is (OpenFlow 1.4.0 section 7.3.5, ofp_desc). For people; nothing may hang on it.
#pragma once

#include <string>

#include "libs/base/bytes.h"
#include "libs/base/result.h"

namespace pratique::openflow {

/// Printable ASCII; other bytes become '?'.
struct Description {
  std::string manufacturer = {}, hardware = {}, software = {}, serial_number = {}, datapath = {};

  bool operator==(const Description&) const = default;
};

Result<Description> parse_description(ByteView body);

}  // namespace pratique::openflow
