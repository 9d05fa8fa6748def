// A manufacturer's MASA over HTTPS: app's Masa. The server is verified against the anchors that the registry holds
// for that manufacturer, by its name, with SNI (RFC 8995 section 5.4); we show our registrar certificate.
//
// A MASA that fails is left alone for a while (one circuit a base URL): kFailuresToOpen failures in a row open it for
// kOpenFor; then one call tries. Connections are kept for the next call: a handshake costs more than all else here.
#pragma once

#include <functional>
#include <memory>

#include "libs/net/tls.h"
#include "services/onboarding/app/masa.h"

namespace pratique::onboarding {

inline constexpr int kFailuresToOpen = 5;
inline constexpr std::chrono::seconds kOpenFor{15};
inline constexpr std::size_t kMaxMasaAnswer = 256 << 10;  // bytes
inline constexpr std::chrono::seconds kKeepConnection{20};
inline constexpr std::size_t kMaxKeptConnections = 64;  // to all MASAs together

struct MasaClientOptions {
  std::chrono::milliseconds timeout{8000};  // of one exchange, connection included
  bool system_anchors = false;              // also take what the machine's own trust store vouches for
};

/// `identity` gives what we show now; it is asked for each connection, so that a renewed certificate is used.
std::unique_ptr<Masa> make_masa_client(MasaClientOptions options, std::function<net::TlsIdentity()> identity);

}  // namespace pratique::onboarding
