#include "libs/protocol/openflow/instructions.h"

namespace pratique::openflow {
namespace {

// enum ofp_instruction_type
constexpr std::uint16_t kGotoTable = 1, kWriteMetadata = 2, kWriteActions = 3, kApplyActions = 4, kClearActions = 5;
constexpr std::size_t kInstructionHeader = 4;

std::size_t start(Writer& out, std::uint16_t type) {
  const auto at = out.size();
  out.u16(type);
  out.u16(0);
  return at;
}
void finish(Writer& out, std::size_t at) {
  out.pad8(at);
  out.set_u16(at + 2, out.size() - at);
}

void write_action_list(Writer& out, std::uint16_t type, const std::vector<Action>& actions) {
  if (actions.empty()) return;
  const auto at = start(out, type);
  out.zeros(4);
  write_actions(out, actions);
  finish(out, at);
}

/// One bit for each kind that we know, 0 for others.
unsigned bit_of(std::uint16_t type) { return type >= kGotoTable && type <= kClearActions ? 1U << type : 0; }

Result<void> read_one(std::uint16_t type, Reader& in, Instructions& out) {
  switch (type) {
    case kGotoTable:
      TRY_VOID(in.need(4));
      out.goto_table = in.u8();
      return {};
    case kWriteMetadata: {
      TRY_VOID(in.need(20));
      in.skip(4);
      const auto value = in.u64();
      const auto mask = in.u64();
      out.write_metadata = WriteMetadata{value & mask, mask};
      return {};
    }
    case kClearActions:
      TRY_VOID(in.need(4));
      out.clear_actions = true;
      return {};
    default:
      TRY_VOID(in.need(4));
      in.skip(4);
      TRY(auto actions, read_actions(in));
      (type == kApplyActions ? out.apply : out.write) = std::move(actions);
      return {};
  }
}

}  // namespace

void write_instructions(Writer& out, const Instructions& instructions) {
  for (const auto& each : instructions.opaque) {
    const auto at = start(out, each.type);
    out.bytes(each.body);
    finish(out, at);
  }
  write_action_list(out, kApplyActions, instructions.apply);
  if (instructions.clear_actions) {
    const auto at = start(out, kClearActions);
    out.zeros(4);
    finish(out, at);
  }
  write_action_list(out, kWriteActions, instructions.write);
  if (const auto& metadata = instructions.write_metadata) {
    const auto at = start(out, kWriteMetadata);
    out.zeros(4);
    out.u64(metadata->value & metadata->mask);
    out.u64(metadata->mask);
    finish(out, at);
  }
  if (instructions.goto_table) {
    const auto at = start(out, kGotoTable);
    out.u8(*instructions.goto_table);
    out.zeros(3);
    finish(out, at);
  }
}

Result<Instructions> read_instructions(Reader& in) {
  Instructions out;
  unsigned seen = 0;
  while (!in.at_end()) {
    TRY_VOID(in.need(kInstructionHeader));
    const auto type = in.u16();
    const std::size_t length = in.u16();
    if (length < 8 || length % 8 != 0) return in.malformed("an instruction of " + std::to_string(length) + " bytes");
    TRY_VOID(in.need(length - kInstructionHeader));
    const auto body = in.take(length - kInstructionHeader);
    const auto bit = bit_of(type);
    if (bit == 0) {
      out.opaque.push_back({type, to_bytes(body)});
      continue;
    }
    if ((seen & bit) != 0) return in.malformed("two instructions of type " + std::to_string(type));
    seen |= bit;
    Reader one(body, "instruction");
    TRY_VOID(read_one(type, one, out));
  }
  return out;
}

}  // namespace pratique::openflow
