#include "services/onboarding/app/est.h"

#include "libs/protocol/est/body.h"
#include "libs/protocol/est/cacerts.h"
#include "libs/protocol/est/enroll.h"
#include "libs/protocol/est/reasons.h"
#include "services/onboarding/app/certificate_wishes.h"
#include "services/onboarding/app/limits.h"
#include "services/onboarding/storage/sessions.h"

namespace pratique::onboarding {

namespace {

constexpr std::chrono::seconds kKeepAuthority{60};

std::vector<est::ChannelBinding> bindings_of(const DeviceCaller& caller) {
  if (caller.channel_binding.empty()) return {};
  return {{caller.tls13 ? est::BindingKind::tls_exporter : est::BindingKind::tls_unique, caller.channel_binding}};
}

}  // namespace

Result<Answer> Est::cacerts() {
  const auto now = around_.clock.now();
  {
    const std::lock_guard lock(mutex_);
    if (now < cacerts_until_) return Answer::grant(to_bytes(cacerts_));
  }
  TRY(const auto authority, around_.admission.authority());
  TRY(auto body, est::encode_certs(authority));
  const std::lock_guard lock(mutex_);
  cacerts_ = body;
  cacerts_until_ = now + kKeepAuthority;
  return Answer::grant(to_bytes(body));
}

Result<Answer> Est::csrattrs(const DeviceCaller& caller) {
  std::vector<Refusal> why;
  TRY(const auto applicant, find_applicant(caller, why));
  if (!applicant) return Answer::refuse(std::move(why));
  TRY(const auto attributes, attributes_for(applicant->device));
  TRY(const auto der, est::encode_csrattrs(attributes));
  return Answer::grant(to_bytes(est::encode_body(der)));
}

Result<Answer> Est::simpleenroll(const DeviceCaller& caller, std::string_view body) {
  std::vector<Refusal> why;
  TRY(auto applicant, find_applicant(caller, why));
  if (!applicant) return Answer::refuse(std::move(why));
  if (!applicant->session) return Answer::refuse({refusal(voucher::kSessionMissing)});
  return enroll(*applicant, caller, body);
}

Result<Answer> Est::simplereenroll(const DeviceCaller& caller, std::string_view body) {
  std::vector<Refusal> why;
  TRY(auto applicant, find_applicant(caller, why));
  if (!applicant) return Answer::refuse(std::move(why));
  // Some clients renew whatever certificate they were given. With the IDevID there is nothing to renew: it enrols.
  if (applicant->session) return enroll(*applicant, caller, body);
  return issue(*applicant, caller, body);
}

Result<Answer> Est::enroll(Applicant& applicant, const DeviceCaller& caller, std::string_view body) {
  TRY(auto gate, around_.gate.pass(*applicant.session, caller));
  if (gate.kind != Answer::Kind::granted) return gate;
  return issue(applicant, caller, body);
}

Result<std::optional<Est::Applicant>> Est::find_applicant(const DeviceCaller& caller, std::vector<Refusal>& why) {
  const auto refuse = [&](std::vector<Refusal> reasons) {
    why = std::move(reasons);
    return std::optional<Applicant>{};
  };
  if (!caller.leaf()) return refuse({refusal(voucher::kIdevidMissing)});
  TRY(auto session, around_.pool.look(pg::within(kDatabaseLimit), [&](pg::Tx& tx) {
    return find_session_by_key(tx, caller.leaf()->public_key().fingerprint_sha256());
  }));
  if (session) {
    // Once more in state enrolled: the answer was lost, and the same key gets the same certificate.
    if (!next_state(session->state, SessionEvent::credential_given)) return refuse({refusal(voucher::kSessionMissing)});
    return std::optional<Applicant>{{session->device, std::move(session)}};
  }
  TRY(auto owner, around_.admission.identify(*caller.leaf(), true));
  if (owner.counts()) return std::optional<Applicant>{{owner.device, std::nullopt}};
  if (owner.refusals.empty()) owner.refusals = {refusal(voucher::kSessionMissing)};
  // A certificate of ours that counts no more: the operator sees that its device still tries.
  if (!owner.device.empty()) TRY_VOID(record_refusal({owner.device, std::nullopt}, caller, owner.refusals));
  return refuse(std::move(owner.refusals));
}

Result<void> Est::record_refusal(const Applicant& applicant, const DeviceCaller& caller, const std::vector<Refusal>& why) {
  return around_.admission.record_refusal({.device = applicant.device,
                                           .session = applicant.session ? applicant.session->id.name() : "",
                                           .protocol = "brski",  // of which EST is the end
                                           .remote_address = caller.remote_address,
                                           .findings = as_findings(why)});
}

Result<est::CsrAttrs> Est::attributes_for(const std::string& device) {
  auto wishes = around_.templates.find(device);
  if (!wishes) {
    TRY(wishes, around_.admission.credential_template(device));
    around_.templates.remember(device, *wishes);
  }
  return certificate_wishes(*wishes);
}

Result<Answer> Est::issue(const Applicant& applicant, const DeviceCaller& caller, std::string_view body) {
  const auto csr = est::read_request(body);
  if (!csr) {
    // What cannot be read is the device's fault where the room has a reason for it, else ours.
    if (!est::find_reason(csr.error().reason)) return csr.error();
    return Answer::refuse(as_refusals({{csr.error().reason, csr.error().message}}));
  }
  TRY(auto asked, attributes_for(applicant.device));
  est::EnrollFacts facts;
  facts.presented = *caller.leaf();
  facts.renewal = !applicant.session.has_value();
  facts.bindings = bindings_of(caller);
  facts.binding_required = config_.channel_binding_required;
  facts.asked = std::move(asked);
  const auto verdict = est::judge_enroll(*csr, facts);
  if (!verdict.accepted()) {
    auto why = as_refusals(verdict.findings());
    TRY_VOID(record_refusal(applicant, caller, why));
    return Answer::refuse(std::move(why));
  }
  TRY(auto answer, around_.admission.issue({.device = applicant.device,
                                            .session = applicant.session ? applicant.session->id.name() : "",
                                            .csr = csr->der(),
                                            .renewed_certificate = facts.renewal ? caller.leaf()->der() : Bytes{}}));
  if (!answer.certificate) {
    TRY_VOID(record_refusal(applicant, caller, answer.refusals));
    return Answer::refuse(std::move(answer.refusals));
  }
  if (applicant.session) {
    TRY_VOID(around_.pool.with(pg::within(kDatabaseLimit), [&](pg::Tx& tx) -> Result<void> {
      TRY(auto session, lock_session(tx, applicant.session->id));
      TRY(session.state, next_state(session.state, SessionEvent::credential_given));
      session.audit_checked = applicant.session->audit_checked;
      session.credential_digest = crypto::sha256(answer.certificate->der());
      session.updated_at = around_.clock.now();
      return update_session(tx, session);
    }));
  }
  TRY(auto certs, est::encode_certs(std::vector<crypto::Certificate>{*answer.certificate}));
  return Answer::grant(to_bytes(certs));
}

}  // namespace pratique::onboarding
