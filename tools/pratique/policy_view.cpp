#include "tools/pratique/policy_view.h"

#include <fmt/format.h>

#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::registrar::v1;

std::string effect_text(const v1::Policy& policy) {
  auto out = word_of(policy.effect());
  if (policy.effect() == v1::POLICY_EFFECT_ASK) out += fmt::format(" ({})", std::max(policy.approvals_required(), 1));
  return out;
}

}  // namespace

std::string conditions_text(const v1::Policy& policy, const ManufacturerNames& manufacturers) {
  std::vector<std::string> out;
  const auto add = [&](std::string_view what, const std::string& value) {
    if (!value.empty()) out.push_back(fmt::format("{} {}", what, value));
  };
  if (!policy.manufacturer().empty()) add("manufacturer", manufacturers.of(policy.manufacturer()));
  add("model", policy.model_pattern());
  add("serial", policy.serial_pattern());
  add("location", policy.location_pattern());
  add("by", joined(policy.protocols()));
  if (policy.has_start_time()) add("from", exact_time_text(time_of(policy.start_time())));
  if (policy.has_end_time()) add("until", exact_time_text(time_of(policy.end_time())));
  return out.empty() ? "any device" : joined(out);
}

void print_policies(Context& context, const v1::ListPoliciesResponse& policies) {
  const ManufacturerNames manufacturers(context);
  Table table({{"PRIORITY"},
               {"EFFECT"},
               {"STATE"},
               {"RULE", Column::shrinks},
               {"MATCHES", Column::shrinks},
               {"SEGMENT"},
               {"NAME", Column::shrinks}});
  for (const auto& policy : policies.policies()) {
    auto effect = state_cell(word_of(policy.effect()));
    effect.text = effect_text(policy);
    table.row({std::to_string(policy.priority()), effect, policy.disabled() ? state_cell("disabled") : Cell(""),
               policy.display_name(), conditions_text(policy, manufacturers), policy.segment(),
               short_name(policy.name())});
  }
  table.print(context.console, "no rules: only announced devices may join");
  tell_cut(context, policies, policies.next_page_token());
  context.console.next(policies.policies().empty()
                           ? "pratique policies add --priority 100 --effect ask --manufacturer NAME --segment NAME"
                           : "pratique policies test SERIAL");
}

void print_policy(Context& context, const v1::Policy& policy) {
  const ManufacturerNames manufacturers(context);
  Details details;
  details.add("name", policy.name()).add("rule", Cell(policy.display_name(), Tone::strong));
  details.add("priority", std::to_string(policy.priority()))
      .add("state", policy.disabled() ? state_cell("disabled") : Cell("enabled"));
  details.add("matches", conditions_text(policy, manufacturers));
  details.add("effect", {effect_text(policy), state_cell(word_of(policy.effect())).tone});
  details.add("segment", policy.segment()).add("credential profile", policy.credential_profile());
  details.add("added", when(context, policy.create_time())).add("changed", when(context, policy.update_time()));
  details.print(context.console);
  context.console.next(policy.disabled()
                           ? fmt::format("pratique policies update {} --enable", short_name(policy.name()))
                           : std::string("pratique policies test SERIAL"));
}

void print_test(Context& context, const v1::TestPoliciesResponse& test, const std::string& about) {
  Table table({{"RULE", Column::shrinks}, {"MATCHED"}, {"WHY", Column::shrinks}});
  for (const auto& step : test.trace())
    table.row({step.display_name().empty() ? step.rule() : step.display_name(),
               step.matched() ? state_cell("yes") : Cell("no"), step.explanation()});
  table.print(context.console, "no rule was asked");
  context.console.line("");
  Details details;
  details.add("effect", state_cell(word_of(test.effect())));
  details.add("decided by", test.decided_by().empty() ? "no rule matched" : test.decided_by());
  details.add("segment", test.segment()).add("credential profile", test.credential_profile());
  details.print(context.console);
  for (const auto& finding : test.findings()) print_finding(context, finding, 0);
  if (test.effect() == v1::POLICY_EFFECT_DENY && test.decided_by().empty())
    context.console.next(
        "pratique policies add --priority N --effect allow …, or pratique devices add SERIAL --manufacturer NAME");
  else context.console.next(about.empty() ? "pratique policies list" : "pratique devices explain " + about);
}

}  // namespace pratique::cli
