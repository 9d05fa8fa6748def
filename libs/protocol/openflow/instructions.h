// What a flow does with its packets: instructions (OpenFlow 1.4.0 section 7.2, ofp_instruction_*). At most one of each
// kind, and the switch carries them out in the order of the members here, whatever their order on the wire; so this is
// canonical.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/openflow/action.h"
#include "libs/protocol/openflow/wire.h"

namespace pratique::openflow {

struct WriteMetadata {
  std::uint64_t value = 0;
  std::uint64_t mask = ~std::uint64_t{0};
  auto operator<=>(const WriteMetadata&) const = default;
};
/// An instruction that we do not know (a meter, an experimenter's), kept as it came.
struct OpaqueInstruction {
  std::uint16_t type = 0;
  Bytes body = {};  // after type and length
  auto operator<=>(const OpaqueInstruction&) const = default;
};

/// With nothing in it the packet is dropped.
struct Instructions {
  std::vector<Action> apply = {};  // apply-actions: at once, in this order
  bool clear_actions = false;
  std::vector<Action> write = {};  // write-actions: into the action set, carried out at the end of the pipeline
  std::optional<WriteMetadata> write_metadata = {};
  std::optional<std::uint8_t> goto_table = {};
  std::vector<OpaqueInstruction> opaque = {};

  bool drops() const { return *this == Instructions{}; }
  auto operator<=>(const Instructions&) const = default;
};

void write_instructions(Writer& out, const Instructions& instructions);
/// Takes all that is left. The same kind twice is malformed.
Result<Instructions> read_instructions(Reader& in);

}  // namespace pratique::openflow
