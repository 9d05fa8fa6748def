// Packets to and from the controller (OpenFlow 1.4.0 sections 7.4 and 7.3, ofp_packet_in, ofp_packet_out).
#pragma once

#include <cstdint>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/openflow/action.h"
#include "libs/protocol/openflow/match.h"
#include "libs/protocol/openflow/message.h"

namespace pratique::openflow {

enum class PacketInReason : std::uint8_t {
  table_miss = 0,
  apply_action = 1,
  invalid_ttl = 2,
  action_set = 3,
  group = 4,
  packet_out = 5,
};

struct PacketIn {
  PacketInReason reason = PacketInReason::table_miss;
  std::uint8_t table = 0;
  std::uint64_t cookie = 0;
  std::uint16_t total_length = 0;  // of the packet; `data` may be its beginning
  Match context = {};              // in_port, metadata, registers, ct_* at the time
  Bytes data = {};

  bool operator==(const PacketIn&) const = default;
};

struct PacketOut {
  std::uint32_t in_port = kPortController;
  std::vector<Action> actions = {};
  Bytes data = {};

  bool operator==(const PacketOut&) const = default;
};

Result<PacketIn> parse_packet_in(ByteView body);
Result<Bytes> encode_packet_out(Xid xid, const PacketOut& packet);

}  // namespace pratique::openflow
