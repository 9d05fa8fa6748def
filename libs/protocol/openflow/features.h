// Who the switch is (OpenFlow 1.4.0 section 7.3.1).
#pragma once

#include <cstdint>
#include <string>

#include "libs/base/bytes.h"
#include "libs/base/result.h"

namespace pratique::openflow {

struct Features {
  std::uint64_t datapath_id = 0;
  std::uint32_t buffers = 0;
  std::uint8_t tables = 0;
  std::uint8_t auxiliary_id = 0;  // 0: the main connection
  std::uint32_t capabilities = 0;

  /// As ovs-vsctl shows it: sixteen hexadecimal digits.
  std::string datapath_text() const;
  bool operator==(const Features&) const = default;
};

Result<Features> parse_features(ByteView body);

}  // namespace pratique::openflow
