// The opening: versions are compared (OpenFlow 1.4.0 section 6.3.1; section 7.5, ofp_hello).
#pragma once

#include <cstdint>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/openflow/message.h"

namespace pratique::openflow {

inline constexpr std::size_t kMaxHelloSize = 1024;  // of any message before the versions are agreed

struct Hello {
  std::uint8_t version = kVersion;          // of the header: the highest that the sender knows
  std::vector<std::uint32_t> bitmaps = {};  // word 0, bit 5 = version 5; empty: the sender said nothing

  bool operator==(const Hello&) const = default;
};

/// Ours: version 5 alone.
Bytes encode_hello(Xid xid);
/// Elements that we do not know are skipped, as the spec asks. Two version bitmaps are malformed.
Result<Hello> parse_hello(const Message& message);
/// Agrees on OpenFlow 1.4 or says OPENFLOW_NO_COMMON_VERSION, which lists what the switch offered.
Result<void> negotiate(const Hello& theirs);

}  // namespace pratique::openflow
