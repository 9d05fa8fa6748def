// The end of a renewal: the device showed its new certificate, so it has it, and the old one has done its duty.
#pragma once

#include "libs/base/call.h"
#include "libs/pg/pool.h"
#include "services/registrar/domain/credential.h"

namespace pratique::registrar {

/// Makes a successor the device's active credential and supersedes its predecessor, with audit and events. The device
/// is locked. It stays admitted or not, as it was: one that is quarantined shows its new certificate, too, and must not
/// keep two until it is released.
Result<void> hand_over(pg::Tx& tx, const Call& call, const Credential& successor, Timestamp now);

}  // namespace pratique::registrar
