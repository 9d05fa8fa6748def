#include "tools/pratique/explain.h"

#include <fmt/format.h>

#include "tools/pratique/device_view.h"
#include "tools/pratique/timeline.h"
#include "tools/pratique/view.h"
#include "tools/pratique/whereabouts.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::registrar::v1;

Result<void> explain(Context& context, const Arguments& arguments) {
  const auto& typed = arguments.text("DEVICE");
  v1::ExplainDeviceRequest request;
  request.set_name(resource_name("devices", typed));
  if (request.name().empty()) request.set_serial_number(serial_number(typed));
  TRY(const auto entries, arguments.integer("limit", 20, 1, 200));
  request.set_page_size(static_cast<std::int32_t>(entries));
  TRY(const auto story, context.api.call<v1::ExplainDeviceResponse>(request));
  if (!story.has_device() && story.explanations().empty())
    return not_found("DEVICE_UNKNOWN",
                     "nothing is known of " + typed + ": it never knocked here, or by another serial number");
  return answer(context, story, [&] {
    print_timeline(context, story, typed,
                   story.has_device() ? look_for(context, story.device().name()) : Whereabouts());
  });
}

}  // namespace

std::vector<Command> explain_commands() {
  return {{.words = "devices explain",
           .help = "why a device was let in or refused, step by step; also for one that was never registered",
           .operands = {{"DEVICE", "serial number, UUID or devices/UUID"}},
           .options = {Option::text("limit", "N", "steps at most (20)")},
           .run = explain}};
}

}  // namespace pratique::cli
