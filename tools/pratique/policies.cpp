#include "tools/pratique/policies.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/pratique/names.h"
#include "tools/pratique/policy_requests.h"
#include "tools/pratique/policy_view.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::registrar::v1;

Result<v1::ListPoliciesResponse> all_policies(Context& context, std::int64_t limit) {
  return list<v1::ListPoliciesResponse>(context.api, v1::ListPoliciesRequest(), limit);
}

// By name, UUID or display name.
Result<v1::Policy> get_policy(Context& context, std::string_view typed) {
  if (const auto name = resource_name("policies", typed); !name.empty())
    return get_by_name<v1::Policy, v1::GetPolicyRequest>(context, name);
  TRY(const auto all, all_policies(context, kAllOfThem));
  const auto named = [&](const auto& policy) { return policy.display_name() == typed; };
  const auto count = std::ranges::count_if(all.policies(), named);
  if (count == 1) return *std::ranges::find_if(all.policies(), named);
  if (count > 1)
    return invalid("POLICY_AMBIGUOUS", fmt::format("{} rules are called '{}': name it by its UUID", count, typed));
  return not_found("POLICY_UNKNOWN", fmt::format("no rule is called '{}'", typed));
}

Result<void> list_policies(Context& context, const Arguments& arguments) {
  TRY(const auto limit, limit_of(arguments));
  TRY(const auto policies, all_policies(context, limit));
  return answer(context, policies, [&] { print_policies(context, policies); });
}

Result<void> show_policy(Context& context, const Arguments& arguments) {
  TRY(const auto policy, get_policy(context, arguments.text("POLICY")));
  return answer(context, policy, [&] { print_policy(context, policy); });
}

Result<void> add_policy(Context& context, const Arguments& arguments) {
  TRY(const auto manufacturer, manufacturer_name(context, arguments.text("manufacturer")));
  v1::CreatePolicyRequest request;
  google::protobuf::FieldMask all_new;
  TRY_VOID(apply_changes(arguments, manufacturer, *request.mutable_policy(), all_new));
  request.set_request_id(context.request_id());
  TRY(const auto policy, context.api.call<v1::Policy>(request));
  return answer(context, policy, [&] { print_policy(context, policy); });
}

Result<void> update_policy(Context& context, const Arguments& arguments) {
  TRY(const auto manufacturer, manufacturer_name(context, arguments.text("manufacturer")));
  v1::UpdatePolicyRequest request;
  TRY(*request.mutable_policy(), get_policy(context, arguments.text("POLICY")));
  TRY_VOID(apply_changes(arguments, manufacturer, *request.mutable_policy(), *request.mutable_update_mask()));
  request.set_request_id(context.request_id());
  TRY(const auto policy, context.api.call<v1::Policy>(request));
  return answer(context, policy, [&] { print_policy(context, policy); });
}

Result<void> delete_policy(Context& context, const Arguments& arguments) {
  TRY(const auto policy, get_policy(context, arguments.text("POLICY")));
  TRY_VOID(context.console.confirm(fmt::format("delete rule {} '{}'", policy.priority(), policy.display_name()),
                                   arguments.has("yes")));
  v1::DeletePolicyRequest request;
  request.set_name(policy.name());
  request.set_etag(policy.etag());
  request.set_request_id(context.request_id());
  TRY(const auto done, context.api.call<v1::DeletePolicyResponse>(request));
  return answer(context, done, [&] {
    context.console.line(fmt::format("rule {} '{}' is deleted", policy.priority(), policy.display_name()));
    context.console.next("pratique policies list");
  });
}

Result<void> test_policies(Context& context, const Arguments& arguments) {
  TRY(const auto device, device_name(context, arguments.text("DEVICE")));
  TRY(const auto manufacturer, manufacturer_name(context, arguments.text("manufacturer")));
  TRY(const auto request, test_request(arguments, device, manufacturer));
  TRY(const auto test, context.api.call<v1::TestPoliciesResponse>(request));
  return answer(context, test,
                [&] { print_test(context, test, device.empty() ? "" : shell_word(arguments.text("DEVICE"))); });
}

}  // namespace

std::vector<Command> policy_commands() {
  const Operand one{"POLICY", "display name, UUID or policies/UUID"};
  return {{.words = "policies list",
           .help = "the rules in the order in which they are asked",
           .options = {limit_option()},
           .run = list_policies},
          {.words = "policies show", .help = "one rule", .operands = {one}, .run = show_policy},
          {.words = "policies add", .help = "a new rule", .options = policy_options(true), .run = add_policy},
          {.words = "policies update",
           .help = "change a rule; an empty value takes a condition away",
           .operands = {one},
           .options = policy_options(false),
           .run = update_policy},
          {.words = "policies delete",
           .help = "take a rule away",
           .operands = {one},
           .options = {yes_option()},
           .run = delete_policy},
          {.words = "policies test",
           .help = "which rule would decide about a device, and why; changes nothing",
           .operands = {{"DEVICE", "a registered one; or describe one by options", false}},
           .options = {Option::text("manufacturer", "NAME", "of the device"),
                       Option::text("model", "TEXT", "of the device"), Option::text("serial", "TEXT", "of the device"),
                       Option::text("location", "SITE", "where it knocks"),
                       Option::text("protocol", "WORD", "brski if left out"),
                       Option::text("at", "TIME", "now if left out")},
           .run = test_policies}};
}

}  // namespace pratique::cli
