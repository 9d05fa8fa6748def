#include "services/registrar/app/revocation_issuers.h"

#include <algorithm>

#include "services/registrar/domain/revocation_urls.h"

namespace pratique::registrar {

std::vector<RevocationSigner> RevocationIssuers::all() const {
  std::vector<RevocationSigner> out;
  if (auto present = authority_.revocation_signer()) out.push_back(*std::move(present));
  for (const auto& signer : former_) {
    const auto same = [&](const auto& other) { return issuer_key_id(other.issuer) == issuer_key_id(signer.issuer); };
    if (std::ranges::none_of(out, same)) out.push_back(signer);
  }
  return out;
}

}  // namespace pratique::registrar
