// Tells the registrar over gRPC which certificate a device used (app/credential_uses.h).
#pragma once

#include <memory>

#include "services/network/app/credential_uses.h"

namespace pratique::rpc {
class Peer;
}

namespace pratique::network {

/// `peer` outlives it. Thread-safe.
std::unique_ptr<UseListener> make_use_teller(const rpc::Peer& peer);

}  // namespace pratique::network
