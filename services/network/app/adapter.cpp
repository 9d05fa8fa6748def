#include "services/network/app/adapter.h"

#include <algorithm>

#include "services/network/app/adapter_book.h"
#include "services/network/domain/reasons.h"

namespace pratique::network {

Error capability_missing(Capability capability) {
  return failed_precondition(kCapabilityMissing.code, kCapabilityMissing.meaning)
      .with("capability", to_string(capability));
}

Error no_adapter(const SwitchId& on_switch) {
  return unavailable(kSwitchUnreachable.code, "there is no adapter for the switch on this replica")
      .with("switch", on_switch.name());
}

Error port_unknown(std::string_view port) {
  return not_found(kSwitchRefused.code, "the switch has no port '" + std::string(port) + "'").with("port", port);
}

std::string_view to_string(EndedBy by) {
  switch (by) {
    case EndedBy::port: return "port";
    case EndedBy::disconnect_request: return "disconnect_request";
    case EndedBy::control_socket: return "control_socket";
    case EndedBy::nobody: return "nobody";
  }
  return "";
}

Result<PortState> SwitchAdapter::observe_port(std::string_view port, Deadline deadline) {
  TRY(auto all, observe(deadline));
  const auto found = std::ranges::find(all, port, &PortState::port);
  if (found == all.end()) return port_unknown(port);
  return std::move(*found);
}

Result<std::vector<LiveStation>> SwitchAdapter::stations(Deadline) {
  return capability_missing(Capability::watch_stations);
}

}  // namespace pratique::network
