// Telling who was revoked, where the configuration asks for it: the parts, and the HTTP server that they stand behind.
#pragma once

#include <string>

#include "libs/pg/listener.h"
#include "libs/runtime/service_main.h"
#include "services/registrar/app/crl_publisher.h"
#include "services/registrar/app/ocsp_responder.h"

namespace pratique::registrar {

struct RevocationConfig {
  runtime::Address listen{"0.0.0.0", 8080};
  std::string public_url;  // of all replicas; stands in the certificates that are issued
  CrlTerms crl;
  OcspTerms ocsp;
};
void read(runtime::ConfigReader& in, RevocationConfig& out);

/// Can this authority be published for? FAILED_PRECONDITION CRL_ISSUER_MAY_NOT_SIGN and the like: its certificate
/// allows no lists. Nothing to be said against one that tells of its revocations itself.
Result<void> check_revocation(const Authority& authority, const Clock& clock);
/// Serves until the stop of the process. `channel` of `listener` is that of the service's outbox.
Result<void> open_revocation(const RevocationConfig& config, runtime::Process& process, Surroundings surroundings,
                             Authority& authority, pg::Listener& listener, const std::string& channel);

}  // namespace pratique::registrar
