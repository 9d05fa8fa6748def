// The flags of a flow-mod, and which of them a flow keeps (OpenFlow 1.4.0 section 7.3.4, ofp_flow_mod_flags).
#pragma once

#include <cstdint>

#include "libs/protocol/openflow/flow.h"

namespace pratique::openflow {

inline constexpr std::uint16_t kFlagSendRemoved = 1, kFlagCheckOverlap = 2, kFlagResetCounts = 4,
                               kFlagNoPacketCounts = 8, kFlagNoByteCounts = 16;

inline std::uint16_t flags_of(const Flow& flow) {
  return static_cast<std::uint16_t>((flow.send_removed ? kFlagSendRemoved : 0) |
                                    (flow.no_packet_counts ? kFlagNoPacketCounts : 0) |
                                    (flow.no_byte_counts ? kFlagNoByteCounts : 0));
}
inline void set_flags(Flow& flow, std::uint16_t flags) {
  flow.send_removed = (flags & kFlagSendRemoved) != 0;
  flow.no_packet_counts = (flags & kFlagNoPacketCounts) != 0;
  flow.no_byte_counts = (flags & kFlagNoByteCounts) != 0;
}

}  // namespace pratique::openflow
