#include "tools/pratique/approvals.h"

#include <fmt/format.h>
#include <pratique/registrar/v1/approval.pb.h>

#include "tools/pratique/names.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::registrar::v1;

// By name or UUID of the approval, or by the device that waits: then its pending one.
Result<v1::Approval> get_approval(Context& context, const std::string& typed) {
  if (!typed.starts_with("devices/"))
    if (const auto name = resource_name("approvals", typed); !name.empty())
      return get_by_name<v1::Approval, v1::GetApprovalRequest>(context, name);
  v1::ListApprovalsRequest request;
  request.set_state(v1::APPROVAL_STATE_PENDING);
  TRY(*request.mutable_device(), device_name(context, typed));
  TRY(const auto waiting, list<v1::ListApprovalsResponse>(context.api, request, 1));
  if (!waiting.approvals().empty()) return waiting.approvals(0);
  return not_found("APPROVAL_UNKNOWN", fmt::format("{} does not wait for approval", typed));
}

int yes_votes(const v1::Approval& approval) {
  int out = 0;
  for (const auto& vote : approval.votes()) out += vote.approved() ? 1 : 0;
  return out;
}

std::string next_step(const v1::Approval& approval) {
  v1::Device device;
  device.set_name(approval.device());
  device.set_serial_number(approval.serial_number());
  const auto word = device_word(device);
  if (approval.state() != v1::APPROVAL_STATE_PENDING) return "pratique devices explain " + word;
  return fmt::format("{}pratique approvals approve {} --reason WHY",
                     yes_votes(approval) > 0 ? "another operator: " : "", word);
}

void print_approval(Context& context, const v1::Approval& approval) {
  const ManufacturerNames manufacturers(context);
  Details details;
  details.add("name", approval.name()).add("state", state_cell(word_of(approval.state())));
  details.add("device", Cell(approval.serial_number(), Tone::strong))
      .add("manufacturer", manufacturers.of(approval.manufacturer()));
  details.add("model", approval.model()).add("segment", approval.segment()).add("asked by rule", approval.policy());
  details.add("approvals", fmt::format("{} of {}", yes_votes(approval), approval.approvals_required()));
  for (const auto& vote : approval.votes())
    details.add(vote.approved() ? "yes" : "no",
                fmt::format("{}: {} ({})", vote.operator_(), vote.reason(), when(context, vote.time())));
  details.add("asked", when(context, approval.create_time())).add("decided", when(context, approval.decide_time()));
  details.add("expires", approval.state() == v1::APPROVAL_STATE_PENDING ? when(context, approval.expire_time()) : "");
  details.print(context.console);
  context.console.next(next_step(approval));
}

Result<void> list_approvals(Context& context, const Arguments& arguments) {
  TRY(const auto limit, limit_of(arguments));
  v1::ListApprovalsRequest request;
  const auto state = arguments.text("state");
  if (state != "all")
    request.set_state(state.empty() ? v1::APPROVAL_STATE_PENDING : value_of<v1::ApprovalState>(state));
  TRY(*request.mutable_device(), device_name(context, arguments.text("device")));
  TRY(const auto approvals, list<v1::ListApprovalsResponse>(context.api, request, limit));
  return answer(context, approvals, [&] {
    const ManufacturerNames manufacturers(context);
    Table table({{"DEVICE"},
                 {"STATE"},
                 {"YES"},
                 {"MANUFACTURER", Column::shrinks},
                 {"MODEL", Column::shrinks},
                 {"SEGMENT"},
                 {"ASKED"},
                 {"EXPIRES"},
                 {"NAME", Column::shrinks}});
    for (const auto& one : approvals.approvals())
      table.row({one.serial_number(), state_cell(word_of(one.state())),
                 fmt::format("{}/{}", yes_votes(one), one.approvals_required()), manufacturers.of(one.manufacturer()),
                 one.model(), one.segment(), since(context, one.create_time()),
                 one.state() == v1::APPROVAL_STATE_PENDING ? since(context, one.expire_time()) : "",
                 short_name(one.name())});
    table.print(context.console, "nothing waits for approval");
    tell_cut(context, approvals, approvals.next_page_token());
    context.console.next(approvals.approvals().empty() ? "pratique devices list" : next_step(approvals.approvals(0)));
  });
}

Result<void> show_approval(Context& context, const Arguments& arguments) {
  TRY(const auto approval, get_approval(context, arguments.text("APPROVAL")));
  return answer(context, approval, [&] { print_approval(context, approval); });
}

template <typename Request>
Result<void> vote(Context& context, const Arguments& arguments) {
  TRY(const auto approval, get_approval(context, arguments.text("APPROVAL")));
  Request request;
  request.set_name(approval.name());
  request.set_reason(arguments.text("reason"));
  request.set_request_id(context.request_id());
  TRY(const auto decided, context.api.call<v1::Approval>(request));
  return answer(context, decided, [&] { print_approval(context, decided); });
}

}  // namespace

std::vector<Command> approval_commands() {
  const Operand one{"APPROVAL",
                    "the device that waits (serial number or devices/UUID), UUID of the approval or approvals/UUID"};
  auto states = words_of<v1::ApprovalState>();
  states.emplace_back("all");
  return {{.words = "approvals list",
           .help = "devices that wait for people, oldest first",
           .options = {Option::one_of("state", std::move(states), "pending if left out"),
                       Option::text("device", "DEVICE", "of this device"), limit_option()},
           .run = list_approvals},
          {.words = "approvals show", .help = "one approval with its votes", .operands = {one}, .run = show_approval},
          {.words = "approvals approve",
           .help = "say yes to a device",
           .operands = {one},
           .options = {reason_option()},
           .run = vote<v1::ApproveRequest>},
          {.words = "approvals deny",
           .help = "say no to a device; one no decides",
           .operands = {one},
           .options = {reason_option()},
           .run = vote<v1::DenyRequest>}};
}

}  // namespace pratique::cli
