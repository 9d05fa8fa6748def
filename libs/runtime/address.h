// Where to listen or connect: a host (name, IPv4 or bracketed IPv6) and a port.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libs/base/result.h"

namespace pratique::runtime {

struct Address {
  std::string host;  // without brackets
  std::uint16_t port = 0;

  /// "127.0.0.1:8443", "[::1]:8443", "registrar.example.com:8443"; INVALID_ARGUMENT ADDRESS_INVALID.
  static Result<Address> parse(std::string_view text);
  /// As parse() takes it.
  std::string text() const;
  /// Is the host an IP literal?
  bool is_ip() const { return is_ipv4() || is_ipv6(); }
  bool is_ipv4() const;
  bool is_ipv6() const;
  bool operator==(const Address&) const = default;
};

}  // namespace pratique::runtime
