#include "services/registrar/domain/credential_reasons.h"

namespace pratique::registrar {

std::vector<Reason> credential_reasons() {
  return {
      {"CREDENTIAL_REQUEST_UNREADABLE", "the device sent something that is no PKCS #10 request",
       "look at the device's enrolment client", "the certificate request cannot be read", 400},
      {"CREDENTIAL_REQUEST_UNPROVEN", "the request is damaged, or was signed with another key than the one it is for",
       "look at the device's enrolment client", "the certificate request is not signed by its own key", 400},
      {"CREDENTIAL_KEY_WEAK", "the device made a key that nobody should rely on",
       "configure the device to make a key of a kind that the credential profile lists",
       "the key of the certificate request is too weak", 400},
      {"CREDENTIAL_KEY_TYPE_REFUSED", "the device made a key of a kind that its credential profile does not list",
       "add the kind to the profile's key_types, or configure the device to follow the template that it is offered",
       "the key of the certificate request is of a kind that is not accepted", 400},
      {"CREDENTIAL_KEY_IS_IDEVID",
       "the device asks for a certificate for its manufacturer's key, which cannot be replaced",
       "configure the device to make a key of its own for each enrolment", "a new key is required", 400},
      {"CREDENTIAL_KEY_REUSED",
       "the key had a certificate before, of this device or another; a copied key or image is possible",
       "configure the device to make a new key for each enrolment; if two devices share a key, treat both as cloned",
       "a new key is required", 400},
      {"DEVICE_NOT_ADMISSIBLE", "the device was not allowed in, or its permission ended while it enrolled",
       "look at the device's state (ExplainDevice); let it onboard again",
       "this network gives the device no certificate", 403},
      {"SESSION_NOT_ALLOWED", "no decision allowed this device in this session: it enrols without having onboarded",
       "let the device onboard again from the start", "this network gives the device no certificate", 403},
      {"DEVICE_NOT_ADMITTED", "the device is onboarding anew or waits to be", "let it finish its onboarding",
       "this network does not admit the device", 403},
      {"CREDENTIAL_UNKNOWN", "the certificate was made by somebody else, or by an earlier installation",
       "reset the device and let it onboard here", "the certificate is not known here", 403},
      {"CREDENTIAL_SUPERSEDED",
       "the device shows a certificate that it has renewed since; a restored backup or a copy is possible",
       "see that the device uses its newest certificate; if it has none, reset it", "the certificate was replaced",
       403},
      {"CREDENTIAL_REVOKED", "an operator revoked the certificate, or the device was reset or retired",
       "if the device is sound, wipe it and reset it", "the certificate was revoked", 403},
      {"CREDENTIAL_EXPIRED", "the device did not renew in time: it was off, or its clock is wrong",
       "reset the device and let it onboard again", "the certificate has expired", 403},
      {"CREDENTIAL_OF_OTHER_DEVICE", "the certificate shown for renewal belongs to another device",
       "find out how the device came by another's certificate", "the certificate is not this device's", 403},
  };
}

}  // namespace pratique::registrar
