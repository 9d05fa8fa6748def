#include "tools/pratique/sessions.h"

#include <fmt/format.h>

#include "tools/pratique/network_names.h"
#include "tools/pratique/network_requests.h"
#include "tools/pratique/session_view.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::network::v1;

Result<PlaceFilter> place_filter(Context& context, const Arguments& arguments) {
  PlaceFilter out;
  TRY(out.device, device_name(context, arguments.text("device")));
  TRY(out.on_switch, switch_name(context, arguments.text("switch")));
  TRY(out.port, port_name(context, arguments.text("port")));
  return out;
}

Result<void> list_sessions(Context& context, const Arguments& arguments) {
  TRY(const auto limit, limit_of(arguments));
  TRY(const auto where, place_filter(context, arguments));
  TRY(const auto request, list_sessions_request(arguments, where));
  TRY(const auto sessions, list<v1::ListSessionsResponse>(context.api, request, limit));
  return answer(context, sessions, [&] { print_sessions(context, sessions); });
}

Result<void> show_session(Context& context, const Arguments& arguments) {
  TRY(const auto name, session_name(arguments.text("SESSION")));
  TRY(const auto session, (get_by_name<v1::Session, v1::GetSessionRequest>(context, name)));
  return answer(context, session, [&] { print_session(context, session); });
}

Result<void> end_session(Context& context, const Arguments& arguments) {
  v1::EndSessionRequest request;
  TRY(*request.mutable_name(), session_name(arguments.text("SESSION")));
  request.set_reason(arguments.text("reason"));
  request.set_request_id(context.request_id());
  TRY(const auto session, context.api.call<v1::Session>(request));
  return answer(context, session, [&] {
    DeviceNames devices(context);
    context.console.line(fmt::format("{} at {} is {}", devices.of(session.device()), place_text(session),
                                     session.has_end_time() ? "logged off" : "being logged off"));
    context.console.next(
        fmt::format("pratique quarantine {} --reason WHY (it may log on again)", devices.word_of(session.device())));
  });
}

Result<void> list_attempts(Context& context, const Arguments& arguments) {
  TRY(const auto limit, limit_of(arguments));
  TRY(const auto where, place_filter(context, arguments));
  TRY(const auto request, list_attempts_request(arguments, where));
  TRY(const auto attempts, list<v1::ListAttemptsResponse>(context.api, request, limit));
  return answer(context, attempts, [&] { print_attempts(context, attempts); });
}

}  // namespace

std::vector<Command> session_commands() {
  const Operand one{"SESSION", "UUID or sessions/UUID"};
  const auto where = [](std::vector<Option> more) {
    std::vector<Option> out{Option::text("device", "DEVICE", "of this device"),
                            Option::text("switch", "SWITCH", "at this switch"),
                            Option::text("port", "PORT", "at this port: SWITCH/PORT"),
                            Option::text("mac", "ADDRESS", "of this MAC address")};
    for (auto& option : more) out.push_back(std::move(option));
    out.push_back(limit_option());
    return out;
  };
  return {{.words = "sessions list",
           .help = "who is on the network, and who was; newest first",
           .options = where({Option::flag("open", "only those that go on"),
                             Option::text("at", "TIME", "who was there then: 2026-11-24T02:10:00Z")}),
           .run = list_sessions},
          {.words = "sessions show", .help = "one session", .operands = {one}, .run = show_session},
          {.words = "sessions end",
           .help = "log a device off; it may log on again if it still may",
           .operands = {one},
           .options = {Option::text("reason", "WHY", "for those who read of it later").must()},
           .run = end_session},
          {.words = "sessions attempts",
           .help = "who tried to log on at a port, and what RADIUS said; newest first",
           .options = where({Option::one_of("verdict", words_of<v1::AttemptVerdict>(), "with this answer"),
                             Option::text("from", "TIME", "seen then or later"),
                             Option::text("until", "TIME", "seen before then")}),
           .run = list_attempts}};
}

}  // namespace pratique::cli
