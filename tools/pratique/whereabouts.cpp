#include "tools/pratique/whereabouts.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/pratique/names.h"
#include "tools/pratique/port_view.h"
#include "tools/pratique/session_view.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::network::v1;

constexpr std::int64_t kSessions = 20, kAttempts = 3;
constexpr std::size_t kIndent = 2;

Result<void> ask(Context& context, const std::string& device, Whereabouts& out) {
  v1::ListSessionsRequest wanted;
  wanted.set_device(device);
  TRY(const auto sessions, list<v1::ListSessionsResponse>(context.api, wanted, kSessions));
  for (const auto& session : sessions.sessions()) {
    if (session.state() == v1::SESSION_STATE_ENDED) continue;
    auto port = get_by_name<v1::Port, v1::GetPortRequest>(context, session.port());
    out.open.push_back({session, port ? std::optional(*std::move(port)) : std::nullopt});
  }
  if (out.open.empty() && !sessions.sessions().empty()) out.last = sessions.sessions(0);
  v1::ListAttemptsRequest refused;
  refused.set_device(device);
  refused.set_verdict(v1::ATTEMPT_VERDICT_REFUSED);
  TRY(const auto attempts, list<v1::ListAttemptsResponse>(context.api, refused, kAttempts));
  out.refused.assign(attempts.attempts().begin(), attempts.attempts().end());
  if (sessions.sessions().empty()) return {};
  // Where TLS refused before a certificate was judged, the attempt is nobody's; its address tells.
  refused.clear_device();
  refused.set_mac_address(sessions.sessions(0).mac_address());
  TRY(const auto unnamed, list<v1::ListAttemptsResponse>(context.api, refused, kAttempts));
  for (const auto& attempt : unnamed.attempts())
    if (attempt.device().empty()) out.refused.push_back(attempt);
  std::ranges::stable_sort(out.refused, std::ranges::greater(),
                           [](const auto& attempt) { return time_of(attempt.last_time()); });
  out.refused.resize(std::min(out.refused.size(), static_cast<std::size_t>(kAttempts)));
  return {};
}

// Of what its port does; where that is not known, what the Access-Accept gave.
std::string segment_of(const Place& place) {
  if (place.port && place.port->has_desired()) return segment_text(place.port->desired());
  return place.session.given_vlan() > 0 ? fmt::format("VLAN {}", place.session.given_vlan()) : "";
}

void print_place(Context& context, const Place& place) {
  const auto& session = place.session;
  Details details(kIndent);
  const bool on = session.state() == v1::SESSION_STATE_LIVE;
  details.add("port", Cell(place_text(session), Tone::strong));
  details.add("segment", on ? segment_of(place) : "").add("MAC address", session.mac_address());
  details.add("addresses", joined(session.addresses()));
  details.add(on ? "on since" : "let in, not on yet", when(context, on ? session.start_time() : session.accept_time()));
  details.add("certificate", session.certificate_serial()).add("session", short_name(session.name()));
  if (place.port) details.add("port's condition", condition_cell(*place.port));
  details.print(context.console);
  if (!session.end_reason().code().empty()) print_finding(context, session.end_reason(), kIndent);
}

void print_refused(Context& context, const v1::Attempt& attempt) {
  auto& console = context.console;
  console.block(fmt::format("{}  refused at {} as {}{}\n",
                            console.painted(exact_time_text(time_of(attempt.last_time())), Tone::faint),
                            printable(place_text(attempt)), printable(attempt.mac_address()),
                            attempt.times() > 1 ? fmt::format(", {} times", attempt.times()) : ""));
  print_finding(context, attempt.reason(), 2 * kIndent);
}

}  // namespace

Whereabouts look_for(Context& context, const std::string& device) {
  Whereabouts out{.asked = true};
  if (context.api.addresses(Service::network).empty()) {
    out.unknown = "the address of the network service is not set (--network)";
  } else if (const auto asked = ask(context, device, out); !asked) {
    out.unknown = asked.error().message;
  }
  return out;
}

void print_whereabouts(Context& context, const Whereabouts& now) {
  if (!now.asked) return;
  auto& console = context.console;
  console.line("");
  for (const auto& place : now.open) {
    console.line("on the network:");
    print_place(context, place);
  }
  if (now.open.empty() && !now.unknown.empty()) console.line("where it is on the network is not known: " + now.unknown);
  else if (now.open.empty() && !now.last) console.line("on no port of the network, and never was");
  else if (now.open.empty())
    console.line(fmt::format("on no port of the network; last at {} until {}{}", place_text(*now.last),
                             when(context, now.last->end_time()),
                             now.last->end_reason().code().empty() ? "" : ": " + now.last->end_reason().message()));
  // The newest stands last, as in a timeline.
  for (auto attempt = now.refused.rbegin(); attempt != now.refused.rend(); ++attempt) print_refused(context, *attempt);
}

std::string next_step(const Whereabouts& now) {
  if (!now.open.empty() || now.refused.empty()) return "";
  const auto& newest = now.refused.front();
  const bool let_in_since = now.last && time_of(newest.last_time()) < time_of(now.last->accept_time());
  return let_in_since ? "" : newest.reason().remedy();
}

}  // namespace pratique::cli
