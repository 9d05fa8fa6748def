// Changing the flow tables (OpenFlow 1.4.0 section 7.3.4, ofp_flow_mod).
#pragma once

#include <cstdint>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/openflow/flow.h"
#include "libs/protocol/openflow/message.h"
#include "libs/protocol/openflow/ports.h"

namespace pratique::openflow {

/// "Strict": exactly the flow of this match and priority; otherwise every flow that the match covers.
enum class FlowCommand : std::uint8_t { add = 0, modify = 1, modify_strict = 2, remove = 3, remove_strict = 4 };

struct FlowMod {
  FlowCommand command = FlowCommand::add;
  Flow flow = {};
  std::uint64_t cookie_mask = 0;      // of what modify and remove look for; 0: any cookie
  std::uint32_t out_port = kPortAny;  // remove: only flows that send there
  bool check_overlap = false;         // add: refuse what overlaps a flow of the same priority
  bool reset_counts = false;

  bool operator==(const FlowMod&) const = default;
};

FlowMod add_flow(Flow flow);
/// Removes this very flow, whatever its cookie.
FlowMod remove_flow(const Flow& flow);
/// Removes every flow with this cookie, of every table: with a cookie a device, one message revokes the device.
FlowMod remove_cookie(std::uint64_t cookie, std::uint64_t mask = kWholeCookie);

/// check_flow, and what only a change can have wrong: table 255 without remove, a cookie mask at an add (the switch
/// would ignore it), instructions at a remove.
Result<void> check_flow_mod(const FlowMod& mod);

/// A whole message, appended. OPENFLOW_MESSAGE_TOO_LARGE. Does not check.
Result<void> write_flow_mod(Writer& out, Xid xid, const FlowMod& mod);
/// Checks, then encodes.
Result<Bytes> encode_flow_mod(Xid xid, const FlowMod& mod);
/// The reverse, as a switch does it; for tests and tools.
Result<FlowMod> parse_flow_mod(ByteView body);

}  // namespace pratique::openflow
