// How full the tables are (OpenFlow 1.4.0 section 7.3.5, ofp_table_stats).
#pragma once

#include <cstdint>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"

namespace pratique::openflow {

struct TableStats {
  std::uint8_t table = 0;
  std::uint32_t flows = 0;
  std::uint64_t lookups = 0, matches = 0;

  bool operator==(const TableStats&) const = default;
};

/// The entries of one part.
Result<std::vector<TableStats>> parse_table_stats(ByteView body);

}  // namespace pratique::openflow
