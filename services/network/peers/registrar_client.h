// The registrar over gRPC: app's Registrar, implemented with the generated client.
#pragma once

#include <memory>

#include "services/network/app/registrar.h"

namespace pratique::rpc {
class Peer;
}

namespace pratique::network {

/// `peer` outlives it. Thread-safe. A listing is asked for page by page: its devices and credentials that changed
/// meanwhile are told of by events after its cursor. INTERNAL REGISTRAR_ANSWER_UNREADABLE, and the errors of the peer.
std::unique_ptr<Registrar> make_registrar_client(const rpc::Peer& peer);

}  // namespace pratique::network
