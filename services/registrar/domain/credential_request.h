// May this certificate request be ordered? Judged on what the registry knows; the answer names every reason.
#pragma once

#include <optional>
#include <string>

#include "libs/base/verdict.h"
#include "libs/crypto/x509/csr.h"
#include "services/registrar/domain/credential.h"
#include "services/registrar/domain/credential_profile.h"
#include "services/registrar/domain/device.h"

namespace pratique::registrar {

/// May the device be given a credential? DEVICE_NOT_ADMISSIBLE (its state), DEVICE_REVOKED (it must be reset first).
Verdict judge_device_for_credential(const Device& device);

/// The request itself: CREDENTIAL_REQUEST_UNPROVEN (not signed by its own key), CREDENTIAL_KEY_WEAK,
/// CREDENTIAL_KEY_TYPE_REFUSED, CREDENTIAL_KEY_IS_IDEVID (the manufacturer's key would outlive every reset).
/// Whether the key was used before only storage can tell: CREDENTIAL_KEY_REUSED.
Verdict judge_credential_request(const crypto::Csr& request, const CredentialProfile& profile, const Device& device);

/// A certificate that was presented for renewal or for access: CREDENTIAL_UNKNOWN (not ours), CREDENTIAL_SUPERSEDED,
/// CREDENTIAL_REVOKED, CREDENTIAL_EXPIRED.
Verdict judge_presented(const std::optional<Credential>& presented, Timestamp now);
/// Also CREDENTIAL_OF_OTHER_DEVICE.
Verdict judge_renewal(const std::optional<Credential>& presented, const Device& device, Timestamp now);
/// The owner of a presented credential: DEVICE_QUARANTINED, DEVICE_RETIRED, DEVICE_NOT_ADMITTED.
Verdict judge_owner(const Device& device);

}  // namespace pratique::registrar
