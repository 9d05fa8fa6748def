#include "services/network/domain/registered_port.h"

#include "services/network/domain/field_check.h"

namespace pratique::network {

Result<void> check_port(const RegisteredPort& port) {
  if (port.on_switch.empty()) return field_invalid("port.network_switch", "must be given");
  if (port.name.empty()) return field_invalid("port.port_name", "must be given");
  TRY_VOID(check_printable("port.port_name", port.name, kMaxPortName));
  TRY_VOID(check_display("port.display_name", port.display_name));
  TRY_VOID(check_printable("port.nas_port_id", port.nas_port_id, kMaxNasPortId));
  TRY_VOID(check_printable("port.authenticator", port.authenticator, kMaxAuthenticator));
  if (!port.authenticator.empty() && !port.authenticator.starts_with('/'))
    return field_invalid("port.authenticator", "must be the absolute path of a control socket");
  if (port.role == PortRole::service && port.fixed_segment.empty())
    return field_invalid("port.fixed_segment", "must be given for a service port");
  if (port.role != PortRole::service && !port.fixed_segment.empty())
    return field_invalid("port.fixed_segment", "must not be given but for a service port");
  return {};
}

}  // namespace pratique::network
