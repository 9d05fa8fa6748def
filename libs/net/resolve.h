// Names to addresses with a deadline. getaddrinfo cannot be called off, so it runs on a thread of its own that
// is abandoned when the deadline is over; at most kMaxLookups run at once in a process.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "libs/base/result.h"

namespace pratique::net {

inline constexpr int kMaxLookups = 32;

/// Numeric addresses in the resolver's order, IPv6 ones with their scope where they have one.
using Addresses = std::vector<std::string>;

/// Calls `done` once: at once on this thread for a literal (or where too many look-ups run), else on another.
/// UNAVAILABLE DNS_FAILED.
void resolve_async(const std::string& host, std::move_only_function<void(Result<Addresses>)> done);
/// Waits at most `timeout`; then DEADLINE_EXCEEDED DNS_FAILED.
Result<Addresses> resolve(const std::string& host, std::chrono::milliseconds timeout);

}  // namespace pratique::net
