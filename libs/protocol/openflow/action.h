// What is done with a packet: actions (OpenFlow 1.4.0 section 7.2, ofp_action_*) and those of Nicira that connection
// tracking and conjunctive matches need (ovs-actions(7); on the wire an experimenter action of vendor 0x2320).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/openflow/address.h"
#include "libs/protocol/openflow/field_value.h"
#include "libs/protocol/openflow/ports.h"
#include "libs/protocol/openflow/wire.h"

namespace pratique::openflow {

inline constexpr std::uint32_t kVendorNicira = 0x00002320;
inline constexpr std::uint16_t kWholePacket = 0xffff;  // OFPCML_NO_BUFFER

/// To a port, or kPortNormal, kPortLocal, kPortInPort, …; not kPortController, which is ToController.
struct Output {
  std::uint32_t port = 0;
  auto operator<=>(const Output&) const = default;
};
/// To us, as packet-in, cut after so many bytes.
struct ToController {
  std::uint16_t max_bytes = kWholePacket;
  auto operator<=>(const ToController&) const = default;
};
/// Writes a whole field: OpenFlow 1.4 has no mask here.
struct SetField {
  FieldValue to = {};
  auto operator<=>(const SetField&) const = default;
};
struct PushVlan {
  std::uint16_t eth_type = 0x8100;
  auto operator<=>(const PushVlan&) const = default;
};
struct PopVlan {
  auto operator<=>(const PopVlan&) const = default;
};
/// An action or instruction that we do not know, kept as it came.
struct OpaqueAction {
  std::uint16_t type = 0;
  Bytes body = {};  // after type and length
  auto operator<=>(const OpaqueAction&) const = default;
};
/// Sends the packet through the connection tracker (NXAST_CT). `exec` runs on the connection, with `commit` alone.
struct Ct {
  bool commit = false;
  bool force = false;             // with commit: end the connection as it is and make it anew in this direction
  std::uint32_t zone_source = 0;  // NXM header of a field that holds the zone; 0: `zone` is the number
  std::uint16_t zone = 0;         // or, with zone_source, offset and width in that field
  std::optional<std::uint8_t> recirculate_to = {};  // the table where the packet comes back, tracked
  std::uint16_t helper_port = 0;                    // 21: FTP, 69: TFTP; 0: none
  std::vector<std::variant<SetField, OpaqueAction>> exec = {};
  auto operator<=>(const Ct&) const = default;
};
/// Clause `clause` of `clauses` (1 to n, as ovs-actions(7) writes k/n) of the conjunction `id` (NXAST_CONJUNCTION).
struct Conjunction {
  std::uint32_t id = 0;
  std::uint8_t clause = 1;
  std::uint8_t clauses = 2;
  auto operator<=>(const Conjunction&) const = default;
};

using Action = std::variant<Output, ToController, SetField, PushVlan, PopVlan, Ct, Conjunction, OpaqueAction>;

/// Ct that remembers a device: ct(commit,zone=…,exec(set_field:mark->ct_mark)).
Ct commit_with_mark(std::uint16_t zone, std::uint32_t mark);

void write_actions(Writer& out, std::span<const Action> actions);
/// Takes all that is left. Lengths that do not fit are malformed; what is not known is opaque.
Result<std::vector<Action>> read_actions(Reader& in);

}  // namespace pratique::openflow
