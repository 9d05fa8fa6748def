#include "libs/protocol/openflow/action.h"

#include <algorithm>

namespace pratique::openflow {
namespace {

// enum ofp_action_type
constexpr std::uint16_t kOutput = 0, kPushVlan = 17, kPopVlan = 18, kSetField = 25, kExperimenter = 0xffff;
// nicira-ext, enum nx_action_subtype.
constexpr std::uint16_t kConjunction = 34, kCt = 35;
constexpr std::uint16_t kCtCommit = 1, kCtForce = 2;
constexpr std::uint8_t kNoRecirculation = 0xff;
constexpr std::size_t kActionHeader = 4;

/// Type and a length to be known at the end.
std::size_t start_action(Writer& out, std::uint16_t type) {
  const auto start = out.size();
  out.u16(type);
  out.u16(0);
  return start;
}
void finish_action(Writer& out, std::size_t start) {
  out.pad8(start);
  out.set_u16(start + 2, out.size() - start);
}
std::size_t start_nicira(Writer& out, std::uint16_t subtype) {
  const auto start = start_action(out, kExperimenter);
  out.u32(kVendorNicira);
  out.u16(subtype);
  return start;
}

void write(Writer& out, const Output& action) {
  const auto start = start_action(out, kOutput);
  out.u32(action.port);
  out.u16(0);
  out.zeros(6);
  finish_action(out, start);
}
void write(Writer& out, const ToController& action) {
  const auto start = start_action(out, kOutput);
  out.u32(kPortController);
  out.u16(action.max_bytes);
  out.zeros(6);
  finish_action(out, start);
}
void write(Writer& out, const SetField& action) {
  const auto start = start_action(out, kSetField);
  auto whole = action.to;
  write_field(out, bytes_value(whole.field, whole.value_bytes()));
  finish_action(out, start);
}
void write(Writer& out, const PushVlan& action) {
  const auto start = start_action(out, kPushVlan);
  out.u16(action.eth_type);
  finish_action(out, start);
}
void write(Writer& out, const PopVlan&) { finish_action(out, start_action(out, kPopVlan)); }
void write(Writer& out, const OpaqueAction& action) {
  const auto start = start_action(out, action.type);
  out.bytes(action.body);
  finish_action(out, start);
}
void write(Writer& out, const Conjunction& action) {
  const auto start = start_nicira(out, kConjunction);
  out.u8(static_cast<std::uint8_t>(action.clause - 1));
  out.u8(action.clauses);
  out.u32(action.id);
  finish_action(out, start);
}
void write(Writer& out, const Ct& action) {
  const auto start = start_nicira(out, kCt);
  out.u16(static_cast<std::uint16_t>((action.commit ? kCtCommit : 0) | (action.force ? kCtForce : 0)));
  out.u32(action.zone_source);
  out.u16(action.zone);
  out.u8(action.recirculate_to.value_or(kNoRecirculation));
  out.zeros(3);
  out.u16(action.helper_port);
  for (const auto& inner : action.exec) std::visit([&](const auto& each) { write(out, each); }, inner);
  finish_action(out, start);
}

bool all_zero(ByteView bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

// Readers of one action's body: nothing where it is not what we know, and the whole is then kept as it came. What we
// would write differently (padding that is not zero) is not known either, so that nothing gets lost.

std::optional<Action> read_output(ByteView body) {
  Reader in(body, "output");
  if (in.left() != 12) return std::nullopt;
  const auto port = in.u32();
  const auto max_bytes = in.u16();
  if (!all_zero(in.rest())) return std::nullopt;
  if (port == kPortController) return ToController{max_bytes};
  return Output{port};  // the length means nothing at another port
}

std::optional<SetField> read_set_field(ByteView body) {
  Reader in(body, "set_field");
  if (!in.need(4)) return std::nullopt;
  const auto header = in.u32();
  const auto* const field =
      find_field(static_cast<std::uint16_t>(header >> 16), static_cast<std::uint8_t>(header >> 9 & 0x7f));
  const bool masked = (header >> 8 & 1) != 0;
  if (field == nullptr || masked || (header & 0xff) != field->width || !in.need(field->width)) return std::nullopt;
  const auto value = in.take(field->width);
  if (in.left() >= 8 || !all_zero(in.rest())) return std::nullopt;
  return SetField{bytes_value(field->field, value)};
}

std::optional<Action> read_push_vlan(ByteView body) {
  Reader in(body, "push_vlan");
  if (in.left() != 4) return std::nullopt;
  const PushVlan action{in.u16()};
  if (!all_zero(in.rest())) return std::nullopt;
  return action;
}

std::optional<Action> read_conjunction(Reader in) {
  if (in.left() != 6) return std::nullopt;
  const auto clause = in.u8();
  const auto clauses = in.u8();
  if (clause == 0xff) return std::nullopt;
  return Conjunction{.id = in.u32(), .clause = static_cast<std::uint8_t>(clause + 1), .clauses = clauses};
}

/// Cuts one action off: its type and its body.
Result<OpaqueAction> read_raw(Reader& in) {
  TRY_VOID(in.need(kActionHeader));
  OpaqueAction action;
  action.type = in.u16();
  const std::size_t length = in.u16();
  if (length < 8 || length % 8 != 0) return in.malformed("an action of " + std::to_string(length) + " bytes");
  TRY_VOID(in.need(length - kActionHeader));
  action.body = to_bytes(in.take(length - kActionHeader));
  return action;
}

Result<std::optional<Action>> read_ct(Reader in) {
  if (in.left() < 14) return std::optional<Action>();
  Ct action;
  const auto flags = in.u16();
  action.commit = (flags & kCtCommit) != 0;
  action.force = (flags & kCtForce) != 0;
  action.zone_source = in.u32();
  action.zone = in.u16();
  const auto table = in.u8();
  if (table != kNoRecirculation) action.recirculate_to = table;
  const bool known = all_zero(in.take(3)) && (flags & ~(kCtCommit | kCtForce)) == 0;
  action.helper_port = in.u16();
  if (!known) return std::optional<Action>();
  while (!in.at_end()) {
    TRY(auto raw, read_raw(in));
    auto set = raw.type == kSetField ? read_set_field(raw.body) : std::nullopt;
    if (set) action.exec.emplace_back(*set);
    else action.exec.emplace_back(std::move(raw));
  }
  return std::optional<Action>(std::move(action));
}

Result<std::optional<Action>> read_nicira(ByteView body) {
  Reader in(body, "ct");
  if (in.left() < 6 || in.u32() != kVendorNicira) return std::optional<Action>();
  switch (in.u16()) {
    case kConjunction: return read_conjunction(in);
    case kCt: return read_ct(in);
    default: return std::optional<Action>();
  }
}

Result<std::optional<Action>> read_known(const OpaqueAction& raw) {
  switch (raw.type) {
    case kOutput: return read_output(raw.body);
    case kPushVlan: return read_push_vlan(raw.body);
    case kPopVlan:
      if (raw.body.size() != 4 || !all_zero(raw.body)) return std::optional<Action>();
      return std::optional<Action>(PopVlan{});
    case kSetField: {
      const auto set = read_set_field(raw.body);
      return set ? std::optional<Action>(*set) : std::nullopt;
    }
    case kExperimenter: return read_nicira(raw.body);
    default: return std::optional<Action>();
  }
}

}  // namespace

Ct commit_with_mark(std::uint16_t zone, std::uint32_t mark) {
  Ct action{.commit = true, .zone = zone};
  action.exec.emplace_back(SetField{number_value(Field::ct_mark, mark)});
  return action;
}

void write_actions(Writer& out, std::span<const Action> actions) {
  for (const auto& action : actions) std::visit([&](const auto& each) { write(out, each); }, action);
}

Result<std::vector<Action>> read_actions(Reader& in) {
  std::vector<Action> actions;
  while (!in.at_end()) {
    TRY(auto raw, read_raw(in));
    TRY(auto known, read_known(raw));
    if (known) actions.push_back(std::move(*known));
    else actions.emplace_back(std::move(raw));
  }
  return actions;
}

}  // namespace pratique::openflow
