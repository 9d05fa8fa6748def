#include "libs/crypto/revocation/crl_verdict.h"

#include <algorithm>
#include <string>
#include <utility>

#include "libs/base/hex.h"
#include "libs/crypto/revocation/signed_form.h"
#include "libs/crypto/x509/asn1_text.h"

namespace pratique::crypto {
namespace {

bool is_issuer(const Crl& crl, const Certificate& issuer, Verdict& verdict) {
  if (!equal(crl.issuer_der(), issuer.subject_der())) {
    verdict.refuse("CRL_ISSUER_MISMATCH", "the list is of another issuer",
                   {{"issuer", name_text(crl.issuer_der())}, {"expected", issuer.subject()}});
    return false;
  }
  const auto named = crl.authority_key_id(), own = issuer.subject_key_id();
  if (named && own && *named != *own) {
    verdict.refuse("CRL_ISSUER_MISMATCH", "the list is signed by another key of the issuer",
                   {{"key_id", hex_encode(*named)}, {"expected", hex_encode(*own)}});
    return false;
  }
  return true;
}

void judge_times(const Crl& crl, Timestamp now, std::chrono::seconds leeway, Verdict& verdict) {
  const Evidence seen = {{"this_update", format_rfc3339(crl.this_update())}, {"now", format_rfc3339(now)}};
  if (crl.this_update() > now + leeway) verdict.refuse("CRL_NOT_YET_VALID", "the list is of the future", seen);
  if (!crl.next_update()) {
    verdict.refuse("CRL_NEXT_UPDATE_MISSING", "the list does not say when the next one comes", seen);
  } else if (*crl.next_update() + leeway < now) {
    verdict.refuse("CRL_STALE", "a newer list should be there",
                   {{"next_update", format_rfc3339(*crl.next_update())}, {"now", format_rfc3339(now)}});
  }
}

/// Stale or of the future, a revocation in it is one.
bool is_authentic(const Verdict& list) {
  for (const auto* code : {"CRL_ISSUER_MISMATCH", "CRL_ISSUER_MAY_NOT_SIGN", "CRL_SIGNATURE_REFUSED",
                           "CRL_SIGNATURE_INVALID", "CRL_EXTENSION_UNKNOWN"})
    if (list.refused_for(code)) return false;
  return true;
}

bool covers(const CrlScope& scope, const Certificate& certificate) {
  if (scope.only_user_certificates && certificate.is_ca()) return false;
  if (scope.only_ca_certificates && !certificate.is_ca()) return false;
  if (!scope.names_distribution_point) return true;
  // RFC 5280 section 6.3.3 (b)(2)(i).
  const auto wanted = certificate.crl_urls();
  return std::ranges::find_first_of(scope.urls, wanted) != scope.urls.end();
}

}  // namespace

Verdict verify_crl(const Crl& crl, const Certificate& issuer, Timestamp now, std::chrono::seconds leeway) {
  Verdict verdict;
  if (is_issuer(crl, issuer, verdict))
    verdict.absorb(judge_signature(crl.signed_part(), crl.signature_algorithm(), crl.signature(), issuer.public_key(),
                                   "CRL"));
  const auto usage = issuer.key_usage();
  if (!issuer.is_ca() || (usage && (*usage & key_usage::kCrlSign) == 0))
    verdict.refuse("CRL_ISSUER_MAY_NOT_SIGN", "the issuer's certificate does not let it sign lists",
                   {{"issuer", issuer.subject()}});
  judge_times(crl, now, leeway, verdict);
  for (const auto& oid : crl.unknown_critical_extensions())
    verdict.refuse("CRL_EXTENSION_UNKNOWN", "a critical extension is not known", {{"oid", oid}});
  const auto& scope = crl.scope();
  if (scope.indirect || scope.only_some_reasons || scope.only_attribute_certificates)
    verdict.refuse("CRL_SCOPE_REFUSED", "the list does not hold all revocations of the issuer's certificates",
                   {{"scope", scope.indirect            ? "indirect"
                              : scope.only_some_reasons ? "some reasons only"
                                                        : "attribute certificates only"}});
  return verdict;
}

Verdict judge_by_crl(const Certificate& certificate, const Crl& crl, const Certificate& issuer, Timestamp now,
                     std::chrono::seconds leeway) {
  Verdict verdict;
  auto list = verify_crl(crl, issuer, now, leeway);
  const bool is_of_issuer = equal(certificate.issuer_der(), issuer.subject_der());
  const auto revocation = crl.find(certificate.serial_hex());
  if (revocation && is_of_issuer && is_authentic(list))
    verdict.refuse("CERTIFICATE_REVOKED", "the certificate's issuer revoked it",
                   {{"serial", certificate.serial_hex()},
                    {"revoked_at", format_rfc3339(revocation->at)},
                    {"reason", std::string(to_string(revocation->reason))}});
  if (!is_of_issuer || !covers(crl.scope(), certificate))
    verdict.refuse("CRL_CERTIFICATE_NOT_COVERED", "the list does not speak of this certificate",
                   {{"serial", certificate.serial_hex()}, {"certificate_issuer", certificate.issuer()}});
  verdict.absorb(std::move(list));
  return verdict;
}

}  // namespace pratique::crypto
