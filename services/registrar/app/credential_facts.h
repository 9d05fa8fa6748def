// What audit entries and events tell of a credential: device, certificate_serial, authority_key_id, key_fingerprint,
// profile, not_after. RADIUS servers know a certificate by its serial number and the key of its authority.
#pragma once

#include "services/registrar/domain/audit_entry.h"
#include "services/registrar/domain/credential.h"

namespace pratique::registrar {

Facts credential_facts(const Credential& credential);

}  // namespace pratique::registrar
