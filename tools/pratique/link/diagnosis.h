// Why a service did not answer. gRPC tells a refused TLS handshake, a port nobody listens on and a wrong name by nearly
// the same words, so we look for ourselves with one plain TCP connection.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "libs/base/error.h"
#include "libs/runtime/address.h"

namespace pratique::cli {

/// In the order of how far one came.
enum class Reach {
  unknown_host,  // the name does not resolve
  silent,        // no answer at all: a firewall, a wrong address, a machine that is off
  refused,       // nobody listens there
  connected,     // something listens: TLS or the service itself is what failed
};

/// Tries every address of the name, at most `patience` each.
Reach reach(const runtime::Address& address, std::chrono::milliseconds patience);

/// What the operator should look at, given what was reached. `service` is its name, `ca` the file we trust.
std::string likely_cause(Reach reach, std::string_view service, const runtime::Address& address, std::string_view ca,
                         std::string_view expected_uri);

/// Did the library fail before a service answered? (A service's own UNAVAILABLE names its domain.)
bool never_answered(const Error& error);

}  // namespace pratique::cli
