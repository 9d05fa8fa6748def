#include "tools/pratique/network_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "libs/codec/json/parse.h"
#include "tools/pratique/link/failure.h"
#include "tools/pratique/network_names.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::network::v1;

// As diff has it.
constexpr int kSame = 0, kDiffers = 1, kTrouble = 2;

struct Compared {
  v1::NetworkSwitch on_switch;
  Result<v1::DiffSwitchResponse> diff;
};

struct Chosen {
  std::vector<v1::NetworkSwitch> switches = {};
  std::vector<std::string> passed_over = {};  // disabled ones: they are left as they are, whatever they do
};

Result<Chosen> switches_of(Context& context, const std::string& typed) {
  Chosen out;
  if (!typed.empty()) {
    TRY(auto one, get_switch(context, typed));
    out.switches.push_back(std::move(one));
    return out;
  }
  TRY(const auto all, list<v1::ListSwitchesResponse>(context.api, v1::ListSwitchesRequest(), kAllOfThem));
  for (const auto& one : all.switches()) {
    if (one.disabled()) out.passed_over.push_back(one.short_name());
    else out.switches.push_back(one);
  }
  return out;
}

int judge(const std::vector<Compared>& all) {
  if (std::ranges::any_of(all, [](const auto& one) { return !one.diff; })) return kTrouble;
  return std::ranges::any_of(all, [](const auto& one) { return differs(*one.diff); }) ? kDiffers : kSame;
}

Result<json::Value> to_json(const std::vector<Compared>& all, const std::vector<std::string>& passed_over) {
  auto switches = json::Value::array();
  for (const auto& [on_switch, diff] : all) {
    auto one = json::Value::object();
    one.set("networkSwitch", on_switch.name()).set("shortName", on_switch.short_name());
    one.set("differs", !diff || differs(*diff)).set("diff", json::Value());
    if (diff) {
      TRY(const auto text, json_of(*diff));
      TRY(auto value, json::parse(text));
      one.set("diff", std::move(value));
    }
    one.set("error", diff ? std::string() : diff.error().message);
    switches.push_back(std::move(one));
  }
  auto out = json::Value::object();
  auto passed = json::Value::array();
  for (const auto& name : passed_over) passed.push_back(name);
  out.set("switches", std::move(switches)).set("passedOver", std::move(passed));
  return out;
}

void print_diff(Context& context, const v1::NetworkSwitch& on_switch, const v1::DiffSwitchResponse& diff) {
  auto& console = context.console;
  const auto port_of = [&](const std::string& port) { return on_switch.short_name() + "/" + port; };
  if (differs(diff)) {
    Table table({{"PORT"}, {"WHAT"}, {"IS TO BE", Column::shrinks}, {"IS", Column::shrinks}});
    for (const auto& one : diff.ports()) {
      const auto name = port_of(one.port().port_name());
      for (const auto& difference : one.differences())
        table.row({name, difference.what(), difference.desired(), {difference.observed(), Tone::bad}});
      if (one.port().pending()) table.row({name, {"pending", Tone::waiting}, "", "about to be seen to"});
      if (!one.port().problem().code().empty())
        table.row({name, {one.port().problem().code(), Tone::bad}, "", one.port().problem().message()});
    }
    for (const auto& thing : diff.foreign())
      table.row({on_switch.short_name(), "foreign", "none", {thing, Tone::bad}});
    for (const auto& port : diff.missing_ports()) table.row({port_of(port), "port", "there", {"missing", Tone::bad}});
    table.print(console);
  } else {
    console.line(fmt::format("switch {} does what it is to do{}", on_switch.short_name(),
                             diff.ports_observed() ? "" : ", as far as its sessions tell: its ports cannot be read"));
  }
  if (!diff.undeclared_ports().empty())
    console.line(fmt::format("  nobody declared: {}", joined(diff.undeclared_ports())));
}

std::string next_step(const std::vector<Compared>& all) {
  if (all.empty()) return "pratique switches add NAME --kind ovs --site SITE --settings-file FILE";
  for (const auto& one : all)
    if (!one.diff) return "pratique switches show " + shell_word(one.on_switch.short_name());
  for (const auto& one : all)
    if (differs(*one.diff)) return "pratique switches observe " + shell_word(one.on_switch.short_name());
  return "pratique sessions list --open";
}

Result<void> diff(Context& context, const Arguments& arguments) {
  TRY(const auto chosen, switches_of(context, arguments.text("SWITCH")));
  std::vector<Compared> all;
  for (const auto& one : chosen.switches)
    all.push_back({one, get_by_name<v1::DiffSwitchResponse, v1::DiffSwitchRequest>(context, one.name())});
  context.exit_code = judge(all);
  if (context.console.json()) {
    TRY(const auto value, to_json(all, chosen.passed_over));
    context.console.data(value);
    return {};
  }
  for (const auto& [on_switch, found] : all) {
    if (found) print_diff(context, on_switch, *found);
    else
      context.console.error_line(
          fmt::format("switch {}: {} ({})", on_switch.short_name(), found.error().message, found.error().reason));
  }
  if (!chosen.passed_over.empty())
    context.console.line("passed over, since they are disabled: " + joined(chosen.passed_over));
  else if (all.empty())
    context.console.line("no switches");
  context.console.next(next_step(all));
  return {};
}

}  // namespace

bool differs(const v1::DiffSwitchResponse& diff) {
  return !diff.ports().empty() || !diff.missing_ports().empty() || !diff.foreign().empty();
}

std::vector<Command> network_commands() {
  return {{.words = "network diff",
           .help = "what switches do against what they are to do; exit codes: 0 the same, 1 they differ, 2 trouble",
           .operands = {{"SWITCH", "short name, UUID or switches/UUID; all, if left out", false}},
           .run = diff,
           .failure_code = kTrouble}};
}

}  // namespace pratique::cli
