// check_flow of flow.h: what Open vSwitch would refuse, one action after the other.
#include <optional>
#include <string>

#include "libs/protocol/openflow/flow.h"
#include "libs/protocol/openflow/prerequisites.h"
#include "libs/protocol/openflow/reasons.h"

namespace pratique::openflow {
namespace {

constexpr std::uint8_t kMaxClauses = 64;  // ovs-actions(7), conjunction

Error refuse(std::string_view why) { return invalid(reason::kFlowInvalid, why); }

/// What is known of the packet while its actions are carried out.
class Walk {
 public:
  explicit Walk(const Match& match) : match_(match) {
    const auto type = match.exact_number(Field::eth_type);
    ip_ = type == kEthIpv4 || type == kEthIpv6;
    const auto* const vlan = match.find(Field::vlan_vid);
    tagged_ = vlan != nullptr && (vlan->number() & vlan->mask_number() & kVlanPresent) != 0;
    const auto* const state = match.find(Field::ct_state);
    invalid_ = state != nullptr && (state->number() & kCtInvalid) != 0;
  }

  Result<void> operator()(const Output& action) const {
    if (action.port == kPortController) return refuse("output to the controller is ToController");
    if (action.port == 0 || (action.port > kPortMax && action.port < kPortInPort) || action.port == kPortAny)
      return refuse("output to port " + std::to_string(action.port) + ", which there cannot be");
    return {};
  }
  Result<void> operator()(const ToController&) const { return {}; }
  Result<void> operator()(const SetField& action) const {
    if (action.to.field == Field::ct_mark) return refuse("ct_mark is set by exec of ct alone");
    return set(action);
  }
  Result<void> operator()(const PushVlan& action) {
    if (action.eth_type != 0x8100 && action.eth_type != 0x88a8) return refuse("push_vlan with no VLAN's eth_type");
    tagged_ = true;
    return {};
  }
  Result<void> operator()(const PopVlan&) {
    if (!tagged_) return refuse("pop_vlan needs a match with a VLAN, or a push_vlan before it");
    tagged_ = false;
    return {};
  }
  Result<void> operator()(const Ct& action) const {
    if (!ip_) return missing_ip();
    if (action.force && !action.commit) return refuse("ct: force without commit");
    if (action.commit && invalid_) return refuse("ct: commit of what ct_state calls invalid");
    if (!action.exec.empty() && !action.commit) return refuse("ct: exec without commit");
    if (action.recirculate_to > kLastTable) return refuse("ct: no such table to come back to");
    for (const auto& inner : action.exec) {
      const auto* const field = std::get_if<SetField>(&inner);
      if (field == nullptr) continue;
      if (field->to.field != Field::ct_mark) return refuse("ct: exec may set ct_mark alone");
      TRY_VOID(set(*field));
    }
    return {};
  }
  Result<void> operator()(const Conjunction& action) const {
    if (action.clauses < 2 || action.clauses > kMaxClauses || action.clause < 1 || action.clause > action.clauses)
      return refuse("conjunction: k/n must be 1 <= k <= n and 2 <= n <= 64");
    return {};
  }
  Result<void> operator()(const OpaqueAction&) const { return {}; }

 private:
  Result<void> set(const SetField& action) const {
    const auto& field = info(action.to.field);
    const std::string name(field.name);
    if (!field.settable) return refuse("set_field: " + name + " cannot be set");
    if (!action.to.is_exact()) return refuse("set_field: " + name + " cannot be set in part");
    if ((field.field == Field::vlan_vid || field.field == Field::vlan_pcp)) {
      if (!tagged_) return refuse("set_field: " + name + " needs a match with a VLAN, or a push_vlan before it");
      if (field.field == Field::vlan_vid && (action.to.number() & kVlanPresent) == 0)
        return refuse("set_field: vlan_vid without the bit OFPVID_PRESENT");
    } else {
      TRY_VOID(check_prerequisite(field.field, match_).with_context("set_field"));
    }
    return check_value(action.to).with_context("set_field");
  }
  static Error missing_ip() {
    return invalid(reason::kPrerequisiteMissing, "ct needs eth_type=0x0800 or 0x86dd")
        .with("field", "ct")
        .with("needs", "eth_type=0x0800 or 0x86dd");
  }

  const Match& match_;
  bool ip_ = false, tagged_ = false, invalid_ = false;
};

Result<void> check_list(const std::vector<Action>& actions, Walk& walk, std::string_view list) {
  for (std::size_t i = 0; i < actions.size(); ++i)
    TRY_VOID(std::visit(walk, actions[i]).with_context(std::string(list) + " action " + std::to_string(i)));
  return {};
}

/// A clause of a conjunctive match does nothing else (ovs-actions(7)).
Result<void> check_clauses(const Instructions& all) {
  std::size_t clauses = 0;
  for (const auto& action : all.apply) clauses += std::holds_alternative<Conjunction>(action) ? 1 : 0;
  if (clauses == 0) return {};
  Instructions alone;
  alone.apply = all.apply;
  if (clauses != all.apply.size() || alone != all) return refuse("a flow with conjunction may do nothing else");
  return {};
}

}  // namespace

Result<void> check_flow(const Flow& flow) {
  const auto& what = flow.instructions;
  for (const auto& term : flow.match.terms()) TRY_VOID(check_value(term));
  TRY_VOID(check_prerequisites(flow.match));
  TRY_VOID(check_clauses(what));
  Walk walk(flow.match);
  TRY_VOID(check_list(what.apply, walk, "apply"));
  for (const auto& action : what.write)
    if (std::holds_alternative<Ct>(action) || std::holds_alternative<Conjunction>(action))
      return refuse("ct and conjunction are applied, never written into the action set");
  TRY_VOID(check_list(what.write, walk, "write"));
  if (what.write_metadata &&
      (what.write_metadata->mask == 0 || (what.write_metadata->value & ~what.write_metadata->mask) != 0))
    return refuse("write_metadata: no mask, or a value beyond it");
  if (what.goto_table && (*what.goto_table <= flow.table || *what.goto_table > kLastTable))
    return refuse("goto_table " + std::to_string(*what.goto_table) + " from table " + std::to_string(flow.table) +
                  ": only a later table");
  return {};
}

}  // namespace pratique::openflow
