#include "tools/device/domain_trust.h"

#include "libs/crypto/x509/chain.h"
#include "libs/crypto/x509/oids.h"

namespace pratique::device {

Verdict judge_domain_server(std::span<const crypto::Certificate> chain, std::span<const crypto::Certificate> anchors,
                            std::string_view host, std::optional<Timestamp> now) {
  auto options = now ? crypto::ChainOptions(*now) : crypto::ChainOptions::ignoring_time();
  options.partial_chain = true;
  const auto& leaf = chain.front();
  const bool registration_authority = leaf.has_eku(crypto::oid::kCmcRa);
  if (!registration_authority) {
    options.purpose = crypto::Purpose::tls_server;
    options.host = host;
  }
  Verdict verdict = crypto::verify_chain(leaf, chain.subspan(1), anchors, options);
  if (!verdict.accepted() && !registration_authority)
    verdict.refuse("DOMAIN_SERVER_NOT_RA", "the server is no registration authority of this domain");
  return verdict;
}

}  // namespace pratique::device
