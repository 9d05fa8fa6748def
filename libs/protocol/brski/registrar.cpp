#include "libs/protocol/brski/registrar.h"

#include <algorithm>

#include "libs/crypto/x509/chain.h"
#include "libs/protocol/voucher/idevid_issuer.h"
#include "libs/protocol/voucher/proximity.h"
#include "libs/protocol/voucher/reasons.h"

namespace pratique::brski {

using namespace voucher;

namespace {

void judge_serial(const VoucherRequest& request, const crypto::Certificate& idevid, Verdict& verdict) {
  const auto serial = idevid.subject_serial_number();
  if (!serial) verdict.refuse(kIdevidSerialMissing, "the IDevID has no serial number", {{"subject", idevid.subject()}});
  if (request.serial_number.empty()) return verdict.refuse(kPvrSerialMissing, "the request has no serial number");
  if (serial && request.serial_number != *serial)
    verdict.refuse(kPvrSerialMismatch, "the request's serial number is not the IDevID's",
                   {{"serial", request.serial_number}, {"expected", *serial}});
}

void judge_nonce(const VoucherRequest& request, WireProfile profile, Verdict& verdict) {
  if (!request.nonce) return verdict.refuse(kPvrNonceMissing, "the request has no nonce");
  if (request.nonce->conforms()) return;
  const Evidence evidence = {{"nonce", request.nonce->text()}};
  if (profile == WireProfile::strict) verdict.refuse(kPvrNonceLength, "the nonce is not 8 to 32 bytes", evidence);
  else verdict.note(kWireLeniency, "the nonce is not 8 to 32 bytes", evidence);
}

void judge_proximity(const VoucherRequest& request, std::span<const crypto::Certificate> ours, WireProfile profile,
                     Verdict& verdict) {
  if (!request.assertion && profile == WireProfile::lenient)
    verdict.note(kWireLeniency, "the request has no assertion");
  else if (request.assertion != Assertion::proximity)
    verdict.refuse(kPvrAssertionNotProximity, "the request does not assert proximity",
                   {{"assertion", std::string(request.assertion ? to_string(*request.assertion) : "none")}});
  if (!names_registrar(request)) return verdict.refuse(kPvrProximityMissing, "the request names no registrar");
  if (std::ranges::any_of(ours, [&](const auto& certificate) { return names_registrar(request, certificate); })) return;
  Evidence evidence;
  if (request.proximity_registrar_cert)
    if (const auto seen = crypto::Certificate::parse_der(*request.proximity_registrar_cert)) {
      evidence.emplace_back("seen", seen->subject());
      evidence.emplace_back("seen-serial", seen->serial_hex());
    }
  verdict.refuse(kPvrProximityMismatch, "the device saw another TLS server than this registrar", std::move(evidence));
}

void note_clock(const VoucherRequest& request, Timestamp now, Verdict& verdict) {
  if (request.created_on && std::chrono::abs(*request.created_on - now) > kNotedClockSkew)
    verdict.note(kPvrClockSkew, "the device's time is far from ours",
                 {{"created-on", format_rfc3339(*request.created_on)}, {"now", format_rfc3339(now)}});
}

// Of how much weight an assertion is.
int weight(Assertion assertion) {
  switch (assertion) {
    case Assertion::logged: return 0;
    case Assertion::agent_proximity: return 1;
    case Assertion::proximity: return 2;
    case Assertion::verified: return 3;
  }
  return 0;
}

}  // namespace

PledgeRequestJudgement judge_pledge_request(ByteView body, std::span<const crypto::Certificate> client_chain,
                                            std::span<const crypto::Certificate> registrar_certificates,
                                            WireProfile profile, Timestamp now) {
  PledgeRequestJudgement out;
  if (client_chain.empty()) {
    out.verdict.refuse(kIdevidMissing, "the connection has no client certificate");
    return out;
  }
  const auto& idevid = client_chain.front();
  auto opened = open_signed(body, Artifact::pledge_request, profile, client_chain);
  out.verdict.absorb(std::move(opened.verdict));
  if (!opened.artifact) return out;
  const auto request = parse_voucher_request(opened.artifact->content, profile);
  if (!request) {
    out.verdict.refuse(kPvrMalformed, "the content is not a voucher request",
                       {{"reason", request.error().reason}, {"detail", request.error().message}});
    return out;
  }
  for (const auto& leniency : request->leniencies) out.verdict.note(kWireLeniency, leniency);

  if (opened.artifact->signer.public_key() != idevid.public_key())
    out.verdict.refuse(kPvrSignerNotIdevid, "another key signed than that of the connection's certificate",
                       {{"signer", opened.artifact->signer.subject()}, {"idevid", idevid.subject()}});
  judge_serial(*request, idevid, out.verdict);
  judge_nonce(*request, profile, out.verdict);
  judge_proximity(*request, registrar_certificates, profile, out.verdict);
  note_clock(*request, now, out.verdict);
  out.facts = PledgeRequestFacts{.bytes = std::move(opened.artifact->bytes),
                                 .idevid = idevid,
                                 .serial_number = idevid.subject_serial_number().value_or(""),
                                 .nonce = request->nonce,
                                 .assertion = request->assertion,
                                 .created_on = request->created_on,
                                 .masa_url_extension = idevid.masa_url(),
                                 .mud_url = idevid.mud_url()};
  return out;
}

Verdict judge_idevid(std::span<const crypto::Certificate> client_chain, std::span<const crypto::Certificate> anchors,
                     Timestamp now, bool ignore_not_after) {
  Verdict verdict;
  if (client_chain.empty()) {
    verdict.refuse(kIdevidMissing, "the connection has no client certificate");
    return verdict;
  }
  crypto::ChainOptions options(now);
  options.ignore_leaf_not_after = ignore_not_after;
  options.partial_chain = true;
  const auto chain = crypto::verify_chain(client_chain[0], client_chain.subspan(1), anchors, options);
  if (chain.accepted()) return verdict;
  Evidence evidence = {{"subject", client_chain[0].subject()}, {"issuer", client_chain[0].issuer()}};
  for (const auto& finding : chain.findings()) evidence.emplace_back(finding.code, finding.message);
  verdict.refuse(kIdevidUntrusted, "the IDevID does not lead to an anchor of a manufacturer", std::move(evidence));
  return verdict;
}

Result<Bytes> build_registrar_request(const PledgeRequestFacts& pledge, const SigningKey& ra,
                                      std::span<const crypto::Certificate> extra,
                                      std::span<const crypto::Certificate> known_issuers, WireProfile profile,
                                      Timestamp now) {
  auto issuer = make_idevid_issuer(pledge.idevid, known_issuers);
  if (!issuer && profile == WireProfile::strict)
    return failed_precondition(kRvrIdevidIssuerMissing,
                               "the IDevID has no authority key identifier and its issuer is not known")
        .with("issuer", pledge.idevid.issuer());
  const VoucherRequest request{.created_on = now,
                               .assertion = pledge.assertion,
                               .serial_number = pledge.serial_number,
                               .nonce = pledge.nonce,
                               .idevid_issuer = std::move(issuer),
                               .prior_signed_voucher_request = pledge.bytes};
  return sign_request(request, ra, extra, profile, now);
}

Result<Bytes> build_nonceless_request(std::string_view serial_number, ByteView idevid_issuer, const SigningKey& ra,
                                      std::span<const crypto::Certificate> extra, WireProfile profile, Timestamp now) {
  const VoucherRequest request{.created_on = now,
                               .serial_number = std::string(serial_number),
                               .idevid_issuer = to_bytes(idevid_issuer)};
  return sign_request(request, ra, extra, profile, now);
}

VoucherExpectation expectation_of(const PledgeRequestFacts& pledge, std::span<const crypto::Certificate> our_chain,
                                  WireProfile profile, Timestamp now) {
  return {.serial_number = pledge.serial_number,
          .nonce = pledge.nonce,
          .server_chain = {our_chain.begin(), our_chain.end()},
          .idevid = pledge.idevid,
          .now = now,
          .profile = profile};
}

VoucherJudgement judge_masa_voucher(ByteView body, std::span<const crypto::Certificate> anchors,
                                    const VoucherExpectation& expected, Assertion weakest) {
  auto out = judge_voucher(body, anchors, expected);
  if (out.voucher && weight(out.voucher->assertion) < weight(weakest))
    out.verdict.refuse(kVoucherAssertionTooWeak, "the voucher asserts less than is demanded",
                       {{"assertion", std::string(to_string(out.voucher->assertion))},
                        {"demanded", std::string(to_string(weakest))}});
  return out;
}

}  // namespace pratique::brski
