#include "services/registrar/domain/credential_request.h"

#include "libs/base/hex.h"

namespace pratique::registrar {

Verdict judge_device_for_credential(const Device& device) {
  Verdict verdict;
  if (device.state != DeviceState::onboarding && device.state != DeviceState::admitted)
    verdict.refuse("DEVICE_NOT_ADMISSIBLE", "a device in this state is given no credential",
                   {{"state", std::string(to_string(device.state))}});
  if (device.credential_revoked)
    verdict.refuse("DEVICE_REVOKED",
                   "a credential of this device was revoked; it has to be reset before it onboards again",
                   {{"device", name_of(device.id)}});
  return verdict;
}

Verdict judge_credential_request(const crypto::Csr& request, const CredentialProfile& profile, const Device& device) {
  Verdict verdict;
  if (const auto proven = request.verify(); !proven)
    verdict.refuse("CREDENTIAL_REQUEST_UNPROVEN",
                   "the request is not signed by the key that it asks a certificate for");
  verdict.absorb(judge_credential_key(request.public_key(), profile.key_types));
  if (hex_encode(request.public_key().fingerprint_sha256()) == device.idevid_fingerprint)
    verdict.refuse("CREDENTIAL_KEY_IS_IDEVID",
                   "the request is for the key of the manufacturer's certificate, a new key is due",
                   {{"key_fingerprint", device.idevid_fingerprint}});
  return verdict;
}

Verdict judge_presented(const std::optional<Credential>& presented, Timestamp now) {
  Verdict verdict;
  if (!presented) {
    verdict.refuse("CREDENTIAL_UNKNOWN", "the certificate was not issued here");
    return verdict;
  }
  const Evidence evidence = {{"credential", name_of(presented->id)},
                             {"certificate_serial", presented->certificate_serial}};
  switch (state_at(*presented, now)) {
    case CredentialState::active:
    case CredentialState::successor: break;
    case CredentialState::superseded:
      verdict.refuse("CREDENTIAL_SUPERSEDED", "the certificate was replaced by a newer one", evidence);
      break;
    case CredentialState::revoked: verdict.refuse("CREDENTIAL_REVOKED", "the certificate was revoked", evidence); break;
    case CredentialState::expired: verdict.refuse("CREDENTIAL_EXPIRED", "the certificate has expired", evidence); break;
  }
  return verdict;
}

Verdict judge_renewal(const std::optional<Credential>& presented, const Device& device, Timestamp now) {
  Verdict verdict = judge_presented(presented, now);
  if (presented && presented->device != device.id)
    verdict.refuse("CREDENTIAL_OF_OTHER_DEVICE", "the presented certificate belongs to another device",
                   {{"device", name_of(device.id)}, {"credential", name_of(presented->id)}});
  return verdict;
}

Verdict judge_owner(const Device& device) {
  Verdict verdict;
  const Evidence evidence = {{"device", name_of(device.id)}, {"state", std::string(to_string(device.state))}};
  if (device.state == DeviceState::quarantined)
    verdict.refuse("DEVICE_QUARANTINED", "the device is quarantined", evidence);
  else if (device.state == DeviceState::retired)
    verdict.refuse("DEVICE_RETIRED", "the device is retired", evidence);
  else if (device.state != DeviceState::admitted)
    verdict.refuse("DEVICE_NOT_ADMITTED", "the device is not admitted", evidence);
  return verdict;
}

}  // namespace pratique::registrar
