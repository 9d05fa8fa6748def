#include "services/registrar/domain/current_authority.h"

#include <utility>

namespace pratique::registrar {

void CurrentAuthority::replace(std::shared_ptr<Authority> next) {
  const std::lock_guard lock(mutex_);
  current_.swap(next);  // the old one goes, if nobody uses it, when the lock is free again
}

std::shared_ptr<Authority> CurrentAuthority::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

Result<Issued> CurrentAuthority::issue(const CertificateOrder& order) { return current()->issue(order); }
std::vector<crypto::Certificate> CurrentAuthority::chain() const { return current()->chain(); }
std::optional<RevocationSigner> CurrentAuthority::revocation_signer() const { return current()->revocation_signer(); }

}  // namespace pratique::registrar
