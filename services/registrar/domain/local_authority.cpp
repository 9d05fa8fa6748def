#include "services/registrar/domain/local_authority.h"

#include <algorithm>

#include "libs/crypto/x509/chain.h"
#include "libs/crypto/x509/issue.h"
#include "libs/crypto/x509/oids.h"

namespace pratique::registrar {

Result<std::unique_ptr<LocalAuthority>> LocalAuthority::make(std::vector<crypto::Certificate> chain,
                                                             std::shared_ptr<const crypto::Signer> signer,
                                                             const Clock& clock, Random& random,
                                                             std::string_view public_url) {
  const auto bad = [](std::string_view what) { return invalid("AUTHORITY_INVALID", what); };
  if (chain.empty()) return bad("the CA has no certificate");
  if (!(chain.front().public_key() == signer->public_key()))
    return bad("the CA's key is not that of the first certificate of its chain");
  for (const auto& certificate : chain)
    if (!certificate.is_ca()) return bad("the chain holds a certificate that is not a CA's: " + certificate.subject());
  const std::span<const crypto::Certificate> all(chain);
  const auto verdict =
      crypto::verify_chain(all.front(), all.subspan(1), all.last(1), crypto::ChainOptions(clock.now()));
  if (!verdict.accepted()) return bad("the CA's chain does not verify: " + verdict.first().message);
  auto urls = revocation_urls(public_url, chain.front());
  return std::unique_ptr<LocalAuthority>(
      new LocalAuthority(std::move(chain), std::move(signer), clock, random, std::move(urls)));
}

Result<Issued> LocalAuthority::issue(const CertificateOrder& order) {
  const crypto::Certificate& issuer = chain_.front();
  if (issuer.not_after() <= clock_.now())
    return failed_precondition("AUTHORITY_EXPIRED", "the CA's own certificate has expired");
  crypto::CertificateProfile profile;
  profile.subject = order.names.subject;
  profile.alt_names = order.names.alt_names;
  profile.not_before = std::max(order.not_before, issuer.not_before());
  profile.not_after = std::min(order.not_after, issuer.not_after());
  profile.serial = order.serial;
  profile.key_usage = crypto::key_usage::kDigitalSignature;
  profile.ekus = {std::string(crypto::oid::kClientAuth)};
  profile.crl_url = urls_.crl;
  profile.ocsp_url = urls_.ocsp;
  TRY(auto certificate, crypto::issue_certificate(profile, order.key, issuer, *signer_, random_));
  return Issued(std::move(certificate));
}

}  // namespace pratique::registrar
