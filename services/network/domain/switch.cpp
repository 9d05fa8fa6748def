#include "services/network/domain/switch.h"

#include "services/network/domain/field_check.h"

namespace pratique::network {

std::string_view to_string(SwitchKind kind) { return kind == SwitchKind::ovs ? "ovs" : "radius"; }

Capabilities capabilities_of(SwitchKind kind) {
  using enum Capability;
  switch (kind) {
    case SwitchKind::ovs:
      return {set_segment, pin_station, close_port, isolate_stations, end_session, observe_ports, watch_ports,
              watch_stations};
    case SwitchKind::radius: return {end_session, change_session};
  }
  return {};
}

Result<SwitchKind> parse_switch_kind(std::string_view word) {
  if (word == "ovs") return SwitchKind::ovs;
  if (word == "radius") return SwitchKind::radius;
  return field_invalid("network_switch.kind", "must be ovs or radius");
}

Result<void> check_switch(const Switch& one) {
  if (one.site.empty()) return field_invalid("network_switch.site", "must be given");
  TRY_VOID(check_name("network_switch.short_name", one.name, kMaxSwitchName));
  TRY_VOID(check_display("network_switch.display_name", one.display_name));
  if (one.settings.size() > kMaxAdapterSettings)
    return field_invalid("network_switch.settings", "must have at most " + std::to_string(kMaxAdapterSettings) + " bytes");
  TRY_VOID(check_printable("network_switch.nas_identifier", one.nas_identifier, kMaxNasIdentifier));
  if (one.kind == SwitchKind::radius && !one.nas_address)
    return field_invalid("network_switch.nas_address", "must be given for a switch of kind radius");
  return {};
}

}  // namespace pratique::network
