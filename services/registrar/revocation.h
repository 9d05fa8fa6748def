// Telling who was revoked, where the configuration asks for it: the parts, and the HTTP server that they stand behind.
#pragma once

#include <string>

#include "libs/pg/listener.h"
#include "libs/runtime/service_main.h"
#include "services/registrar/app/surroundings.h"
#include "services/registrar/config.h"

namespace pratique::registrar {

/// Can this authority, and those before it, be published for? FAILED_PRECONDITION CRL_ISSUER_MAY_NOT_SIGN and the like:
/// a certificate allows no lists; those of loading what the configuration names. Nothing is to be said against an
/// authority that tells of its revocations itself.
Result<void> check_revocation(const RevocationConfig& config, const Authority& authority, const Clock& clock);
/// Serves until the stop of the process. `channel` of `listener` is that of the service's outbox.
Result<void> open_revocation(const RevocationConfig& config, runtime::Process& process, Surroundings surroundings,
                             const Authority& authority, pg::Listener& listener, const std::string& channel);

}  // namespace pratique::registrar
