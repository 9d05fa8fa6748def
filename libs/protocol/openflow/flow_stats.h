// What flows a switch has, and what they counted (OpenFlow 1.4.0 section 7.3.5, ofp_flow_stats).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/openflow/flow.h"
#include "libs/protocol/openflow/message.h"
#include "libs/protocol/openflow/ports.h"

namespace pratique::openflow {

/// Which flows. As given: all.
struct FlowQuery {
  std::uint8_t table = kAllTables;
  std::uint32_t out_port = kPortAny;
  std::uint64_t cookie = 0;
  std::uint64_t cookie_mask = 0;  // 0: any cookie
  Match match = {};               // flows that it covers

  bool operator==(const FlowQuery&) const = default;
};

struct FlowStats {
  Flow flow = {};
  std::chrono::nanoseconds age{0};
  std::optional<std::uint64_t> packets = {}, bytes = {};  // nothing: the switch does not count them

  bool operator==(const FlowStats&) const = default;
};

/// OPENFLOW_PREREQUISITE_MISSING as for flows.
Result<Bytes> encode_flow_query(Xid xid, const FlowQuery& query);
/// The entries of one part.
Result<std::vector<FlowStats>> parse_flow_stats(ByteView body);

}  // namespace pratique::openflow
