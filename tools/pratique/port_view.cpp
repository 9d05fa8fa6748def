#include "tools/pratique/port_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/pratique/view.h"

namespace pratique::cli {

namespace v1 = pratique::network::v1;

namespace {

std::string stations_text(DeviceNames& devices, const v1::PortView& view) {
  std::string out;
  for (const auto& station : view.stations()) {
    const auto whose = devices.of(station.device());
    out += fmt::format("{}{}{}", out.empty() ? "" : ", ", station.mac_address(),
                       whose.empty() ? "" : fmt::format(" ({})", whose));
  }
  return out;
}

std::string view_text(DeviceNames& devices, const v1::PortView& view) {
  auto out = segment_text(view);
  const auto stations = stations_text(devices, view);
  if (!stations.empty()) out += (out.empty() ? "" : ", ") + stations;
  if (view.onboarding_only()) out += std::string(out.empty() ? "" : ", ") + "nothing but onboarding passes";
  return out;
}

}  // namespace

std::string segment_text(const v1::PortView& view) {
  if (view.vlan() == 0) return view.segment();
  return view.segment().empty() ? fmt::format("VLAN {}", view.vlan())
                                : fmt::format("{} (VLAN {})", view.segment(), view.vlan());
}

Cell condition_cell(const v1::Port& port) {
  if (!port.problem().code().empty()) return {port.problem().code(), Tone::bad};
  if (port.pending()) return {"pending", Tone::waiting};
  return {"well", Tone::good};
}

Cell place_cell(v1::PlaceState state) {
  auto word = word_of(state);
  std::ranges::replace(word, '-', ' ');
  const auto tone = state == v1::PLACE_STATE_IN_PLACE     ? Tone::good
                    : state == v1::PLACE_STATE_OBSTRUCTED ? Tone::bad
                                                          : Tone::waiting;
  return {std::move(word), tone};
}

std::string port_word(NetworkNames& names, const v1::Port& port) { return shell_word(names.of_port(port)); }

void print_ports(Context& context, const v1::ListPortsResponse& ports) {
  NetworkNames names(context);
  DeviceNames devices(context);
  Table table({{"PORT"},
               {"ROLE"},
               {"LINK"},
               {"SEGMENT", Column::shrinks},
               {"STATIONS", Column::shrinks},
               {"CONDITION"},
               {"DISPLAY NAME", Column::shrinks},
               {"READ"}});
  for (const auto& one : ports.ports())
    table.row({names.of_port(one), word_of(one.role()), one.link_up() ? "up" : "down", segment_text(one.desired()),
               stations_text(devices, one.desired()), condition_cell(one), one.display_name(),
               since(context, one.observe_time())});
  table.print(context.console, "no ports");
  tell_cut(context, ports, ports.next_page_token());
  for (const auto& one : ports.ports())
    if (!one.problem().code().empty()) return context.console.next("pratique ports show " + port_word(names, one));
  context.console.next(ports.ports().empty() ? std::string("pratique ports add SWITCH PORT --role access")
                                             : "pratique ports show " + port_word(names, ports.ports(0)));
}

void print_port(Context& context, const v1::Port& one) {
  NetworkNames names(context);
  DeviceNames devices(context);
  Details details;
  details.add("name", one.name()).add("port", Cell(names.of_port(one), Tone::strong));
  details.add("display name", one.display_name()).add("role", word_of(one.role()));
  details.add("always in segment", names.of_segment(one.fixed_segment()));
  details.add("NAS-Port-Id", one.nas_port_id()).add("authenticator", one.authenticator());
  details.add("takes Disconnect-Requests at", one.disconnect_at());
  details.add("condition", condition_cell(one)).add("link", one.link_up() ? "up" : "down");
  details.add("is to do", one.has_desired() ? view_text(devices, one.desired()) : "nothing was asked of it yet");
  details.add("does", one.has_observed() ? view_text(devices, one.observed()) : "not read");
  details.add("read", when(context, one.observe_time())).add("of others' making", joined(one.foreign()));
  details.add("made", when(context, one.create_time())).add("changed", when(context, one.update_time()));
  details.print(context.console);
  if (!one.problem().code().empty()) print_finding(context, one.problem(), 0);
  const bool well = one.problem().code().empty() && one.foreign().empty();
  context.console.next(well ? "pratique sessions list --port " + port_word(names, one)
                            : "pratique network diff " + shell_word(names.of_switch(one.network_switch())));
}

}  // namespace pratique::cli
