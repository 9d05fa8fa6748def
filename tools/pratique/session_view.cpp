#include "tools/pratique/session_view.h"

#include <fmt/format.h>

#include "tools/pratique/network_names.h"
#include "tools/pratique/view.h"

namespace pratique::cli {

namespace v1 = pratique::network::v1;

namespace {

constexpr std::int64_t kKibi = 1024;

std::string octets_text(std::int64_t octets) {
  if (octets < 10 * kKibi) return fmt::format("{} B", octets);
  if (octets < 10 * kKibi * kKibi) return fmt::format("{} KiB", octets / kKibi);
  return fmt::format("{} MiB", octets / (kKibi * kKibi));
}

std::string traffic_text(const v1::Session& one) {
  if (one.input_octets() == 0 && one.output_octets() == 0) return "";
  return fmt::format("{} from it, {} to it", octets_text(one.input_octets()), octets_text(one.output_octets()));
}

Cell state_of(const v1::Session& one) {
  const auto word = word_of(one.state());
  if (one.state() == v1::SESSION_STATE_LIVE) return {word, Tone::good};
  return {word, one.state() == v1::SESSION_STATE_ACCEPTED ? Tone::waiting : Tone::faint};
}

}  // namespace

std::string place_text(const v1::Session& session) { return session.switch_name() + "/" + session.port_name(); }

std::string place_text(const v1::Attempt& attempt) {
  if (!attempt.switch_name().empty() && !attempt.port_name().empty())
    return attempt.switch_name() + "/" + attempt.port_name();
  const auto& on_switch = attempt.switch_name().empty() ? attempt.nas_address() : attempt.switch_name();
  return attempt.nas_port_id().empty() ? on_switch : on_switch + "/" + attempt.nas_port_id();
}

void print_sessions(Context& context, const v1::ListSessionsResponse& sessions) {
  DeviceNames devices(context);
  Table table({{"DEVICE"},
               {"STATE"},
               {"PORT", Column::shrinks},
               {"MAC"},
               {"ADDRESSES", Column::shrinks},
               {"BEGUN"},
               {"ENDED"},
               {"WHY", Column::shrinks},
               {"NAME", Column::shrinks}});
  for (const auto& one : sessions.sessions())
    table.row({devices.of(one.device()), state_of(one), place_text(one), one.mac_address(), joined(one.addresses()),
               since(context, one.accept_time()), since(context, one.end_time()), one.end_reason().code(),
               short_name(one.name())});
  table.print(context.console, "no sessions");
  tell_cut(context, sessions, sessions.next_page_token());
  context.console.next(sessions.sessions().empty()
                           ? "pratique sessions attempts --verdict refused"
                           : "pratique devices explain " + devices.word_of(sessions.sessions(0).device()));
}

void print_session(Context& context, const v1::Session& one) {
  DeviceNames devices(context);
  Details details;
  details.add("name", one.name()).add("state", state_of(one));
  details.add("device", Cell(devices.of(one.device()), Tone::strong)).add("registered as", one.device());
  details.add("port", place_text(one)).add("MAC address", one.mac_address());
  details.add("user name", one.user_name()).add("addresses", joined(one.addresses()));
  details.add("given VLAN", one.given_vlan() > 0 ? std::to_string(one.given_vlan()) : "");
  details.add("certificate", one.certificate_serial()).add("its issuer", one.authority_key_id());
  details.add("accounting id", one.accounting_id()).add("let in", when(context, one.accept_time()));
  details.add("on since", when(context, one.start_time())).add("last heard", when(context, one.last_heard_time()));
  details.add("ended", when(context, one.end_time())).add("traffic", traffic_text(one));
  details.print(context.console);
  if (!one.end_reason().code().empty()) print_finding(context, one.end_reason(), 0);
  context.console.next(one.state() == v1::SESSION_STATE_ENDED
                           ? "pratique devices explain " + devices.word_of(one.device())
                           : fmt::format("pratique sessions end {} --reason WHY", short_name(one.name())));
}

void print_attempts(Context& context, const v1::ListAttemptsResponse& attempts) {
  DeviceNames devices(context);
  Table table({{"LAST"},
               {"VERDICT"},
               {"REASON", Column::shrinks},
               {"DEVICE"},
               {"PORT", Column::shrinks},
               {"MAC"},
               {"USER NAME", Column::shrinks},
               {"VLAN"},
               {"TIMES"}});
  for (const auto& one : attempts.attempts())
    table.row({since(context, one.last_time()), state_cell(word_of(one.verdict())), one.reason().code(),
               devices.of(one.device()), place_text(one), one.mac_address(), one.user_name(),
               one.vlan() > 0 ? std::to_string(one.vlan()) : "", one.times() > 1 ? std::to_string(one.times()) : ""});
  table.print(context.console, "no attempts");
  tell_cut(context, attempts, attempts.next_page_token());
  for (const auto& one : attempts.attempts())
    if (one.verdict() == v1::ATTEMPT_VERDICT_REFUSED && !one.device().empty())
      return context.console.next("pratique devices explain " + devices.word_of(one.device()));
  context.console.next("pratique sessions list --open");
}

}  // namespace pratique::cli
