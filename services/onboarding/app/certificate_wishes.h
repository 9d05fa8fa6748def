// What the registry wants in a device's certificate, as EST's CSR attributes (RFC 9908): the kinds of key, the channel
// binding, and the alternative names with their values, which the device copies as they are. The subject is the CA's
// affair: it comes from the registry whatever the device writes.
#pragma once

#include "libs/protocol/est/csrattrs.h"
#include "services/onboarding/app/admission.h"

namespace pratique::onboarding {

Result<est::CsrAttrs> certificate_wishes(const CredentialTemplate& wanted);

}  // namespace pratique::onboarding
