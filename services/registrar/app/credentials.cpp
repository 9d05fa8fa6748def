#include "services/registrar/app/credentials.h"

#include "libs/pg/events.h"
#include "libs/pg/once.h"
#include "services/registrar/app/credential_facts.h"
#include "services/registrar/app/hand_over.h"
#include "services/registrar/domain/credential_request.h"
#include "services/registrar/domain/field_text.h"
#include "services/registrar/storage/audit.h"
#include "services/registrar/storage/devices.h"

namespace pratique::registrar {
namespace {

Result<Credential> get_credential(pg::Tx& tx, const CredentialId& id) {
  TRY(auto found, find_credential(tx, id));
  if (!found) return not_found("CREDENTIAL_UNKNOWN", "there is no credential " + id.name());
  return *std::move(found);
}

}  // namespace

Result<Credential> Credentials::get(const Call& call, const CredentialId& id) {
  return pool_.read(call.deadline, [&](pg::Tx& tx) { return get_credential(tx, id); });
}

Result<std::vector<Credential>> Credentials::list(const Call& call, const CredentialFilter& filter,
                                                  const CredentialId& after, int limit) {
  return pool_.read(call.deadline,
                    [&](pg::Tx& tx) { return list_credentials(tx, filter, after, limit, clock_.now()); });
}

Result<Credential> Credentials::revoke(const Change& change, const CredentialId& id, std::string_view reason) {
  TRY_VOID(check_text("reason", reason, kMaxReason, Presence::required));
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<Credential> {
    TRY_VOID(once(tx, change, [&]() -> Result<std::string> {
      const Timestamp now = clock_.now();
      TRY(const auto before, get_credential(tx, id));
      TRY_VOID(lock_device(tx, before.device));
      TRY(const auto credential, get_credential(tx, id));  // as it is behind the lock
      TRY(const auto state, next_state(credential.state, CredentialEvent::revoked));
      TRY_VOID(set_credential_state(tx, id, state, crypto::RevocationReason::unspecified, reason, now));
      TRY_VOID(mark_credential_revoked(tx, credential.device, now));
      const Facts facts = credential_facts(credential);
      TRY_VOID(append_audit(tx, {change.actor, "credential.revoke", id.name(), std::string(reason), facts}, now));
      TRY_VOID(append_event(tx, "credential.revoked", id.name(), facts));
      return id.name();
    }));
    return get_credential(tx, id);
  });
}

Result<Identified> Credentials::identify(const Call& call, ByteView certificate, bool in_use) {
  return identify_presented(call, certificate, in_use);
}

Result<Identified> Credentials::identify(const Call& call, const CertificateName& certificate, bool in_use) {
  return identify_presented(call, certificate, in_use);
}

Result<Identified> Credentials::identify_presented(const Call& call, const Presented& presented, bool in_use) {
  Credential found;
  if (!in_use) return pool_.read(call.deadline, [&](pg::Tx& tx) { return judge(tx, presented, found); });
  return pool_.with(call.deadline, [&](pg::Tx& tx) -> Result<Identified> {
    TRY(auto identified, judge(tx, presented, found));
    if (found.id.empty() || !counts_at(found, clock_.now())) return identified;
    if (found.state != CredentialState::successor) {
      TRY_VOID(touch_device(tx, found.device, clock_.now()));
      return identified;
    }
    TRY_VOID(lock_device(tx, found.device));
    Credential locked;
    TRY(auto again, judge(tx, presented, locked));  // behind the lock, it may have ended or have been handed over
    if (locked.state == CredentialState::successor && counts_at(locked, clock_.now()))
      TRY_VOID(hand_over(tx, call, locked, clock_.now()));
    return again;
  });
}

Result<Identified> Credentials::judge(pg::Tx& tx, const Presented& presented, Credential& found) const {
  TRY(auto credential, std::visit([&](const auto& named) { return find_credential(tx, named); }, presented));
  Verdict verdict = judge_presented(credential, clock_.now());
  if (!credential) return Identified{.findings = verdict.findings()};
  TRY(const auto device, find_device(tx, credential->device));
  if (device) verdict.absorb(judge_owner(*device));
  found = *std::move(credential);
  return Identified{.device = found.device, .credential = found.id, .findings = verdict.findings()};
}

}  // namespace pratique::registrar
