#include "tools/pratique/program.h"

#include "libs/runtime/build_version.h"
#include "tools/pratique/approvals.h"
#include "tools/pratique/audit.h"
#include "tools/pratique/context.h"
#include "tools/pratique/credentials.h"
#include "tools/pratique/device_import.h"
#include "tools/pratique/devices.h"
#include "tools/pratique/events.h"
#include "tools/pratique/explain.h"
#include "tools/pratique/grammar/command_line.h"
#include "tools/pratique/grammar/completion.h"
#include "tools/pratique/link/failure.h"
#include "tools/pratique/manufacturers.h"
#include "tools/pratique/network_diff.h"
#include "tools/pratique/policies.h"
#include "tools/pratique/ports.h"
#include "tools/pratique/segments.h"
#include "tools/pratique/sessions.h"
#include "tools/pratique/sites.h"
#include "tools/pratique/standing.h"
#include "tools/pratique/onboarding.h"
#include "tools/pratique/status.h"
#include "tools/pratique/switches.h"
#include "tools/pratique/trust_anchors.h"
#include "tools/pratique/vouchers.h"
#include "tools/pratique/wlans.h"

namespace pratique::cli {
namespace {

Result<void> completion(Context& context, const Arguments& arguments) {
  context.console.block(arguments.text("SHELL") == "zsh" ? zsh_completion(grammar()) : bash_completion(grammar()));
  return {};
}

Grammar make_grammar() {
  Grammar out{.program = "pratique",
              .about =
                  "The operator's command line of Pratique: who may join the network, who did, and why.\n"
                  "Exit codes: 0 ok, 1 failure, 2 usage, 3 not allowed, 4 not found, 5 unavailable.",
              .version = std::string(runtime::build_version()),
              .general = {Option::one_of("output", {"table", "json"}, "for people or for scripts")},
              .groups = {{"devices", "the devices: announce, look at, quarantine, retire"},
                         {"manufacturers", "who makes them, and how we recognise it"},
                         {"manufacturers anchors", "the certificates by which a manufacturer is recognised"},
                         {"policies", "the ordered rules of who may join"},
                         {"approvals", "devices that wait for people"},
                         {"credentials", "certificates that the local CA gave to devices"},
                         {"vouchers", "the manufacturers' words that devices are ours"},
                         {"onboarding", "onboarding at the door, now and before"},
                         {"segments", "where devices may be"},
                         {"sites", "where switches stand"},
                         {"switches", "what lets devices in, and how it is"},
                         {"ports", "of switches: what each is to do, what it does"},
                         {"wlans", "wireless networks, as data"},
                         {"sessions", "who is on the network, who was, who was refused"},
                         {"network", "all of it: what is against what ought to be"},
                         {"audit", "the log of every decision"}},
              .commands = {}};
  for (auto& option : connection_options()) out.general.push_back(std::move(option));
  for (auto* family : {&device_commands, &import_commands, &explain_commands, &manufacturer_commands, &anchor_commands,
                       &policy_commands, &approval_commands, &credential_commands, &voucher_commands,
                       &onboarding_commands, &standing_commands, &segment_commands, &site_commands, &switch_commands,
                       &port_commands, &wlan_commands, &session_commands, &network_commands, &audit_commands,
                       &event_commands, &status_commands})
    for (auto& command : (*family)()) out.commands.push_back(std::move(command));
  out.commands.push_back({.words = "completion",
                          .help = "a completion script: source <(pratique completion bash)",
                          .operands = {{"SHELL", "bash or zsh", true, {"bash", "zsh"}}},
                          .run = completion});
  return out;
}

}  // namespace

const Grammar& grammar() {
  static const Grammar all = make_grammar();
  return all;
}

int run(const std::vector<std::string>& words, const Environment& environment, Console& console, const Clock& clock,
        Random& random) {
  const auto typed = read_command_line(grammar(), words);
  if (typed.command == nullptr) {
    if (typed.exit_code == exit_code::kOk) console.block(typed.text);
    else console.error_block(typed.text);
    return typed.exit_code;
  }
  console.set_json(typed.arguments.text("output") == "json");
  const auto failed = [&](const Error& error) {
    tell(console, error);
    return exit_code_of(error);
  };
  auto settings = load_settings(typed.arguments, environment);
  if (!settings) return failed(settings.error());
  Api api(*std::move(settings), clock);
  Context context{console, api, clock, random};
  const auto outcome = typed.command->run(context, typed.arguments);
  if (outcome) return context.exit_code;
  tell(console, outcome.error());
  return typed.command->failure_code.value_or(exit_code_of(outcome.error()));
}

}  // namespace pratique::cli
