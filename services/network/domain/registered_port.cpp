#include "services/network/domain/registered_port.h"

#include <charconv>

#include "services/network/domain/field_check.h"

namespace pratique::network {

Result<AuthorizationAddress> parse_authorization_address(std::string_view text) {
  const auto wrong = [] {
    return field_invalid("port.disconnect_at", "must be an IP address and a port, as 192.0.2.7:3799");
  };
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong();
  auto host = text.substr(0, colon);
  const auto port = text.substr(colon + 1);
  const bool in_brackets = host.starts_with('[') && host.ends_with(']');
  if (in_brackets) host = host.substr(1, host.size() - 2);
  const auto address = IpAddress::parse(host);
  if (!address || address->is_v6() != in_brackets) return wrong();
  AuthorizationAddress out{.address = *address};
  const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (failed != std::errc{} || end != port.data() + port.size() || out.port == 0) return wrong();
  return out;
}

Result<void> check_port(const RegisteredPort& port) {
  if (port.on_switch.empty()) return field_invalid("port.network_switch", "must be given");
  if (port.name.empty()) return field_invalid("port.port_name", "must be given");
  TRY_VOID(check_printable("port.port_name", port.name, kMaxPortName));
  TRY_VOID(check_display("port.display_name", port.display_name));
  TRY_VOID(check_printable("port.nas_port_id", port.nas_port_id, kMaxNasPortId));
  TRY_VOID(check_printable("port.authenticator", port.authenticator, kMaxAuthenticator));
  if (!port.authenticator.empty() && !port.authenticator.starts_with('/'))
    return field_invalid("port.authenticator", "must be the absolute path of a control socket");
  if (!port.disconnect_at.empty()) {
    TRY_VOID(parse_authorization_address(port.disconnect_at));
    if (port.authenticator.empty())
      return field_invalid("port.disconnect_at", "must not be given without an authenticator, who says who is on");
  }
  if (port.role == PortRole::service && port.fixed_segment.empty())
    return field_invalid("port.fixed_segment", "must be given for a service port");
  if (port.role != PortRole::service && !port.fixed_segment.empty())
    return field_invalid("port.fixed_segment", "must not be given but for a service port");
  return {};
}

}  // namespace pratique::network
