// A host and a port, and where names become addresses.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "libs/base/result.h"

namespace pratique::net {

struct Endpoint {
  std::string host;        // a name or an IP literal without brackets: "10.0.0.5", "fe80::1%eth0", "masa.example.com"
  std::uint16_t port = 0;
  bool operator==(const Endpoint&) const = default;

  /// "10.0.0.5:8443", "[fe80::1%eth0]:8443".
  std::string text() const;
};

/// Reads "host:port" or "[v6]:port". INVALID_ARGUMENT ENDPOINT_INVALID.
Result<Endpoint> parse_endpoint(std::string_view text);

}  // namespace pratique::net
