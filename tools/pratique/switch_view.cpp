#include "tools/pratique/switch_view.h"

#include <fmt/format.h>

#include "tools/pratique/network_names.h"
#include "tools/pratique/view.h"

namespace pratique::cli {

namespace v1 = pratique::network::v1;

namespace {

Cell condition_of(const v1::NetworkSwitch& one) {
  if (one.disabled()) return {"disabled", Tone::bad};
  if (!one.problem().code().empty()) return {one.problem().code(), Tone::bad};
  if (!one.has_last_seen_time()) return {"never reached", Tone::waiting};
  return {"well", Tone::good};
}

std::string next_step(const v1::NetworkSwitch& one) {
  const auto word = shell_word(one.short_name());
  if (!one.problem().remedy().empty()) return one.problem().remedy();
  if (one.kind() == v1::SWITCH_KIND_RADIUS && !one.has_radius_secret())
    return fmt::format("pratique switches secret {} --file FILE", word);
  return fmt::format("pratique network diff {}", word);
}

}  // namespace

void print_switches(Context& context, const v1::ListSwitchesResponse& switches) {
  NetworkNames names(context);
  Table table(
      {{"SWITCH"}, {"SITE"}, {"KIND"}, {"CONDITION"}, {"SEEN"}, {"NAS ADDRESS"}, {"DISPLAY NAME", Column::shrinks}});
  for (const auto& one : switches.switches())
    table.row({one.short_name(), names.of_site(one.site()), word_of(one.kind()), condition_of(one),
               since(context, one.last_seen_time()), one.nas_address(), one.display_name()});
  table.print(context.console, "no switches");
  tell_cut(context, switches, switches.next_page_token());
  for (const auto& one : switches.switches())
    if (!one.problem().code().empty())
      return context.console.next("pratique switches show " + shell_word(one.short_name()));
  context.console.next(switches.switches().empty()
                           ? std::string("pratique switches add NAME --kind ovs --site SITE --settings-file FILE")
                           : "pratique ports list --switch " + shell_word(switches.switches(0).short_name()));
}

void print_switch(Context& context, const v1::NetworkSwitch& one) {
  NetworkNames names(context);
  Details details;
  details.add("name", one.name()).add("short name", Cell(one.short_name(), Tone::strong));
  details.add("display name", one.display_name()).add("site", names.of_site(one.site()));
  details.add("kind", word_of(one.kind())).add("settings", one.settings());
  details.add("NAS address", one.nas_address()).add("NAS-Identifier", one.nas_identifier());
  details.add("RADIUS secret", one.has_radius_secret() ? "set" : "none").add("condition", condition_of(one));
  const auto seen = when(context, one.last_seen_time());
  details.add("seen", seen.empty() ? "never" : seen).add("wrong since", when(context, one.problem_since()));
  details.add("can", joined(one.capabilities())).add("made", when(context, one.create_time()));
  details.add("changed", when(context, one.update_time()));
  details.print(context.console);
  if (!one.problem().code().empty()) print_finding(context, one.problem(), 0);
  context.console.next(next_step(one));
}

}  // namespace pratique::cli
