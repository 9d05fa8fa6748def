// Look for services on the link and come back with addresses.
//
//   TRY(const auto found, dnssd::browse(dnssd::kBrskiProxy, std::chrono::seconds(3)));
//   for (const auto& service : found) …try service.dial_address(), service.port…
//
// Blocks the caller; keep it off an event loop. Sends queries on every chosen interface, publishes nothing.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/net/dnssd/service.h"

namespace pratique::dnssd {

/// More answers than this are dropped: any neighbour can invent names.
inline constexpr std::size_t kMaxServices = 64;

struct BrowseOptions {
  std::vector<std::string> interfaces = {};  // by name; empty means all
  bool ipv4 = true;
  bool ipv6 = true;
  std::chrono::milliseconds settle{300};  // how long to wait for others after the first resolved answer
  std::size_t max_services = kMaxServices;
};

/// All that was resolved, in the order of the answers; empty when nobody answered before the timeout, which is
/// no error. INVALID_ARGUMENT DNSSD_TYPE_INVALID, DNSSD_INTERFACE_UNKNOWN; UNAVAILABLE DNSSD_UNAVAILABLE when
/// multicast DNS cannot be spoken here (no usable socket).
Result<std::vector<Service>> browse(std::string_view type, std::chrono::milliseconds timeout,
                                    const BrowseOptions& options = {});

}  // namespace pratique::dnssd
