// A flow entry as a switch keeps it (OpenFlow 1.4.0 section 5.2), canonical: what we want and what is read back are the
// same flow exactly if they are equal (==).
#pragma once

#include <compare>
#include <cstdint>

#include "libs/base/result.h"
#include "libs/protocol/openflow/instructions.h"
#include "libs/protocol/openflow/match.h"

namespace pratique::openflow {

inline constexpr std::uint8_t kLastTable = 0xfe;
inline constexpr std::uint8_t kAllTables = 0xff;  // in deletes and requests
inline constexpr std::uint64_t kWholeCookie = ~std::uint64_t{0};

struct Flow {
  std::uint8_t table = 0;
  std::uint16_t priority = 0x8000;
  Match match = {};
  Instructions instructions = {};
  std::uint64_t cookie = 0;
  std::uint16_t idle_timeout = 0;  // seconds; 0: never
  std::uint16_t hard_timeout = 0;
  std::uint16_t importance = 0;
  bool send_removed = false;  // tell us when it goes
  bool no_packet_counts = false;
  bool no_byte_counts = false;

  auto operator<=>(const Flow&) const = default;
};

/// What Open vSwitch would refuse, found before it is sent: prerequisites of the match and of what actions set
/// (OPENFLOW_PREREQUISITE_MISSING); values and masks that do not fit, ct without an IP eth_type, exec without commit,
/// pop_vlan without a VLAN, conjunction with anything else or k/n out of range, goto_table backwards
/// (OPENFLOW_FLOW_INVALID).
Result<void> check_flow(const Flow& flow);

}  // namespace pratique::openflow
