#include "services/network/domain/capability.h"

namespace pratique::network {

std::string_view to_string(Capability capability) {
  switch (capability) {
    case Capability::set_segment: return "set_segment";
    case Capability::pin_station: return "pin_station";
    case Capability::close_port: return "close_port";
    case Capability::isolate_stations: return "isolate_stations";
    case Capability::end_session: return "end_session";
    case Capability::change_session: return "change_session";
    case Capability::observe_ports: return "observe_ports";
    case Capability::watch_ports: return "watch_ports";
    case Capability::watch_stations: return "watch_stations";
    case Capability::count_traffic: return "count_traffic";
  }
  return "unknown";
}

std::vector<std::string_view> Capabilities::words() const {
  std::vector<std::string_view> out;
  for (auto i = 0u; i <= static_cast<unsigned>(Capability::count_traffic); ++i)
    if (has(static_cast<Capability>(i))) out.push_back(to_string(static_cast<Capability>(i)));
  return out;
}

}  // namespace pratique::network
