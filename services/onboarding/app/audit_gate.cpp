#include "services/onboarding/app/audit_gate.h"

#include "libs/protocol/voucher/nonce.h"
#include "libs/protocol/voucher/reasons.h"
#include "services/onboarding/app/limits.h"
#include "services/onboarding/storage/sessions.h"

namespace pratique::onboarding {

Result<Answer> AuditGate::pass(Session& session, const DeviceCaller& caller) {
  if (session.audit_checked) return Answer::grant();
  std::vector<Refusal> why;
  TRY(const auto maker, manufacturer_of(session, caller, why));
  if (!maker) return Answer::refuse(std::move(why));
  TRY(auto papers, around_.pool.look(pg::within(kDatabaseLimit), [&](pg::Tx& tx) {
    return load_papers(tx, session.id, around_.envelope);
  }));
  auto answer = around_.masa.request_audit_log({session.masa_url, std::move(papers.voucher_request), maker->masa_tls_anchors});
  if (!answer) {
    auto unreachable = refusal(voucher::kMasaUnreachable, answer.error().evidence);
    unreachable.finding.evidence.emplace_back("detail", answer.error().message);
    return Answer::wait_for(kMasaRetry, {std::move(unreachable)});
  }
  if (answer->status == 202 || answer->status >= 500) return Answer::wait_for(answer->retry_after.value_or(kMasaRetry));
  return judge(session, *answer);
}

Result<std::optional<ManufacturerFacts>> AuditGate::manufacturer_of(const Session& session, const DeviceCaller& caller,
                                                                    std::vector<Refusal>& why) {
  if (auto known = around_.manufacturers.find(session.id)) return known;
  TRY(auto judgement, around_.admission.judge({.protocol = session.protocol,
                                               .idevid_chain = caller.chain,
                                               .session = session.id.name(),
                                               .location = location_,
                                               .remote_address = caller.remote_address}));
  if (judgement.outcome != Judgement::Outcome::allow) {
    why = std::move(judgement.refusals);
    return std::optional<ManufacturerFacts>{};
  }
  around_.manufacturers.remember(session.id, judgement.manufacturer);
  return std::optional{std::move(judgement.manufacturer)};
}

Result<Answer> AuditGate::judge(Session& session, const MasaAnswer& answer) {
  // 404: the MASA says that we never owned the device. 200 is the log; anything else is no answer to our question.
  if (answer.status != 200)
    return refuse(session, as_refusals({{std::string(voucher::kAuditLogOursMissing.code),
                                         std::string(voucher::kAuditLogOursMissing.meaning),
                                         {{"masa_url", session.masa_url}, {"status", std::to_string(answer.status)}}}}));
  const auto log = brski::parse_audit_log(answer.body);
  if (!log) return refuse(session, as_refusals({{log.error().reason, log.error().message, {{"masa_url", session.masa_url}}}}));

  std::vector<std::string> ours;
  for (const auto& certificate : around_.identity.get()->chain) ours.push_back(brski::domain_id(certificate));
  std::optional<voucher::Nonce> nonce;
  if (!session.nonce.empty()) {
    TRY(nonce, voucher::Nonce::parse(session.nonce));
  }
  const auto verdict = brski::judge_audit_log(*log, ours, nonce, policy_);
  if (!verdict.accepted()) return refuse(session, as_refusals(verdict.findings()));

  session.audit_checked = true;
  return Answer::grant();
}

Result<Answer> AuditGate::refuse(Session& session, std::vector<Refusal> why) {
  TRY(session.state, next_state(session.state, SessionEvent::refused));
  session.findings = as_findings(why);
  session.updated_at = around_.clock.now();
  TRY_VOID(around_.pool.with(pg::within(kDatabaseLimit), [&](pg::Tx& tx) { return update_session(tx, session); }));
  TRY_VOID(around_.admission.record_refusal({.device = session.device,
                                             .session = session.id.name(),
                                             .protocol = session.protocol,
                                             .serial_number = session.serial_number,
                                             .remote_address = session.remote_address,
                                             .findings = session.findings}));
  return Answer::refuse(std::move(why));
}

}  // namespace pratique::onboarding
