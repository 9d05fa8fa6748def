#include "tools/pratique/events.h"

#include <fmt/format.h>
#include <pratique/network/v1/event.pb.h>
#include <pratique/registrar/v1/event.pb.h>

#include <chrono>
#include <limits>
#include <thread>

#include "tools/pratique/link/diagnosis.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {


constexpr std::string_view kOldest = "oldest";
constexpr std::chrono::seconds kPause{1};  // between two tries to follow on

Result<void> print_event(Context& context, const pratique::common::v1::Event& event) {
  auto& console = context.console;
  if (console.json()) {
    TRY(const auto text, json_of(event));
    console.data_text(text);
    return {};
  }
  console.block(fmt::format("{}  {:<22}  {}  {}\n",
                            console.painted(exact_time_text(time_of(event.time())), Tone::faint),
                            console.painted(printable(event.type()), Tone::strong), printable(event.subject()),
                            printable(pairs_text(event.facts()))));
  console.flush();
  return {};
}

// The service goes down and comes back: we follow on from the last event. A stream that never began is an error. A
// server that is nearly gone cancels what still reaches it.
bool may_follow_on(const Error& ended, bool was_followed) {
  if (ended.code == ErrorCode::cancelled) return was_followed;
  return ended.code == ErrorCode::unavailable && (was_followed || !never_answered(ended));
}

template <typename Request>
Result<void> follow(Context& context, const Arguments& arguments) {
  TRY(const auto count, arguments.integer("count", std::numeric_limits<std::int64_t>::max(), 1,
                                          std::numeric_limits<std::int64_t>::max()));
  Request request;
  const auto after = arguments.find("after").value_or("now");
  if (after != kOldest) request.set_after_cursor(after);
  for (const auto& type : arguments.all("types", true)) request.add_types(type);

  std::int64_t seen = 0;
  Result<void> printed;
  bool followed = false, told = false;
  while (seen < count && printed) {
    pratique::common::v1::Event event;
    const auto ended = context.api.watch(request, event, [&] {
      printed = print_event(context, event);
      request.set_after_cursor(event.cursor());
      followed = true;
      told = false;
      return ++seen < count && printed;
    });
    if (ended) continue;
    if (!may_follow_on(ended.error(), followed)) return ended.error();
    followed = true;
    if (!told) context.console.error_line("the stream ended (" + ended.error().message + "); trying to follow on");
    told = true;
    std::this_thread::sleep_for(kPause);
  }
  if (printed && !context.console.json())
    context.console.next(fmt::format("pratique events {}--after {}",
                                     arguments.has("from") ? "--from " + arguments.text("from") + " " : "",
                                     shell_word(request.after_cursor())));
  return printed;
}

Result<void> follow_one(Context& context, const Arguments& arguments) {
  return arguments.text("from") == to_string(Service::network)
             ? follow<network::v1::WatchEventsRequest>(context, arguments)
             : follow<registrar::v1::WatchEventsRequest>(context, arguments);
}

}  // namespace

std::vector<Command> event_commands() {
  return {{.words = "events",
           .help = "everything that happens to devices, or to switches and sessions, live; ends with Ctrl-C",
           .options = {Option::one_of("from", {"registrar", "network"}, "whose; the registrar's if left out"),
                       Option::text("after", "CURSOR",
                                    "from behind this event; 'oldest': all that are kept; 'now' if left out"),
                       Option::many("types", "TYPE", "e.g. device.admitted; several: commas between"),
                       Option::text("count", "N", "end after so many")},
           .run = follow_one}};
}

}  // namespace pratique::cli
