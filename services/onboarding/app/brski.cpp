#include "services/onboarding/app/brski.h"

#include "libs/base/hex.h"
#include "libs/crypto/primitives/digest.h"
#include "libs/protocol/brski/masa_url.h"
#include "libs/protocol/brski/paths.h"
#include "libs/protocol/voucher/reasons.h"
#include "libs/protocol/voucher/signed_voucher.h"
#include "services/onboarding/app/limits.h"

namespace pratique::onboarding {

namespace {

constexpr std::size_t kMaxQuote = 200;  // bytes of a MASA's words that are kept

/// A stranger's text as evidence: printable, short.
std::string quote(ByteView bytes) {
  std::string out;
  for (const auto byte : bytes.subspan(0, std::min(bytes.size(), kMaxQuote)))
    out.push_back(byte >= 0x20 && byte < 0x7F ? static_cast<char>(byte) : '?');
  return out;
}

/// What the history keeps of a voucher, read as it stands: whether it is a good one was judged before.
VoucherRecord record_of(const Session& session, Bytes bytes) {
  VoucherRecord out{.device = session.device, .session = session.id.name()};
  out.serial_number = session.serial_number;
  out.masa_url = session.masa_url;
  constexpr auto kLenient = voucher::WireProfile::lenient;
  if (const auto opened = voucher::open_signed(bytes, voucher::Artifact::voucher, kLenient); opened.artifact) {
    out.signer = opened.artifact->signer.subject();
    if (const auto read = voucher::parse_voucher(opened.artifact->content, kLenient)) {
      out.assertion = to_string(read->assertion);
      out.nonce = read->nonce ? read->nonce->text() : "";
      out.created_on = read->created_on;
      out.expires_on = read->expires_on;
      if (read->pinned_domain_cert)
        if (const auto pinned = crypto::Certificate::parse_der(*read->pinned_domain_cert))
          out.pinned_fingerprint = hex_encode(pinned->fingerprint_sha256());
    }
  }
  out.voucher = std::move(bytes);
  return out;
}

voucher::WireProfile profile_of(const ManufacturerFacts& maker) {
  return maker.strict_wire ? voucher::WireProfile::strict : voucher::WireProfile::lenient;
}

}  // namespace

Result<Answer> Brski::request_voucher(const DeviceCaller& caller, ByteView body) {
  // Which profile holds is the manufacturer's, whom we do not know yet; decide() comes back to it.
  const auto judged = judge_request(caller, body, voucher::WireProfile::lenient);
  if (!judged.verdict.accepted()) {
    TRY_VOID(around_.admission.record_refusal({.protocol = "brski",
                                               .serial_number = judged.facts ? judged.facts->serial_number : "",
                                               .remote_address = caller.remote_address,
                                               .findings = judged.verdict.findings()}));
    return Answer::refuse(as_refusals(judged.verdict.findings()));
  }
  TRY(auto session, open_session(*judged.facts, caller));
  if (session.state == SessionState::voucher_issued) return give_again(session);
  if (!may_be_judged(session.state))
    return Answer::refuse({refusal(voucher::kSessionOver, {{"state", std::string(to_string(session.state))}})});
  return decide(std::move(session), *judged.facts, caller, !judged.verdict.notes().empty());
}

brski::PledgeRequestJudgement Brski::judge_request(const DeviceCaller& caller, ByteView body, voucher::WireProfile profile) {
  const auto now = around_.clock.now();
  auto judged = brski::judge_pledge_request(body, caller.chain, around_.replicas.certificates(), profile, now);
  // A replica that came up a moment ago may be the one that the device met: look once more before saying no.
  if (judged.verdict.refused_for(voucher::kPvrProximityMismatch) && around_.replicas.announce())
    judged = brski::judge_pledge_request(body, caller.chain, around_.replicas.certificates(), profile, now);
  return judged;
}

Result<Session> Brski::open_session(const brski::PledgeRequestFacts& facts, const DeviceCaller& caller) {
  Session fresh;
  fresh.id = SessionId::make(around_.clock, around_.random);
  fresh.protocol = "brski";
  fresh.request_digest = crypto::sha256(facts.bytes);
  fresh.idevid_key = facts.idevid.public_key().fingerprint_sha256();
  fresh.serial_number = facts.serial_number;
  fresh.nonce = facts.nonce ? facts.nonce->text() : "";
  fresh.remote_address = caller.remote_address;
  fresh.created_at = fresh.updated_at = around_.clock.now();
  return around_.pool.with(pg::within(kDatabaseLimit), [&](pg::Tx& tx) { return find_or_create_session(tx, fresh); });
}

Result<Answer> Brski::decide(Session session, const brski::PledgeRequestFacts& facts, const DeviceCaller& caller,
                             bool lenient) {
  TRY(auto judgement, around_.admission.judge({.protocol = "brski",
                                               .idevid_chain = caller.chain,
                                               .session = session.id.name(),
                                               .location = config_.location,
                                               .remote_address = caller.remote_address}));
  session.device = judgement.device;
  session.remote_address = caller.remote_address;
  switch (judgement.outcome) {
    case Judgement::Outcome::deny: {
      // The registrar has recorded this one itself.
      TRY_VOID(step(session, SessionEvent::refused, as_findings(judgement.refusals)));
      return Answer::refuse(std::move(judgement.refusals));
    }
    case Judgement::Outcome::wait:
      return wait(std::move(session), SessionEvent::approval_asked, judgement.retry_after, std::move(judgement.refusals));
    case Judgement::Outcome::allow: break;
  }
  if (lenient && judgement.manufacturer.strict_wire) {
    const auto strict = judge_request(caller, facts.bytes, voucher::WireProfile::strict);
    if (!strict.verdict.accepted()) return refuse(std::move(session), as_refusals(strict.verdict.findings()));
  }
  return ask_masa(std::move(session), facts, judgement.manufacturer);
}

Result<Answer> Brski::ask_masa(Session session, const brski::PledgeRequestFacts& facts, const ManufacturerFacts& maker) {
  auto base_url = brski::parse_masa_url(maker.masa_url);
  if (!base_url)
    return refuse(std::move(session), as_refusals({{std::string(voucher::kMasaUrlInvalid.code), base_url.error().message,
                                                    {{"masa_url", maker.masa_url}}}}));
  session.masa_url = *base_url;
  around_.manufacturers.remember(session.id, maker);

  // The MASA sees our chain up to the domain CA, of which it pins the anchor, and every replica's certificate.
  const auto identity = around_.identity.get();
  std::vector<crypto::Certificate> extra(identity->chain.begin() + 1, identity->chain.end());
  for (auto& certificate : around_.replicas.certificates())
    if (certificate != identity->certificate()) extra.push_back(std::move(certificate));
  TRY(auto request, brski::build_registrar_request(facts, {identity->certificate(), identity->key}, extra,
                                                   maker.voucher_anchors, profile_of(maker), around_.clock.now()));

  auto answer = around_.masa.request_voucher({session.masa_url, request, maker.masa_tls_anchors});
  if (!answer) {
    const auto& error = answer.error();
    const bool untrusted = error.code == ErrorCode::unauthenticated;
    auto why = refusal(untrusted ? voucher::kMasaUntrusted : voucher::kMasaUnreachable, error.evidence);
    why.finding.evidence.emplace_back("reason", error.reason);
    why.finding.evidence.emplace_back("detail", error.message);
    if (untrusted) return refuse(std::move(session), {std::move(why)});
    return wait(std::move(session), SessionEvent::masa_asked, kMasaRetry, {std::move(why)});
  }
  return judge_answer(std::move(session), facts, maker, *std::move(answer), std::move(request));
}

Result<Answer> Brski::judge_answer(Session session, const brski::PledgeRequestFacts& facts, const ManufacturerFacts& maker,
                                   MasaAnswer answer, Bytes voucher_request) {
  const Evidence seen{{"masa_url", session.masa_url}, {"status", std::to_string(answer.status)}};
  if (answer.status == 202 || answer.status >= 500) {
    const auto time = answer.retry_after.value_or(kMasaRetry);
    return wait(std::move(session), SessionEvent::masa_asked, time, {refusal(voucher::kMasaUnreachable, seen)});
  }
  if (answer.status != 200) {
    auto why = refusal(voucher::kMasaRefused, seen);
    why.finding.evidence.emplace_back("masa_said", quote(answer.body));
    return refuse(std::move(session), {std::move(why)});
  }
  if (!brski::is_media_type(answer.content_type, brski::kVoucherCmsJson)) {
    auto why = refusal(voucher::kMasaAnswerUnusable, seen);
    why.finding.evidence.emplace_back("content_type", answer.content_type);
    return refuse(std::move(session), {std::move(why)});
  }
  const auto identity = around_.identity.get();
  const auto judged =
      brski::judge_masa_voucher(answer.body, maker.voucher_anchors,
                                brski::expectation_of(facts, identity->chain, profile_of(maker), around_.clock.now()));
  if (!judged.verdict.accepted() && config_.voucher_check == VoucherCheck::enforce)
    return refuse(std::move(session), as_refusals(judged.verdict.findings()));

  return give_voucher(std::move(session), {std::move(answer.body), std::move(voucher_request)}, judged.verdict.findings());
}

Result<Answer> Brski::give_voucher(Session session, SessionPapers papers, std::vector<Finding> notes) {
  if (!notes.empty()) TRY_VOID(record_refusal(session, notes));
  TRY_VOID(around_.pool.with(pg::within(kDatabaseLimit), [&](pg::Tx& tx) -> Result<void> {
    TRY(auto stored, lock_session(tx, session.id));
    if (stored.state == SessionState::voucher_issued) {  // the same request came twice, and the other was faster
      TRY(papers, load_papers(tx, session.id, around_.envelope));
      return {};
    }
    session.state = stored.state;
    session.poll_count = stored.poll_count;
    if (session.state != SessionState::awaiting_masa) {
      TRY(session.state, next_state(session.state, SessionEvent::masa_asked));
    }
    TRY(session.state, next_state(session.state, SessionEvent::voucher_given));
    session.findings = notes;
    session.updated_at = around_.clock.now();
    return update_session(tx, session, papers, around_.envelope);
  }));
  return hand_out(session, std::move(papers.voucher));
}

Result<Answer> Brski::give_again(const Session& session) {
  TRY(auto papers, around_.pool.look(pg::within(kDatabaseLimit), [&](pg::Tx& tx) {
    return load_papers(tx, session.id, around_.envelope);
  }));
  return hand_out(session, std::move(papers.voucher));
}

Result<Answer> Brski::hand_out(const Session& session, Bytes voucher) {
  // Chosen first, then recorded, then given: the history has every voucher that a device holds, and no other. Recording
  // one again changes nothing.
  const auto record = record_of(session, std::move(voucher));
  TRY_VOID(around_.admission.record_voucher(record));
  return Answer::grant(record.voucher);
}

Result<void> Brski::step(Session& session, SessionEvent event, std::vector<Finding> findings) {
  return around_.pool.with(pg::within(kDatabaseLimit), [&](pg::Tx& tx) -> Result<void> {
    TRY(const auto stored, lock_session(tx, session.id));
    TRY(session.state, next_state(stored.state, event));
    session.poll_count = stored.poll_count + 1;
    session.findings = findings;
    session.updated_at = around_.clock.now();
    return update_session(tx, session);
  });
}

Result<Answer> Brski::refuse(Session session, std::vector<Refusal> why) {
  const auto findings = as_findings(why);
  TRY_VOID(step(session, SessionEvent::refused, findings));
  TRY_VOID(record_refusal(session, findings));
  return Answer::refuse(std::move(why));
}

Result<Answer> Brski::wait(Session session, SessionEvent event, std::chrono::seconds time, std::vector<Refusal> why) {
  const auto findings = as_findings(why);
  TRY_VOID(step(session, event, findings));
  // What an approval waits for, the registrar knows; what the manufacturer does, it learns from us, once.
  if (event == SessionEvent::masa_asked && session.poll_count == 1) TRY_VOID(record_refusal(session, findings));
  return Answer::wait_for(time, std::move(why));
}

Result<void> Brski::record_refusal(const Session& session, const std::vector<Finding>& findings) {
  return around_.admission.record_refusal({.device = session.device,
                                           .session = session.id.name(),
                                           .protocol = session.protocol,
                                           .serial_number = session.serial_number,
                                           .remote_address = session.remote_address,
                                           .findings = findings});
}

}  // namespace pratique::onboarding
