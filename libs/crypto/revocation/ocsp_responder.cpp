#include "libs/crypto/revocation/ocsp_responder.h"

#include <span>

#include "libs/crypto/x509/chain.h"
#include "libs/crypto/x509/oids.h"

namespace pratique::crypto::ocsp {
namespace {

Evidence about(const Certificate& responder) {
  return {{"responder", responder.subject()}, {"serial", responder.serial_hex()}};
}

}  // namespace

Verdict judge_delegation(const Certificate& responder, const Certificate& issuer, Timestamp now) {
  Verdict verdict;
  // The issuer answers itself.
  if (responder == issuer) return verdict;
  const auto refuse = [&](std::string_view what) {
    verdict.refuse("OCSP_RESPONDER_NOT_DELEGATED", what, about(responder));
  };
  if (!equal(responder.issuer_der(), issuer.subject_der())) refuse("the responder's certificate is of another issuer");
  if (!responder.has_eku(oid::kOcspSigning)) refuse("the responder's certificate lacks the key usage OCSPSigning");
  const auto usage = responder.key_usage();
  if (usage && (*usage & (key_usage::kDigitalSignature | key_usage::kContentCommitment)) == 0)
    refuse("the responder's certificate is not for signatures");
  if (now < responder.not_before() || now > responder.not_after()) {
    auto evidence = about(responder);
    evidence.emplace_back("not_before", format_rfc3339(responder.not_before()));
    evidence.emplace_back("not_after", format_rfc3339(responder.not_after()));
    evidence.emplace_back("now", format_rfc3339(now));
    verdict.refuse("OCSP_RESPONDER_EXPIRED", "the responder's certificate is not valid at this time",
                   std::move(evidence));
  }
  return verdict;
}

Verdict judge_responder(const Certificate& responder, const Certificate& issuer, Timestamp now) {
  auto verdict = judge_delegation(responder, issuer, now);
  if (responder == issuer) return verdict;
  auto options = ChainOptions::ignoring_time();  // looked at above; the issuer's is for whoever trusts the issuer
  options.partial_chain = true;
  const auto chain = verify_chain(responder, {}, std::span(&issuer, 1), options);
  if (!chain.accepted() && !verdict.refused_for("OCSP_RESPONDER_NOT_DELEGATED")) {
    auto evidence = about(responder);
    evidence.emplace_back("chain", chain.first().code);
    verdict.refuse("OCSP_RESPONDER_NOT_DELEGATED", "the responder's certificate was not issued by the issuer",
                   std::move(evidence));
  }
  return verdict;
}

}  // namespace pratique::crypto::ocsp
