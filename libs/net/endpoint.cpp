#include "libs/net/endpoint.h"

#include <charconv>

namespace pratique::net {

std::string Endpoint::text() const {
  return (host.contains(':') ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<Endpoint> parse_endpoint(std::string_view text) {
  const auto bad = [](std::string_view what) { return invalid("ENDPOINT_INVALID", what); };
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad("expected 'host:port' or '[address]:port'");
  auto host = text.substr(0, colon);
  const auto port = text.substr(colon + 1);
  if (host.starts_with('[')) {
    if (!host.ends_with(']')) return bad("the address lacks its ']'");
    host = host.substr(1, host.size() - 2);
  } else if (host.contains(':')) {
    return bad("an IPv6 address stands in brackets: '[address]:port'");
  }
  if (host.empty()) return bad("the host is empty");
  for (const char c : host)
    if (c <= ' ' || c > '~' || c == '/' || c == '@') return bad("the host holds a character that no host has");
  Endpoint endpoint;
  endpoint.host = host;
  const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
  if (port.empty() || failed != std::errc() || end != port.data() + port.size())
    return bad("the port is not a number from 0 to 65535");
  return endpoint;
}

}  // namespace pratique::net
