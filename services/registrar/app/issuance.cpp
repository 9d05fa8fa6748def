#include "services/registrar/app/issuance.h"

#include "libs/base/hex.h"
#include "libs/crypto/x509/issue.h"
#include "libs/pg/events.h"
#include "services/registrar/app/credential_facts.h"
#include "services/registrar/app/hand_over.h"
#include "services/registrar/storage/audit.h"
#include "services/registrar/storage/decisions.h"
#include "services/registrar/storage/devices.h"
#include "services/registrar/storage/manufacturers.h"

namespace pratique::registrar {
namespace {

IssueAnswer refused(const Verdict& verdict) { return {.findings = verdict.findings()}; }

IssueAnswer refused(std::string_view code, std::string_view message, Evidence evidence = {}) {
  Verdict verdict;
  verdict.refuse(code, message, std::move(evidence));
  return refused(verdict);
}

IssueAnswer given(const Credential& credential) {
  return {.credential = credential.id, .certificate = credential.certificate};
}

std::string_view replaced_because(bool renewal) {
  return renewal ? "renewed again before it was used" : "the device onboarded anew";
}

// Ends what gives way to the new credential: all that lives where the device onboarded anew, else a successor that was
// never used.
Result<std::vector<Credential>> make_room(pg::Tx& tx, const DeviceId& device, bool renewal, Timestamp now) {
  TRY(const auto live, lock_live_credentials(tx, device));
  std::vector<Credential> ended;
  for (const Credential& credential : live) {
    if (renewal && credential.state == CredentialState::active) continue;
    TRY(const auto state, next_state(credential.state, CredentialEvent::replaced));
    TRY_VOID(set_credential_state(tx, credential.id, state, crypto::RevocationReason::superseded,
                                  replaced_because(renewal), now));
    ended.push_back(credential);
  }
  return ended;
}

}  // namespace

Result<CredentialTemplate> Issuance::get_template(const Call& call, const DeviceId& device) {
  return pool_.read(call.deadline, [&](pg::Tx& tx) -> Result<CredentialTemplate> {
    TRY(const auto found, get_device(tx, device));
    return template_for(tx, found);
  });
}

Result<CredentialTemplate> Issuance::template_for(pg::Tx& tx, const Device& device) const {
  TRY(const auto named, profiles_.get(effective_profile(device)));
  TRY(auto manufacturer, get_manufacturer_name(tx, device.manufacturer));
  TRY(auto names, names_for(named.profile, {device.id, device.serial_number, std::move(manufacturer), device.model,
                                            trust_domain_}));
  return CredentialTemplate{named.name, std::move(names), named.profile.key_types};
}

Result<IssueAnswer> Issuance::issue(const Call& call, const IssueRequest& request) {
  const auto csr = crypto::Csr::parse_der(request.csr);
  if (!csr) return refused("CREDENTIAL_REQUEST_UNREADABLE", csr.error().message);
  TRY(auto ordered, pool_.with(call.deadline, [&](pg::Tx& tx) { return take_order(tx, request, *csr); }));
  if (ordered.answer) return *std::move(ordered.answer);
  const StoredOrder& stored = *ordered.order;

  TRY(const auto issued, authority_.issue(stored.order));
  if (const auto* pending = std::get_if<Pending>(&issued))
    return unavailable("CREDENTIAL_PENDING", "the certification authority has not answered yet")
        .with("retry_after", std::to_string(pending->retry_after.count()));
  const auto& certificate = std::get<crypto::Certificate>(issued);
  TRY_VOID(check_answer(stored.order, certificate));
  return pool_.with(call.deadline, [&](pg::Tx& tx) { return deliver(tx, call, request, stored, certificate); });
}

Result<Verdict> Issuance::judge(pg::Tx& tx, const IssueRequest& request, const Device& device) const {
  Verdict verdict = judge_device_for_credential(device);
  if (!request.renewed_certificate.empty()) {
    TRY(const auto presented, find_credential(tx, ByteView(request.renewed_certificate)));
    verdict.absorb(judge_renewal(presented, device, clock_.now()));
    return verdict;
  }
  TRY(const auto decision, find_decision(tx, device.decision));
  if (!decision || decision->outcome != Outcome::allow || decision->session != request.session)
    verdict.refuse("SESSION_NOT_ALLOWED", "no decision allowed the device in this session",
                   {{"session", request.session.name()}, {"decision", name_of(device.decision)}});
  return verdict;
}

Result<Issuance::Ordered> Issuance::take_order(pg::Tx& tx, const IssueRequest& request, const crypto::Csr& csr) {
  TRY(const auto device, lock_device(tx, request.device));
  TRY(auto verdict, judge(tx, request, device));
  const auto fingerprint = hex_encode(csr.public_key().fingerprint_sha256());
  TRY(auto use, find_key_use(tx, fingerprint));
  auto& known = use.order;
  if (known && known->device == device.id && verdict.accepted()) {
    TRY(const auto credential, find_credential(tx, known->order.id));
    if (!credential) return Ordered{.order = std::move(known)};
    if (known->session == request.session) {
      verdict = judge_presented(credential, clock_.now());
      return Ordered{.answer = verdict.accepted() ? given(*credential) : refused(verdict)};
    }
  }
  TRY(const auto named, profiles_.get(effective_profile(device)));
  verdict.absorb(judge_credential_request(csr, named.profile, device));
  if (known || use.spent) {
    Evidence evidence{{"key_fingerprint", fingerprint}};
    if (known) evidence.emplace_back("device", known->device.name());
    verdict.refuse("CREDENTIAL_KEY_REUSED", "a certificate was ordered for this key before", std::move(evidence));
  }
  if (!verdict.accepted()) return Ordered{.answer = refused(verdict)};
  TRY(auto order, make_order(tx, request, csr, device));
  TRY_VOID(insert_order(tx, order));
  return Ordered{.order = std::move(order)};
}

Result<StoredOrder> Issuance::make_order(pg::Tx& tx, const IssueRequest& request, const crypto::Csr& csr,
                                         const Device& device) {
  TRY(auto form, template_for(tx, device));
  TRY(const auto named, profiles_.get(form.profile));
  const Timestamp now = clock_.now();
  const auto second = std::chrono::floor<std::chrono::seconds>(now);  // as fine as certificates are
  return StoredOrder{{CredentialId::make(clock_, random_), csr.public_key(), std::move(form.names),
                      second - kBackdating, second + named.profile.validity, crypto::make_serial(random_)},
                     device.id,
                     request.session,
                     form.profile,
                     !request.renewed_certificate.empty(),
                     now};
}

Result<IssueAnswer> Issuance::deliver(pg::Tx& tx, const Call& call, const IssueRequest& request,
                                      const StoredOrder& stored, const crypto::Certificate& certificate) {
  const Timestamp now = clock_.now();
  TRY(auto device, lock_device(tx, request.device));
  TRY(const auto known, find_credential(tx, stored.order.id));
  if (known) return given(*known);  // another replica was quicker
  TRY(const auto verdict, judge(tx, request, device));
  if (!verdict.accepted()) return refused(verdict);  // it was retired or revoked while the authority worked
  const bool renewal = stored.renewal;
  if (renewal) {
    // A successor that is shown to be renewed is in use.
    TRY(const auto presented, find_credential(tx, ByteView(request.renewed_certificate)));
    if (presented && presented->state == CredentialState::successor) TRY_VOID(hand_over(tx, call, *presented, now));
  }
  TRY(const auto ended, make_room(tx, device.id, renewal, now));

  Credential credential;
  credential.id = stored.order.id;
  credential.device = device.id;
  credential.state = renewal ? CredentialState::successor : CredentialState::active;
  credential.profile = stored.profile;
  credential.certificate_serial = certificate.serial_hex();
  credential.subject = certificate.subject();
  credential.not_before = certificate.not_before();
  credential.not_after = certificate.not_after();
  credential.issue_time = now;
  credential.key_fingerprint = hex_encode(stored.order.key.fingerprint_sha256());
  credential.certificate = certificate.der();
  TRY_VOID(insert_credential(tx, credential));
  if (!renewal) {
    TRY(device, admit_device(tx, device.id, credential.id, now));
  }

  Facts facts = credential_facts(credential);
  facts["serial_number"] = device.serial_number;
  if (!request.session.empty()) facts["session"] = request.session.name();
  facts["renewal"] = renewal ? "true" : "false";
  TRY_VOID(append_audit(tx, {call.actor, "credential.issue", credential.id.name(), "", facts}, now));
  for (const Credential& old : ended) {
    Facts old_facts = credential_facts(old);
    old_facts["successor"] = credential.id.name();
    TRY_VOID(append_audit(
        tx, {call.actor, "credential.supersede", old.id.name(), std::string(replaced_because(renewal)), old_facts},
        now));
  }
  if (!renewal)
    TRY_VOID(append_audit(
        tx, {call.actor, "device.admit", device.id.name(), "", {{"credential", credential.id.name()}}}, now));
  TRY_VOID(append_event(tx, "credential.issued", credential.id.name(), facts));
  for (const Credential& old : ended) {
    Facts old_facts = credential_facts(old);
    old_facts["successor"] = credential.id.name();
    TRY_VOID(append_event(tx, "credential.superseded", old.id.name(), old_facts));
  }
  if (!renewal) TRY_VOID(append_event(tx, "device.admitted", device.id.name(), device_facts(device)));
  return given(credential);
}

}  // namespace pratique::registrar
