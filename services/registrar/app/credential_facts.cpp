#include "services/registrar/app/credential_facts.h"

#include "libs/base/hex.h"
#include "libs/crypto/x509/certificate.h"

namespace pratique::registrar {

Facts credential_facts(const Credential& credential) {
  Facts facts = {{"device", credential.device.name()},
                 {"certificate_serial", credential.certificate_serial},
                 {"key_fingerprint", credential.key_fingerprint},
                 {"profile", credential.profile},
                 {"not_after", format_rfc3339(credential.not_after)}};
  const auto certificate = crypto::Certificate::parse_der(credential.certificate);
  if (const auto authority = certificate ? certificate->authority_key_id() : std::nullopt)
    facts["authority_key_id"] = hex_encode(*authority);
  return facts;
}

}  // namespace pratique::registrar
