#include "libs/protocol/brski/masa.h"

#include <algorithm>

#include "libs/crypto/x509/chain.h"
#include "libs/crypto/x509/oids.h"
#include "libs/protocol/voucher/idevid_issuer.h"
#include "libs/protocol/voucher/proximity.h"
#include "libs/protocol/voucher/reasons.h"

namespace pratique::brski {

using namespace voucher;

namespace {

bool is_ra(const crypto::Certificate& certificate) { return certificate.has_eku(crypto::oid::kCmcRa); }

Evidence chain_evidence(const crypto::ChainVerdict& chain, const crypto::Certificate& leaf) {
  Evidence out = {{"subject", leaf.subject()}, {"issuer", leaf.issuer()}};
  for (const auto& finding : chain.findings()) out.emplace_back(finding.code, finding.message);
  return out;
}

/// One judgement in the making: what is asked, what is known, what was found.
class Judge {
 public:
  Judge(const RegistrarRequestFacts& facts, const RegisteredDevice* device, const MasaPolicy& policy, Timestamp now)
      : facts_(facts), request_(facts.request), device_(device), policy_(policy), now_(now) {}

  RegistrarRequestJudgement judge() && {
    judge_chain();
    judge_role();
    judge_device();
    judge_form();
    if (device_) judge_prior();
    return std::move(out_);
  }

 private:
  bool strict() const { return policy_.profile == WireProfile::strict; }
  void refuse(std::string_view code, std::string_view message, Evidence evidence = {}) {
    out_.verdict.refuse(code, message, std::move(evidence));
  }
  void refuse_when_strict(std::string_view code, std::string_view message, Evidence evidence = {}) {
    if (strict()) out_.verdict.refuse(code, message, std::move(evidence));
    else out_.verdict.note(kWireLeniency, message, std::move(evidence));
  }

  // The request brings its own anchor: any owner may ask, and the device will trust whom the voucher pins.
  void judge_chain() {
    const auto& inside = facts_.artifact.certificates;
    std::vector<crypto::Certificate> anchors;
    std::ranges::copy_if(inside, std::back_inserter(anchors),
                         [](const auto& certificate) { return certificate.is_ca() && certificate.is_self_issued(); });
    if (anchors.empty()) std::ranges::copy_if(inside, std::back_inserter(anchors), [&](const auto& certificate) {
      return certificate.is_ca() && std::ranges::none_of(inside, [&](const auto& other) {
               return other.subject_der() == certificate.issuer_der();
             });
    });
    if (anchors.empty()) {
      refuse_when_strict(kRvrChainIncomplete, "the request carries no CA certificate of its signer",
                         {{"signer", facts_.artifact.signer.subject()}});
      anchors.push_back(facts_.artifact.signer);
    }
    auto chain = crypto::verify_chain(facts_.artifact.signer, inside, anchors, chain_options());
    if (!chain.accepted())
      return refuse(kRvrChainInvalid, "the signer does not verify under the CA that the request carries",
                    chain_evidence(chain, facts_.artifact.signer));
    out_.registrar_chain = std::move(chain.chain);
  }

  void judge_role() {
    const auto& signer = facts_.artifact.signer;
    if (is_ra(signer)) return;
    refuse(kRvrSignerNotRa, "the signer is no registration authority", {{"signer", signer.subject()}});
  }

  crypto::ChainOptions chain_options() const {
    crypto::ChainOptions options(now_);
    options.partial_chain = true;
    return options;
  }

  void judge_device() {
    if (!device_ || device_->serial_number != facts_.serial_number)
      refuse(kRvrDeviceUnknown, "no device of that serial number is registered", {{"serial", facts_.serial_number}});
    else if (device_->blocked)
      refuse(kRvrDeviceBlocked, "the device is blocked", {{"serial", facts_.serial_number}});
  }

  void judge_form() {
    judge_age();
    if (names_registrar(request_))
      refuse_when_strict(kRvrProximityForbidden, "the registrar's request carries a proximity member");
    if (!request_.idevid_issuer) refuse_when_strict(kRvrIdevidIssuerMissing, "the request has no idevid-issuer");
    if (request_.nonce && !request_.nonce->conforms())
      refuse_when_strict(kRvrNonceLength, "the nonce is not 8 to 32 bytes", {{"nonce", request_.nonce->text()}});
    if (!request_.nonce && !policy_.owner_authenticated)
      refuse(kRvrOwnerUnauthenticated, "a request without a nonce from an owner that is not known");
  }

  void judge_age() {
    if (!request_.created_on) return refuse_when_strict(kRvrStale, "the request does not say when it was made");
    const auto age = now_ - *request_.created_on;
    if (age > policy_.max_request_age || age < -kMaxRequestFuture)
      refuse(kRvrStale, "the request is too old or from the future",
             {{"created-on", format_rfc3339(*request_.created_on)}, {"now", format_rfc3339(now_)}});
  }

  void judge_prior() {
    if (!request_.prior_signed_voucher_request) {
      // Ahead of time, for an owner that is known, there is no pledge to have asked.
      const bool ahead = !request_.nonce && policy_.owner_authenticated;
      if (!ahead) refuse_when_strict(kRvrPriorMissing, "the request does not contain the device's");
      return;
    }
    auto opened = open_signed(*request_.prior_signed_voucher_request, Artifact::pledge_request, policy_.profile);
    out_.verdict.absorb(std::move(opened.verdict));
    if (!opened.artifact) return;
    const auto prior = parse_voucher_request(opened.artifact->content, policy_.profile);
    if (!prior)
      return refuse(kPvrMalformed, "the device's request inside is not a voucher request",
                    {{"reason", prior.error().reason}, {"detail", prior.error().message}});
    for (const auto& leniency : prior->leniencies) out_.verdict.note(kWireLeniency, leniency);
    out_.idevid = opened.artifact->signer;
    judge_idevid(*opened.artifact);
    judge_serials(*prior, opened.artifact->signer);
    judge_issuer(opened.artifact->signer);
    judge_nonces(*prior);
    judge_proximity(*prior);
  }

  void judge_idevid(const SignedArtifact& artifact) {
    auto options = chain_options();
    options.ignore_leaf_not_after = true;
    const auto chain = crypto::verify_chain(artifact.signer, artifact.certificates, device_->issuers, options);
    if (!chain.accepted())
      refuse(kIdevidUntrusted, "the device's certificate was not issued here", chain_evidence(chain, artifact.signer));
    if (device_->idevid_key && *device_->idevid_key != artifact.signer.public_key())
      refuse(kIdevidKeyUnregistered, "the device's key is not the one that was registered",
             {{"subject", artifact.signer.subject()}});
  }

  void judge_serials(const VoucherRequest& prior, const crypto::Certificate& idevid) {
    const auto certified = idevid.subject_serial_number().value_or("");
    if (certified == facts_.serial_number && prior.serial_number == certified) return;
    refuse(kRvrSerialMismatch, "the serial numbers differ",
           {{"registrar", facts_.serial_number}, {"pledge", prior.serial_number}, {"certificate", certified}});
  }

  void judge_issuer(const crypto::Certificate& idevid) {
    if (request_.idevid_issuer &&
        match_idevid_issuer(*request_.idevid_issuer, idevid, device_->issuers) == IssuerMatch::different)
      refuse_when_strict(kRvrIdevidIssuerMismatch, "idevid-issuer is not that of the device's certificate",
                         {{"issuer", idevid.issuer()}});
  }

  void judge_nonces(const VoucherRequest& prior) {
    if (!request_.nonce || (prior.nonce && prior.nonce->matches(*request_.nonce))) return;
    refuse(kRvrNonceMismatch, "the registrar's nonce is not the device's",
           {{"registrar", request_.nonce->text()}, {"pledge", prior.nonce ? prior.nonce->text() : "none"}});
  }

  void judge_proximity(const VoucherRequest& prior) {
    if (!names_registrar(prior))
      return refuse_when_strict(kPvrProximityMissing, "the device's request names no registrar");
    if (!saw_asking_registrar(prior))
      return refuse(kRvrProximityMismatch, "the device saw another registrar than the one that asks",
                    {{"signer", facts_.artifact.signer.subject()}});
    // Without a nonce the meeting may have been any time ago.
    if (request_.nonce && prior.assertion == Assertion::proximity) out_.assertion = Assertion::proximity;
  }

  bool saw_asking_registrar(const VoucherRequest& prior) const {
    if (names_registrar(prior, facts_.artifact.signer)) return true;
    if (out_.registrar_chain.empty()) return false;
    const auto& anchor = out_.registrar_chain.back();
    return std::ranges::any_of(facts_.artifact.certificates, [&](const crypto::Certificate& replica) {
      return is_ra(replica) && names_registrar(prior, replica) &&
             crypto::verify_chain(replica, facts_.artifact.certificates, {&anchor, 1}, chain_options()).accepted();
    });
  }

  const RegistrarRequestFacts& facts_;
  const VoucherRequest& request_;
  const RegisteredDevice* device_;
  const MasaPolicy& policy_;
  Timestamp now_;
  RegistrarRequestJudgement out_;
};

}  // namespace

OpenedRegistrarRequest open_registrar_request(ByteView body, WireProfile profile) {
  OpenedRegistrarRequest out;
  auto opened = open_signed(body, Artifact::registrar_request, profile);
  out.verdict.absorb(std::move(opened.verdict));
  if (!opened.artifact) return out;
  auto request = parse_voucher_request(opened.artifact->content, profile);
  if (!request) {
    out.verdict.refuse(kRvrMalformed, "the content is not a voucher request",
                       {{"reason", request.error().reason}, {"detail", request.error().message}});
    return out;
  }
  for (const auto& leniency : request->leniencies) out.verdict.note(kWireLeniency, leniency);
  if (request->serial_number.empty()) {
    out.verdict.refuse(kRvrSerialMissing, "the request has no serial number");
    return out;
  }
  auto serial = request->serial_number;
  out.facts = RegistrarRequestFacts{
      .artifact = *std::move(opened.artifact), .request = *std::move(request), .serial_number = std::move(serial)};
  return out;
}

RegistrarRequestJudgement judge_registrar_request(const RegistrarRequestFacts& facts, const RegisteredDevice* device,
                                                  const MasaPolicy& policy, Timestamp now) {
  return Judge(facts, device, policy, now).judge();
}

Result<MadeVoucher> build_voucher(const RegistrarRequestFacts& facts, const RegistrarRequestJudgement& judgement,
                                  const SigningKey& masa, std::span<const crypto::Certificate> extra,
                                  const MasaPolicy& policy, Timestamp now) {
  if (!judgement.verdict.accepted() || judgement.registrar_chain.empty())
    return internal("VOUCHER_UNJUDGED", "a voucher is made for accepted requests alone");
  const auto& pinned = judgement.registrar_chain.back();
  Voucher content{.created_on = now,
                  .assertion = judgement.assertion,
                  .serial_number = facts.serial_number,
                  .nonce = facts.request.nonce,
                  .idevid_issuer = facts.request.idevid_issuer,
                  .pinned_domain_cert = pinned.der()};
  if (!content.nonce) {
    Timestamp until = now + policy.nonceless_lifetime;
    for (const auto& certificate : judgement.registrar_chain) until = std::min(until, certificate.not_after());
    content.expires_on = until;
  }
  TRY(auto body, sign_voucher(content, masa, extra, policy.profile, now));
  AuditEvent audit{.date = now,
                   .domain_id = domain_id(pinned),
                   .nonce = content.nonce ? std::optional(content.nonce->text()) : std::nullopt,
                   .assertion = content.assertion};
  return MadeVoucher{
      .body = std::move(body), .content = std::move(content), .pinned = pinned, .audit = std::move(audit)};
}

}  // namespace pratique::brski
