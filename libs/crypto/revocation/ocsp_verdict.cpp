#include "libs/crypto/revocation/ocsp_verdict.h"

#include <algorithm>
#include <string>
#include <utility>

#include "libs/base/hex.h"
#include "libs/crypto/revocation/ocsp_responder.h"
#include "libs/crypto/revocation/signed_form.h"
#include "libs/crypto/x509/oids.h"

namespace pratique::crypto::ocsp {
namespace {

Verdict judge_candidate(const BasicResponse& basic, const Certificate& responder, const Question& question) {
  auto verdict = judge_signature(basic.signed_part, basic.signature_algorithm, basic.signature, responder.public_key(),
                                 "OCSP");
  verdict.absorb(judge_responder(responder, question.issuer, question.now));
  if (!(responder == question.issuer) && !responder.extension(oid::kOcspNoCheck))
    verdict.note("OCSP_RESPONDER_REVOCABLE", "the responder's certificate was not checked for revocation",
                 {{"responder", responder.subject()}});
  return verdict;
}

/// Of several certificates that bear the responder's name or key (one may be the renewed other), one that passes; else
/// the first one's verdict.
Verdict judge_signer(const BasicResponse& basic, const Question& question) {
  std::optional<Verdict> first;
  const auto passes = [&](const Certificate& candidate) {
    if (!basic.responder.names(candidate)) return false;
    auto verdict = judge_candidate(basic, candidate, question);
    const bool accepted = verdict.accepted();
    if (accepted || !first) first = std::move(verdict);
    return accepted;
  };
  bool found = passes(question.issuer);
  for (const auto& candidate : basic.certificates) found = found || passes(candidate);
  if (first) return *std::move(first);
  Verdict unknown;
  unknown.refuse("OCSP_RESPONDER_UNKNOWN", "neither the issuer nor a certificate inside is the responder");
  return unknown;
}

void judge_times(const BasicResponse& basic, const SingleResponse& single, const Question& question, Verdict& verdict) {
  const auto now = question.now;
  Evidence seen = {{"produced_at", format_rfc3339(basic.produced_at)},
                   {"this_update", format_rfc3339(single.this_update)},
                   {"now", format_rfc3339(now)}};
  if (single.next_update) seen.emplace_back("next_update", format_rfc3339(*single.next_update));
  if (std::max(single.this_update, basic.produced_at) > now + question.leeway)
    verdict.refuse("OCSP_NOT_YET_VALID", "the answer is of the future", seen);
  const auto end = single.next_update ? *single.next_update : single.this_update + question.max_age;
  if (end + question.leeway < now) verdict.refuse("OCSP_STALE", "the answer is too old", seen);
}

void judge_nonce(const BasicResponse& basic, const Question& question, Verdict& verdict) {
  if (!question.nonce) return;
  if (!basic.nonce && question.require_nonce) {
    verdict.refuse("OCSP_NONCE_MISSING", "the answer does not repeat the nonce");
  } else if (!basic.nonce) {
    verdict.note("OCSP_NONCE_NOT_ECHOED", "the answer does not repeat the nonce: it may have been made ahead of time");
  } else if (*basic.nonce != *question.nonce) {
    verdict.refuse("OCSP_NONCE_MISMATCH", "the answer is to another question",
                   {{"nonce", hex_encode(*basic.nonce)}, {"expected", hex_encode(*question.nonce)}});
  }
}

}  // namespace

ResponseVerdict verify_response(const Response& response, const Question& question) {
  ResponseVerdict verdict;
  if (!question.id.is_issued_by(question.issuer))
    verdict.refuse("OCSP_ISSUER_MISMATCH", "the question is about a certificate of another issuer",
                   {{"issuer", question.issuer.subject()}});
  if (!response.basic) {
    verdict.refuse("OCSP_NOT_ANSWERED", "the responder did not answer the question",
                   {{"status", std::string(to_string(response.status))}});
    return verdict;
  }
  const auto& basic = *response.basic;
  verdict.absorb(judge_signer(basic, question));
  const auto* single = basic.find(question.id);
  if (single == nullptr) {
    verdict.refuse("OCSP_CERTIFICATE_MISSING", "the answer is about other certificates",
                   {{"serial", question.id.serial_hex}});
  } else {
    judge_times(basic, *single, question, verdict);
  }
  judge_nonce(basic, question, verdict);
  for (const auto& oid : basic.unknown_critical_extensions)
    verdict.refuse("OCSP_EXTENSION_UNKNOWN", "a critical extension is not known", {{"oid", oid}});
  if (verdict.accepted()) verdict.single = *single;
  return verdict;
}

}  // namespace pratique::crypto::ocsp
