// Which build answers: trailing metadata of every answer of every method, refusals and grpc.health.v1 included.
// Trailing, because initial metadata would commit a call to its first try, and no failure could be retried (gRFC A6).
#pragma once

#include <string>
#include <string_view>

namespace grpc {
class ClientContext;
}

namespace pratique::rpc {

inline constexpr std::string_view kVersionKey = "pratique-version";

/// Once the answer of a call has come: runtime::build_version() of who gave it, "" where it said none. It is the peer's
/// word: not to be trusted with a terminal.
std::string version_of(const grpc::ClientContext& context);

}  // namespace pratique::rpc
