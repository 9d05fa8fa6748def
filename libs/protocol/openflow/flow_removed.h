// Word that a flow is gone (OpenFlow 1.4.0 section 7.4, ofp_flow_removed); for flows with send_removed.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/openflow/match.h"

namespace pratique::openflow {

enum class RemovedReason : std::uint8_t {
  idle_timeout = 0,
  hard_timeout = 1,
  removed = 2,
  group_removed = 3,
  meter_removed = 4,
  eviction = 5,
};

struct FlowRemoved {
  std::uint8_t table = 0;
  std::uint16_t priority = 0;
  Match match = {};
  std::uint64_t cookie = 0;
  RemovedReason reason = RemovedReason::idle_timeout;
  std::uint16_t idle_timeout = 0, hard_timeout = 0;
  std::chrono::nanoseconds age{0};
  std::optional<std::uint64_t> packets = {}, bytes = {};  // nothing: the switch does not count them

  bool operator==(const FlowRemoved&) const = default;
};

Result<FlowRemoved> parse_flow_removed(ByteView body);

}  // namespace pratique::openflow
