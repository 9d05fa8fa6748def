// What DNS-SD tells of a service. Unauthenticated: an address to try, never a reason to trust.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace pratique::dnssd {

/// RFC 8995 section 4.1.1: a join proxy that a pledge may use, link-local.
inline constexpr std::string_view kBrskiProxy = "_brski-proxy._tcp";
/// RFC 8995 section 4.3: a registrar that a join proxy may use.
inline constexpr std::string_view kBrskiRegistrar = "_brski-registrar._tcp";

/// TXT record by key. A key without "=value" (RFC 6763 section 6.4) has an empty value. Keys are lower case,
/// since they compare without case; of a repeated key the first counts.
using Txt = std::map<std::string, std::string, std::less<>>;

/// One reachable address of one instance. An instance with an IPv4 and an IPv6 address appears twice.
struct Service {
  std::string instance;  // "Dock 7": any UTF-8, chosen by whoever published it
  std::string type;      // "_brski-proxy._tcp"
  std::string host;      // "dock-7.local"
  std::string address;   // "192.0.2.7" or "fe80::1", without scope
  std::uint16_t port = 0;
  int interface_index = 0;     // where the answer came in; the scope of a link-local address
  std::string interface_name;  // "eth0"
  Txt txt = {};

  bool is_ipv6() const { return address.find(':') != std::string::npos; }
  /// fe80::/10: means nothing without the interface.
  bool is_link_local_ipv6() const;
  /// What a resolver accepts: the address, with "%<interface>" when it is link-local IPv6.
  std::string dial_address() const;
};

}  // namespace pratique::dnssd
