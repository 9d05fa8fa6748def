#include "services/registrar/app/hand_over.h"

#include "libs/pg/events.h"
#include "services/registrar/app/credential_facts.h"
#include "services/registrar/storage/audit.h"
#include "services/registrar/storage/credentials.h"
#include "services/registrar/storage/devices.h"

namespace pratique::registrar {

Result<void> hand_over(pg::Tx& tx, const Call& call, const Credential& successor, Timestamp now) {
  TRY(const auto live, lock_live_credentials(tx, successor.device));
  std::vector<Credential> ended;
  for (const Credential& credential : live) {
    if (credential.id == successor.id) continue;
    TRY(const auto state, next_state(credential.state, CredentialEvent::replaced));
    TRY_VOID(set_credential_state(tx, credential.id, state, crypto::RevocationReason::superseded,
                                  "its successor was used", now));
    ended.push_back(credential);
  }
  TRY(const auto state, next_state(successor.state, CredentialEvent::used));
  TRY_VOID(set_credential_state(tx, successor.id, state, {}, "", now));
  TRY(const auto device, set_device_credential(tx, successor.device, successor.id, now));
  for (const Credential& credential : ended) {
    Facts facts = credential_facts(credential);
    facts["successor"] = successor.id.name();
    TRY_VOID(append_audit(tx, {call.actor, "credential.supersede", credential.id.name(), "", facts}, now));
  }
  for (const Credential& credential : ended) {
    Facts facts = credential_facts(credential);
    facts["successor"] = successor.id.name();
    TRY_VOID(append_event(tx, "credential.superseded", credential.id.name(), facts));
  }
  const auto* const event = device.state == DeviceState::admitted ? "device.admitted" : "device.updated";
  return append_event(tx, event, device.id.name(), device_facts(device));
}

}  // namespace pratique::registrar
