// The registrar over gRPC: app's Admission, implemented with the generated client.
#pragma once

#include <memory>

#include "services/onboarding/app/admission.h"

namespace pratique::rpc {
class Peer;
}

namespace pratique::onboarding {

/// `peer` outlives it. Thread-safe.
std::unique_ptr<Admission> make_registrar_client(const rpc::Peer& peer);

}  // namespace pratique::onboarding
