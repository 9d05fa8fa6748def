#include "tools/pratique/onboarding.h"

#include <fmt/format.h>
#include <pratique/onboarding/v1/session.pb.h>

#include "tools/pratique/names.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::onboarding::v1;

std::string device_word(const v1::Session& session) {
  return session.device().empty() ? shell_word(session.serial_number()) : session.device();
}

std::string next_step(const v1::Session& session) {
  const auto word = device_word(session);
  if (session.state() == v1::SESSION_STATE_AWAITING_APPROVAL)
    return fmt::format("pratique approvals approve {} --reason WHY", word);
  if (word != "''") return "pratique devices explain " + word;
  return session.findings().empty() ? "pratique onboarding list" : session.findings(0).remedy();
}

Result<void> list_sessions(Context& context, const Arguments& arguments) {
  TRY(const auto limit, limit_of(arguments));
  v1::ListSessionsRequest request;
  request.set_state(value_of<v1::SessionState>(arguments.text("state")));
  TRY(*request.mutable_device(), device_name(context, arguments.text("device")));
  TRY(const auto sessions, list<v1::ListSessionsResponse>(context.api, request, limit));
  return answer(context, sessions, [&] {
    Table table({{"DEVICE"},
                 {"STATE"},
                 {"PROTOCOL"},
                 {"FROM"},
                 {"BEGUN"},
                 {"LAST HEARD"},
                 {"POLLS"},
                 {"REFUSED FOR", Column::shrinks},
                 {"NAME", Column::shrinks}});
    for (const auto& one : sessions.sessions())
      table.row({one.serial_number(), state_cell(word_of(one.state())), one.protocol(), one.remote_address(),
                 since(context, one.create_time()), since(context, one.update_time()),
                 one.poll_count() > 0 ? std::to_string(one.poll_count()) : "",
                 one.findings().empty() ? Cell("") : Cell(one.findings(0).code(), Tone::bad), short_name(one.name())});
    table.print(context.console, "no sessions");
    tell_cut(context, sessions, sessions.next_page_token());
    context.console.next(sessions.sessions().empty() ? "pratique devices list" : next_step(sessions.sessions(0)));
  });
}

Result<void> show_session(Context& context, const Arguments& arguments) {
  const auto& typed = arguments.text("SESSION");
  const auto name = resource_name("sessions", typed);
  if (name.empty())
    return invalid("ARGUMENT_INVALID", fmt::format("'{}' names no session: pratique onboarding list", typed));
  TRY(const auto one, (get_by_name<v1::Session, v1::GetSessionRequest>(context, name)));
  return answer(context, one, [&] {
    Details details;
    details.add("name", one.name()).add("state", state_cell(word_of(one.state()))).add("protocol", one.protocol());
    details.add("device", Cell(one.serial_number(), Tone::strong)).add("registered as", one.device());
    details.add("from", one.remote_address()).add("begun", when(context, one.create_time()));
    details.add("last heard", when(context, one.update_time()));
    details.add("polls", one.poll_count() > 0 ? std::to_string(one.poll_count()) : "");
    details.print(context.console);
    for (const auto& finding : one.findings()) print_finding(context, finding, 0);
    context.console.next(next_step(one));
  });
}

}  // namespace

std::vector<Command> onboarding_commands() {
  return {{.words = "onboarding list",
           .help = "onboarding at the door, newest first",
           .options = {Option::one_of("state", words_of<v1::SessionState>(), "in this state"),
                       Option::text("device", "DEVICE", "of this device"), limit_option()},
           .run = list_sessions},
          {.words = "onboarding show",
           .help = "one session with what was found",
           .operands = {{"SESSION", "UUID or sessions/UUID"}},
           .run = show_session}};
}

}  // namespace pratique::cli
