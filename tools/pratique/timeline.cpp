#include "tools/pratique/timeline.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/pratique/device_view.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::registrar::v1;

void print_step(Context& context, const v1::Explanation& step) {
  auto& console = context.console;
  const auto time = exact_time_text(time_of(step.time()));
  console.block(
      fmt::format("{}  {:<10}  {}\n", console.painted(time, Tone::faint), printable(step.kind()),
                  console.painted(printable(step.summary()), step.findings().empty() ? Tone::plain : Tone::bad)));
  constexpr std::size_t kIndent = 4;
  for (const auto& finding : step.findings()) print_finding(context, finding, kIndent);
  Details details(kIndent);
  details.add("by", step.actor()).add("rule", step.rule());
  details.add("audit number", step.audit_sequence() > 0 ? std::to_string(step.audit_sequence()) : "");
  details.print(console);
}

// Findings whose remedy is a command.
std::string command_for(const pratique::common::v1::Finding& finding) {
  if (finding.code() == "MANUFACTURER_UNKNOWN")
    return "if you trust the manufacturer: pratique manufacturers add NAME --idevid-anchor FILE --voucher-anchor FILE "
           "--masa-anchor FILE";
  return finding.remedy();
}

// The newest step tells what to do, unless the state does.
std::string next_of(const v1::ExplainDeviceResponse& story, const std::string& typed, const Whereabouts& now) {
  const auto& steps = story.explanations();
  if (story.has_device() && story.device().state() == v1::DEVICE_STATE_PENDING) return next_step(story.device());
  if (!steps.empty() && !steps[0].findings().empty())
    if (auto command = command_for(steps[0].findings(0)); !command.empty()) return command;
  if (auto step = next_step(now); !step.empty()) return step;
  if (story.has_device()) return next_step(story.device());
  return fmt::format("pratique devices add {} --manufacturer NAME", shell_word(typed));
}

}  // namespace

void print_timeline(Context& context, const v1::ExplainDeviceResponse& story, const std::string& typed,
                    const Whereabouts& now) {
  auto& console = context.console;
  if (story.has_device()) {
    const auto& device = story.device();
    const auto state = state_cell(word_of(device.state()));
    console.block(fmt::format("device {}{} is {}\n\n", console.painted(printable(device.serial_number()), Tone::strong),
                              printable(device.model().empty() ? "" : " (" + device.model() + ")"),
                              console.painted(state.text, state.tone)));
  } else {
    console.line(fmt::format("{} is no registered device; this is what it tried:", typed));
    console.line("");
  }
  std::vector<const v1::Explanation*> steps;
  for (const auto& step : story.explanations()) steps.push_back(&step);
  std::ranges::reverse(steps);  // the API gives the newest first
  for (const auto* step : steps) print_step(context, *step);
  if (steps.empty()) console.line("nothing has happened yet");
  print_whereabouts(context, now);
  console.next(next_of(story, typed, now));
}

}  // namespace pratique::cli
