// Internal to this room: the TLS contexts of clients, made once for each identity and trust. One costs some 150 us of
// CPU, and 20 ms where it takes the machine's trust store; a handshake costs one.
#pragma once

#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <memory>

#include "libs/net/https_client.h"

namespace pratique::net {

/// After that it is made anew, since the machine's trust store may have changed and a key been replaced.
inline constexpr std::chrono::seconds kShareContext{60};
inline constexpr std::size_t kMaxSharedContexts = 64;

/// One for these options, shared by all clients of the process with the same. It resumes no session. Thread-safe.
/// The errors of make_client_context.
Result<std::shared_ptr<boost::asio::ssl::context>> client_context(const HttpsClientOptions& options);

}  // namespace pratique::net
