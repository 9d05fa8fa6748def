#include "libs/protocol/openflow/bundle.h"

#include <array>

#include "libs/protocol/openflow/bundle_message.h"
#include "libs/protocol/openflow/reasons.h"

namespace pratique::openflow {
namespace {

// The xids of a bundle, from the first: open, one for each flow-mod, barrier, end (commit or discard).
enum class Part { open, flow_mod, barrier, end };

Part part_of(std::size_t slot, std::size_t count) {
  if (slot == 0) return Part::open;
  if (slot <= count) return Part::flow_mod;
  return slot == count + 1 ? Part::barrier : Part::end;
}

std::string_view name_of(Part part) {
  switch (part) {
    case Part::open: return "open";
    case Part::flow_mod: return "flow-mod";
    case Part::barrier: return "barrier";
    case Part::end: return "end";
  }
  return "?";
}

/// Every answer that there may be, and when. What is not here is refused in one place, answer_of().
struct Legal {
  BundleState state;
  Part part;
  MessageType answer;
  std::optional<BundleControlType> control;  // of BUNDLE_CONTROL
};
constexpr std::array kLegal{
    Legal{BundleState::filling, Part::open, MessageType::bundle_control, BundleControlType::open_reply},
    Legal{BundleState::filling, Part::open, MessageType::error, {}},
    Legal{BundleState::filling, Part::flow_mod, MessageType::error, {}},
    Legal{BundleState::filling, Part::barrier, MessageType::barrier_reply, {}},
    Legal{BundleState::committing, Part::flow_mod, MessageType::error, {}},
    Legal{BundleState::committing, Part::end, MessageType::bundle_control, BundleControlType::commit_reply},
    Legal{BundleState::committing, Part::end, MessageType::error, {}},
    Legal{BundleState::discarding, Part::end, MessageType::bundle_control, BundleControlType::discard_reply},
    Legal{BundleState::discarding, Part::end, MessageType::error, {}},
};

const Legal* find_legal(BundleState state, Part part, const Message& message) {
  for (const auto& legal : kLegal)
    if (legal.state == state && legal.part == part && legal.answer == message.type) return &legal;
  return nullptr;
}

}  // namespace

std::string_view name_of(BundleState state) {
  switch (state) {
    case BundleState::filling: return "filling";
    case BundleState::committing: return "committing";
    case BundleState::discarding: return "discarding";
    case BundleState::over: return "over";
  }
  return "?";
}

std::string BundleRefusal::text() const {
  if (flow_mod) return "flow-mod " + std::to_string(*flow_mod) + ": " + error.text();
  return "bundle (" + std::string(name_of(during)) + "): " + error.text();
}

Result<Bundle> Bundle::make(std::uint32_t id, std::span<const FlowMod> flow_mods, Xid first_xid) {
  if (flow_mods.empty() || flow_mods.size() > kMaxBundle)
    return invalid(reason::kBundleInvalid, "a bundle of " + std::to_string(flow_mods.size()) + " flow-mods; 1 to " +
                                               std::to_string(kMaxBundle));
  Writer out;
  auto xid = first_xid;
  write_bundle_control(out, xid++, {.id = id, .type = BundleControlType::open_request});
  for (std::size_t i = 0; i < flow_mods.size(); ++i, ++xid) {
    const auto add = [&]() -> Result<void> {
      TRY_VOID(check_flow_mod(flow_mods[i]));
      const auto start = start_bundle_add(out, xid, id);
      TRY_VOID(write_flow_mod(out, xid, flow_mods[i]));
      return finish_message(out, start);
    };
    if (auto added = add(); !added)
      return Error(added.error()).with_context("flow-mod " + std::to_string(i)).with("flow_mod", std::to_string(i));
  }
  const auto start = start_message(out, MessageType::barrier_request, xid);
  TRY_VOID(finish_message(out, start));
  return Bundle(id, flow_mods.size(), first_xid, out.take());
}

Result<Bytes> Bundle::receive(const Message& message) {
  const std::size_t slot = message.xid - first_xid_;
  const auto part = part_of(slot, count_);
  const auto* const legal = find_legal(state_, part, message);
  const auto here = [&] {
    return "bundle " + std::to_string(id_) + " (" + std::string(name_of(state_)) +
           "): " + std::string(name_of(message.type)) + " to its " + std::string(name_of(part));
  };
  // The end has not been asked for while the bundle is being filled.
  if (part == Part::end && state_ == BundleState::filling)
    return failed_precondition(reason::kXidUnknown, here() + ", which was not sent yet");
  if (answered_[slot]) return failed_precondition(reason::kXidAnswered, here() + ", which was answered before");
  if (legal == nullptr) return failed_precondition(reason::kAnswerType, here());
  if (legal->control) {
    TRY(const auto control, parse_bundle_control(message.body));
    if (control.type != *legal->control || control.id != id_)
      return failed_precondition(reason::kAnswerType, here() + " of type " +
                                                          std::to_string(static_cast<unsigned>(control.type)) +
                                                          " for bundle " + std::to_string(control.id));
  }
  if (state_ == BundleState::committing && part == Part::end && legal->control && !outcome_.refusals.empty())
    return failed_precondition(reason::kAnswerType, here() + ", though " + outcome_.refusals.front().text());
  answered_[slot] = true;
  if (message.type == MessageType::error) {
    TRY(auto error, parse_error(message.body));
    const auto index = part == Part::flow_mod ? std::optional(slot - 1) : std::nullopt;
    outcome_.refusals.push_back({.flow_mod = index, .during = state_, .error = std::move(error)});
  }
  if (part == Part::barrier) return end_filling();
  if (part != Part::end) return Bytes();
  outcome_.committed = state_ == BundleState::committing && message.type != MessageType::error;
  state_ = BundleState::over;
  return Bytes();
}

/// The barrier is passed, so every add has been looked at.
Result<Bytes> Bundle::end_filling() {
  const bool refused = !outcome_.refusals.empty();
  if (!refused && !answered_[0])
    return failed_precondition(reason::kAnswerType,
                               "bundle " + std::to_string(id_) + ": the barrier was answered before the open");
  state_ = refused ? BundleState::discarding : BundleState::committing;
  Writer out;
  write_bundle_control(
      out, first_xid_ + static_cast<Xid>(count_) + 2,
      {.id = id_, .type = refused ? BundleControlType::discard_request : BundleControlType::commit_request});
  return out.take();
}

}  // namespace pratique::openflow
