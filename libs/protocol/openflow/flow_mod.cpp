#include "libs/protocol/openflow/flow_mod.h"

#include <string>

#include "libs/protocol/openflow/flow_flags.h"
#include "libs/protocol/openflow/prerequisites.h"
#include "libs/protocol/openflow/reasons.h"

namespace pratique::openflow {
namespace {

bool removes(FlowCommand command) { return command == FlowCommand::remove || command == FlowCommand::remove_strict; }

Error refuse(std::string_view why) { return invalid(reason::kFlowInvalid, why); }

}  // namespace

FlowMod add_flow(Flow flow) { return {.command = FlowCommand::add, .flow = std::move(flow)}; }

FlowMod remove_flow(const Flow& flow) {
  FlowMod mod{.command = FlowCommand::remove_strict, .flow = {}};
  mod.flow.table = flow.table;
  mod.flow.priority = flow.priority;
  mod.flow.match = flow.match;
  return mod;
}

FlowMod remove_cookie(std::uint64_t cookie, std::uint64_t mask) {
  FlowMod mod{.command = FlowCommand::remove, .flow = {.table = kAllTables, .match = {}, .instructions = {}}};
  mod.flow.cookie = cookie;
  mod.cookie_mask = mask;
  return mod;
}

Result<void> check_flow_mod(const FlowMod& mod) {
  if (mod.flow.table == kAllTables && !removes(mod.command)) return refuse("table 255 is for removing alone");
  if (mod.command == FlowCommand::add && mod.cookie_mask != 0)
    return refuse("an add has no cookie mask; the switch would ignore it");
  if (mod.out_port != kPortAny && !removes(mod.command)) return refuse("out_port is for removing alone");
  if (mod.check_overlap && mod.command != FlowCommand::add) return refuse("check_overlap is for adding alone");
  if (removes(mod.command)) {
    if (!mod.flow.instructions.drops()) return refuse("a remove has no instructions");
    for (const auto& term : mod.flow.match.terms()) TRY_VOID(check_value(term));
    return check_prerequisites(mod.flow.match);
  }
  return check_flow(mod.flow);
}

Result<void> write_flow_mod(Writer& out, Xid xid, const FlowMod& mod) {
  const auto& flow = mod.flow;
  const auto start = start_message(out, MessageType::flow_mod, xid);
  out.u64(flow.cookie);
  out.u64(mod.cookie_mask);
  out.u8(flow.table);
  out.u8(static_cast<std::uint8_t>(mod.command));
  out.u16(flow.idle_timeout);
  out.u16(flow.hard_timeout);
  out.u16(flow.priority);
  out.u32(kNoBuffer);
  out.u32(mod.out_port);
  out.u32(kGroupAny);
  out.u16(static_cast<std::uint16_t>(flags_of(flow) | (mod.check_overlap ? kFlagCheckOverlap : 0) |
                                     (mod.reset_counts ? kFlagResetCounts : 0)));
  out.u16(flow.importance);
  write_match(out, flow.match);
  write_instructions(out, flow.instructions);
  return finish_message(out, start);
}

Result<Bytes> encode_flow_mod(Xid xid, const FlowMod& mod) {
  TRY_VOID(check_flow_mod(mod));
  Writer out;
  TRY_VOID(write_flow_mod(out, xid, mod));
  return out.take();
}

Result<FlowMod> parse_flow_mod(ByteView body) {
  Reader in(body, "flow-mod");
  TRY_VOID(in.need(40));
  FlowMod mod;
  mod.flow.cookie = in.u64();
  mod.cookie_mask = in.u64();
  mod.flow.table = in.u8();
  const auto command = in.u8();
  if (command > static_cast<std::uint8_t>(FlowCommand::remove_strict))
    return in.malformed("command " + std::to_string(command));
  mod.command = static_cast<FlowCommand>(command);
  mod.flow.idle_timeout = in.u16();
  mod.flow.hard_timeout = in.u16();
  mod.flow.priority = in.u16();
  in.skip(4);
  mod.out_port = in.u32();
  in.skip(4);
  const auto flags = in.u16();
  set_flags(mod.flow, flags);
  mod.check_overlap = (flags & kFlagCheckOverlap) != 0;
  mod.reset_counts = (flags & kFlagResetCounts) != 0;
  mod.flow.importance = in.u16();
  TRY(mod.flow.match, read_match(in));
  TRY(mod.flow.instructions, read_instructions(in));
  return mod;
}

}  // namespace pratique::openflow
