#include "libs/protocol/voucher/judge_voucher.h"

#include "libs/crypto/x509/chain.h"
#include "libs/protocol/voucher/idevid_issuer.h"
#include "libs/protocol/voucher/reasons.h"

namespace pratique::voucher {
namespace {

void judge_signer(const SignedArtifact& artifact, std::span<const crypto::Certificate> anchors,
                  std::optional<Timestamp> now, Verdict& verdict) {
  auto options = now ? crypto::ChainOptions(*now) : crypto::ChainOptions::ignoring_time();
  options.partial_chain = true;  // a MASA certificate may itself be the anchor
  const auto chain = crypto::verify_chain(artifact.signer, artifact.certificates, anchors, options);
  if (chain.accepted()) return;
  Evidence evidence = {{"signer", artifact.signer.subject()}, {"issuer", artifact.signer.issuer()}};
  for (const auto& finding : chain.findings()) evidence.emplace_back(finding.code, finding.message);
  verdict.refuse(kVoucherSignerUnknown, "the signer does not lead to an anchor of the manufacturer",
                 std::move(evidence));
}

void judge_nonce(const Voucher& voucher, const VoucherExpectation& expected, Verdict& verdict) {
  if (voucher.nonce && expected.nonce) {
    if (!voucher.nonce->matches(*expected.nonce))
      verdict.refuse(kVoucherNonceMismatch, "the nonce is not that of the request",
                     {{"nonce", voucher.nonce->text()}, {"expected", expected.nonce->text()}});
    return;
  }
  if (voucher.nonce)
    return verdict.refuse(kVoucherNonceUnasked, "the voucher has a nonce though none was sent",
                          {{"nonce", voucher.nonce->text()}});
  if (expected.nonce && !expected.accept_nonceless)
    return verdict.refuse(kVoucherNonceMissing, "the voucher has no nonce",
                          {{"expected", expected.nonce->text()}});
  // Without a nonce nothing but time keeps it from being used for ever.
  if (!voucher.expires_on) verdict.refuse(kVoucherExpiryMissing, "the voucher has neither a nonce nor an expiry");
  else if (!expected.now) verdict.refuse(kVoucherClockNeeded, "whether the voucher has expired cannot be told");
}

void judge_expiry(const Voucher& voucher, std::optional<Timestamp> now, Verdict& verdict) {
  if (now && voucher.expires_on && *voucher.expires_on <= *now)
    verdict.refuse(kVoucherExpired, "the voucher has expired",
                   {{"expires-on", format_rfc3339(*voucher.expires_on)}, {"now", format_rfc3339(*now)}});
}

void judge_issuer(const Voucher& voucher, const VoucherExpectation& expected,
                  std::span<const crypto::Certificate> anchors, Verdict& verdict) {
  if (!voucher.idevid_issuer || !expected.idevid) return;
  if (match_idevid_issuer(*voucher.idevid_issuer, *expected.idevid, anchors) == IssuerMatch::different)
    verdict.refuse(kVoucherIdevidIssuerMismatch, "idevid-issuer is not the issuer of this device's certificate",
                   {{"issuer", expected.idevid->issuer()}});
}

void judge_pin(const VoucherExpectation& expected, VoucherJudgement& out) {
  out.pin = match_pin(*out.voucher, expected.server_chain, expected.now);
  if (out.voucher->pinned_domain_cert)
    if (auto pinned = crypto::Certificate::parse_der(*out.voucher->pinned_domain_cert)) out.pinned = *std::move(pinned);
  Evidence evidence;
  if (out.pinned) evidence.emplace_back("pinned", out.pinned->subject());
  if (!expected.server_chain.empty()) evidence.emplace_back("server", expected.server_chain.front().subject());
  switch (out.pin) {
    case PinMatch::server_key:
    case PinMatch::issuing_ca: return;
    case PinMatch::absent:
      return out.verdict.refuse(kVoucherPinnedCertMissing, "the voucher pins no owner", std::move(evidence));
    case PinMatch::unreadable:
      return out.verdict.refuse(kVoucherPinnedCertInvalid, "what the voucher pins cannot be read", std::move(evidence));
    case PinMatch::different:
      return out.verdict.refuse(kVoucherPinnedCertMismatch, "the voucher pins another owner than the server seen",
                                std::move(evidence));
  }
}

}  // namespace

VoucherJudgement judge_voucher(ByteView bytes, std::span<const crypto::Certificate> anchors,
                               const VoucherExpectation& expected) {
  VoucherJudgement out;
  auto opened = open_signed(bytes, Artifact::voucher, expected.profile, anchors);
  out.verdict.absorb(std::move(opened.verdict));
  if (!opened.artifact) return out;
  out.signer = opened.artifact->signer;
  judge_signer(*opened.artifact, anchors, expected.now, out.verdict);

  auto voucher = parse_voucher(opened.artifact->content, expected.profile);
  if (!voucher) {
    out.verdict.refuse(kVoucherMalformed, "the content is not a voucher",
                       {{"reason", voucher.error().reason}, {"detail", voucher.error().message}});
    return out;
  }
  out.voucher = *std::move(voucher);
  for (const auto& leniency : out.voucher->leniencies) out.verdict.note(kWireLeniency, leniency);
  if (out.voucher->serial_number != expected.serial_number)
    out.verdict.refuse(kVoucherSerialMismatch, "the voucher is for another device",
                       {{"serial", out.voucher->serial_number}, {"expected", expected.serial_number}});
  judge_nonce(*out.voucher, expected, out.verdict);
  judge_expiry(*out.voucher, expected.now, out.verdict);
  judge_issuer(*out.voucher, expected, anchors, out.verdict);
  judge_pin(expected, out);
  return out;
}

}  // namespace pratique::voucher
