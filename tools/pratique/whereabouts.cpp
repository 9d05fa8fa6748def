#include "tools/pratique/whereabouts.h"

#include <fmt/format.h>

#include "tools/pratique/port_view.h"
#include "tools/pratique/session_view.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::network::v1;

constexpr std::size_t kIndent = 2;

Result<void> ask(Context& context, const std::string& device, Whereabouts& out) {
  v1::GetDeviceAdmissionRequest request;
  request.set_device(device);
  auto admission = context.api.call<v1::DeviceAdmission>(request);
  // One that the network was not told of has been nowhere.
  if (!admission && admission.error().code == ErrorCode::not_found) return {};
  TRY(out.admission, std::move(admission));
  return {};
}

// Of what its port does; where that is not known, what the Access-Accept gave.
std::string segment_of(const v1::AdmissionPlace& place) {
  if (place.port().has_desired()) return segment_text(place.port().desired());
  return place.session().given_vlan() > 0 ? fmt::format("VLAN {}", place.session().given_vlan()) : "";
}

void print_place(Context& context, const v1::AdmissionPlace& place) {
  const auto& session = place.session();
  Details details(kIndent);
  const bool on = session.state() == v1::SESSION_STATE_LIVE;
  details.add("port", Cell(place_text(session), Tone::strong));
  details.add("segment", on ? segment_of(place) : "").add("MAC address", session.mac_address());
  details.add("addresses", joined(session.addresses()));
  details.add(on ? "on since" : "let in, not on yet", when(context, on ? session.start_time() : session.accept_time()));
  details.add("certificate", session.certificate_serial()).add("session", short_name(session.name()));
  if (place.has_port()) details.add("port's condition", condition_cell(place.port()));
  details.add("it is", place_cell(place.state()));
  details.print(context.console);
  if (!place.reason().code().empty()) print_finding(context, place.reason(), kIndent);
}

std::string desired_text(const v1::DesiredAdmission& desired) {
  if (desired.has_reason()) return "it is let in nowhere: " + desired.reason().message();
  return fmt::format("it is let in, into {} (VLAN {})", desired.segment(), desired.vlan());
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
  const auto& places = now.admission.places();
  const auto& refusals = now.admission.refusals();
  console.line("");
  for (const auto& place : places) {
    console.line("on the network:");
    print_place(context, place);
  }
  if (!now.unknown.empty()) {
    console.line("where it is on the network is not known: " + now.unknown);
  } else if (places.empty() && !now.admission.has_last_session()) {
    console.line("on no port of the network, and never was");
  } else if (places.empty()) {
    const auto& last = now.admission.last_session();
    console.line(fmt::format("on no port of the network; last at {} until {}{}", place_text(last),
                             when(context, last.end_time()),
                             last.end_reason().code().empty() ? "" : ": " + last.end_reason().message()));
  }
  if (now.admission.has_desired()) console.line(desired_text(now.admission.desired()));
  // The newest stands last, as in a timeline.
  for (auto attempt = refusals.rbegin(); attempt != refusals.rend(); ++attempt) print_refused(context, *attempt);
}

std::string next_step(const Whereabouts& now) {
  const auto& admission = now.admission;
  if (!admission.places().empty() || admission.refusals().empty()) return "";
  const auto& newest = admission.refusals(0);
  const bool let_in_since =
      admission.has_last_session() && time_of(newest.last_time()) < time_of(admission.last_session().accept_time());
  return let_in_since ? "" : newest.reason().remedy();
}

}  // namespace pratique::cli
